//! `ref-network-policy-target`: each network policy concerns pods.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::selector;
use crate::check::values::Fields;

code! {
    "ref-network-policy-target", Warning,
    means: "`podSelector` of a NetworkPolicy is not empty and matches the pods of no workload in its namespace.",
    passes: "- Pods that well-known operators make of a custom resource of the namespace: of a Prometheus, a Kafka, a CephCluster, a Cluster of CloudNativePG and others.\n- A namespace where a program of the tree may make pods, or what makes pods: nobody knows their labels. A selector that would select pods of the tree were it not for one letter is a slip all the same.",
    matters: "It restricts nothing, and who wrote it believes otherwise.",
    example: "podSelector: { matchLabels: { app: apy } }",
    instead: "podSelector: { matchLabels: { app: api } }",
    source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.of_kind("NetworkPolicy") {
        let Some(selector) = subject.spec().and_then(|spec| spec.child("podSelector")) else { continue };
        if !scene.selects(subject.namespace(), selector) && !selector::is_empty(selector) {
            let message = format!("the policy selects no pod in namespace {}", subject.namespace());
            let hint = scene.hint_at_labels(subject.namespace(), selector.child("matchLabels"));
            found.of(subject.index).add_with_hint(&CODE, selector, message, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_policy_concerns_pods() {
        finds(&CODE, "{fixture: NetworkPolicy}", &[("NetworkPolicy core/api", "spec.podSelector")]);
        finds(&CODE, "{fixture: NetworkPolicy, edits: 'spec.podSelector: {}'}", &[]);
    }
}
