//! `net-dns-egress`: pods that may not leave may still ask for names.

use super::policies::{self, Way};
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "net-dns-egress", Warning,
    means: "Network policies hold what leaves a pod, and none of them allows port 53.",
    matters: "Nothing of the pod finds anything by its name: it fails at its first connection, whatever else is allowed.",
    example: "egress: [{ to: [{ podSelector: { matchLabels: { app: db } } }] }]",
    instead: "egress: [{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } } }], ports: [{ port: 53, protocol: UDP }] }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods().iter().filter(|pods| !pods.template.is_on_host_network()) {
        let rules: Vec<&Value> =
            policies::selecting(scene, pods, Way::Egress).flat_map(|spec| spec.items("egress")).collect();
        // A pod that may connect to nothing needs no names.
        if !rules.is_empty() && !rules.iter().any(|rule| allows_names(rule)) {
            let message =
                "what leaves the pods is held, and no policy lets their questions for names through";
            found.of(pods.subject.index).add(&CODE, pods.template.template, message);
        }
    }
}

fn allows_names(rule: &Value) -> bool {
    let ports = rule.items("ports");
    ports.is_empty()
        || ports.iter().any(|port| {
            let first = port.integer("port");
            let last = port.integer("endPort").or(first);
            let named = port.text("port").is_some_and(|name| name.contains("dns"));
            port.child("port").is_none()
                || named
                || first.zip(last).is_some_and(|(a, b)| (a..=b).contains(&53))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn names_are_asked_for() {
        let tree = |ports: &str| {
            format!(
                "{{fixture: NetworkPolicy, edits: 'spec: {{ podSelector: {{}}, policyTypes: [Egress], egress: [{{ ports: [{ports}] }}] }}'}}\n---\n{{fixture: DaemonSet}}"
            )
        };
        finds(&CODE, &tree("{ port: 5432 }"), &[("DaemonSet core/agent", "spec.template")]);
        finds(&CODE, &tree("{ port: 5432 }, { port: 53, protocol: UDP }"), &[]);
    }
}
