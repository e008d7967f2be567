//! `net-pod-isolated`: each pod is under a network policy, both ways.

use super::policies::{self, Way};
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "net-pod-isolated", Warning,
    means: "No NetworkPolicy selects the pods of a workload for what enters, or for what leaves.",
    matters: "Everything in the cluster reaches them, or they reach everything: whoever gets into one pod is next to all others.",
    example: "kind: Deployment",
    instead: "kind: NetworkPolicy\nspec: { podSelector: {}, policyTypes: [Ingress, Egress] }",
    source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/; kube-linter non-isolated-pod"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    if policies::are_of_others(scene) {
        return;
    }
    for pods in scene.pods().iter().filter(|pods| !pods.template.is_on_host_network()) {
        let open: Vec<&str> = [(Way::Ingress, "enters"), (Way::Egress, "leaves")]
            .into_iter()
            .filter(|(way, _)| policies::selecting(scene, pods, *way).next().is_none())
            .map(|(_, word)| word)
            .collect();
        if !open.is_empty() {
            let message = format!("no network policy is about what {} the pods", open.join(" or "));
            let metadata = pods.template.template.child("metadata").unwrap_or(pods.template.template);
            found.of(pods.subject.index).add(&CODE, (metadata, "labels"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn pods_are_isolated() {
        finds(&CODE, "{fixture: DaemonSet}", &[("DaemonSet core/agent", "spec.template.metadata.labels")]);
        let policy =
            "{fixture: NetworkPolicy, edits: 'spec: { podSelector: {}, policyTypes: [Ingress, Egress] }'}";
        finds(&CODE, &format!("{policy}\n---\n{{fixture: DaemonSet}}"), &[]);
    }
}
