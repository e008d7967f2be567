//! `rel-anti-affinity`: the pods of a workload are on several nodes.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::check::workloads;

code! {
    "rel-anti-affinity", Warning,
    means: "A Deployment or StatefulSet with two or more replicas has neither pod anti-affinity nor a constraint on its spread.",
    matters: "All its pods may be on one node, and go with it.",
    example: "spec: { replicas: 3 }",
    instead: "topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: api } } }]",
    source: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/; kube-linter no-anti-affinity"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let replicated = scene.pods().iter().filter(|it| matches!(it.subject.kind, "Deployment" | "StatefulSet"));
    for pods in replicated {
        let spec = pods.template.spec;
        let spread = !spec.items("topologySpreadConstraints").is_empty()
            || spec.below(&["affinity", "podAntiAffinity"]).is_some();
        let several = workloads::bounds(scene, pods.subject).is_some_and(|(least, _)| least > 1);
        if several && !spread {
            let message = "nothing keeps its pods off one and the same node";
            found.of(pods.subject.index).add(&CODE, (spec, "topologySpreadConstraints"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn pods_are_apart() {
        let at = "spec.template.spec.topologySpreadConstraints";
        let bare = "{fixture: Deployment, edits: \"spec.template.spec.topologySpreadConstraints: ~absent\\nspec.template.spec.affinity: ~absent\"}";
        finds(&CODE, bare, &[("Deployment core/api", at)]);
        finds(&CODE, "{fixture: Deployment}", &[]);
        finds(&CODE, "{fixture: StatefulSet}", &[]);
    }
}
