//! `ref-network-policy-peer`: the peers that a network policy allows by label within its namespace are there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::selector;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-network-policy-peer", Warning,
    means: "A peer of a NetworkPolicy selects pods of its own namespace, and the pods of no workload there match.",
    passes: "- Pods that well-known operators make of a custom resource of the namespace: of a Prometheus, a Kafka, a CephCluster, a Cluster of CloudNativePG and others.\n- A namespace where a program of the tree may make pods, or what makes pods: nobody knows their labels. A selector that would select pods of the tree were it not for one letter is a slip all the same.",
    matters: "Whoever was meant to be let in or out is not.",
    example: "from: [{ podSelector: { matchLabels: { app: wbe } } }]",
    instead: "from: [{ podSelector: { matchLabels: { app: web } } }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.of_kind("NetworkPolicy") {
        for selector in subject.spec().into_iter().flat_map(own_peers) {
            if !scene.selects(subject.namespace(), selector) && !selector::is_empty(selector) {
                let message = format!("the peer is no pod in namespace {}", subject.namespace());
                let hint = scene.hint_at_labels(subject.namespace(), selector.child("matchLabels"));
                found.of(subject.index).add_with_hint(&CODE, selector, message, hint);
            }
        }
    }
}

/// The pod selectors of peers that name no other namespace.
fn own_peers(spec: &Value) -> impl Iterator<Item = &Value> {
    let ingress = spec.items("ingress").iter().flat_map(|rule| rule.items("from"));
    let egress = spec.items("egress").iter().flat_map(|rule| rule.items("to"));
    ingress
        .chain(egress)
        .filter(|peer| peer.child("namespaceSelector").is_none())
        .filter_map(|peer| peer.child("podSelector"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_peer_is_there() {
        let policy = |peer: &str| {
            format!(
                "{{fixture: NetworkPolicy, edits: \"spec.podSelector: {{}}\\nspec.ingress[0].from: [{{ podSelector: {peer} }}]\"}}"
            )
        };
        finds(
            &CODE,
            &policy("{ matchLabels: { app: web } }"),
            &[("NetworkPolicy core/api", "spec.ingress[0].from[0].podSelector")],
        );
        finds(&CODE, &policy("{}"), &[]);
        finds(&CODE, &policy("{ matchLabels: { app: web } }, namespaceSelector: {}"), &[]);
    }
}
