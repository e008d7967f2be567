//! `rel-replicas-min`: a Deployment survives the loss of one pod.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::check::workloads;

code! {
    "rel-replicas-min", Note,
    means: "A Deployment has fewer than two replicas, no autoscaler keeps more, and nothing (a volume for one node, the strategy Recreate) says that it must be alone.",
    matters: "Every restart, update and drained node is an outage.",
    example: "spec: { replicas: 1 }",
    instead: "spec: { replicas: 2 }",
    source: "kube-score deployment-replicas; datree 16"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods().iter().filter(|pods| pods.subject.kind == "Deployment") {
        let Some(spec) = pods.subject.spec() else { continue };
        let alone = spec.below(&["strategy", "type"]).and_then(|it| it.as_str()) == Some("Recreate")
            || !workloads::lone_claims(scene, pods).is_empty();
        let count = workloads::replicas(pods.subject).unwrap_or(2);
        // None at all is a Deployment that was switched off.
        if !alone && count == 1 && workloads::autoscaler(scene, pods.subject).is_none() {
            found.of(pods.subject.index).add(
                &CODE,
                (spec, "replicas"),
                "there is one pod, and nothing while it restarts",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn one_pod_may_go() {
        finds(
            &CODE,
            "{fixture: Deployment, edits: 'spec.replicas: 1'}",
            &[("Deployment core/api", "spec.replicas")],
        );
        finds(&CODE, "{fixture: Deployment}", &[]);
        finds(
            &CODE,
            "{fixture: Deployment, edits: 'spec.replicas: 1'}\n---\n{fixture: HorizontalPodAutoscaler}",
            &[],
        );
        finds(
            &CODE,
            "{fixture: Deployment, edits: \"spec.replicas: 1\\nspec.strategy: { type: Recreate }\"}",
            &[],
        );
    }
}
