//! `rel-hpa-replicas-conflict`: one hand sets the replicas.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::check::workloads;

code! {
    "rel-hpa-replicas-conflict", Warning,
    means: "A workload that an autoscaler scales sets `replicas`.",
    matters: "Each apply throws the workload back to that number, whatever the load is.",
    example: "kind: Deployment\nspec: { replicas: 3 }   # and a HorizontalPodAutoscaler for it",
    instead: "kind: Deployment\nspec: {}",
    source: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.subjects.iter().filter(|it| workloads::replicas(it).is_some()) {
        let Some(spec) = subject.spec().filter(|spec| spec.child("replicas").is_some()) else { continue };
        if let Some(autoscaler) = workloads::autoscaler(scene, subject) {
            let message = format!("the autoscaler `{}` sets the replicas", autoscaler.name());
            found.of(subject.index).add(&CODE, (spec, "replicas"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn one_hand_scales() {
        let tree = |edits: &str| {
            format!("{{fixture: HorizontalPodAutoscaler}}\n---\n{{fixture: Deployment, edits: '{edits}'}}")
        };
        finds(&CODE, &tree(""), &[("Deployment core/api", "spec.replicas")]);
    }

    #[test]
    fn without_replicas_there_is_one_hand() {
        finds(
            &CODE,
            "{fixture: HorizontalPodAutoscaler}\n---\n{fixture: Deployment, edits: 'spec.replicas: ~absent'}",
            &[],
        );
    }
}
