//! `ref-pdb-target`: each disruption budget protects pods.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-pdb-target", Warning,
    means: "The selector of a PodDisruptionBudget matches the pods of no workload in its namespace.",
    passes: "- Pods that well-known operators make of a custom resource of the namespace: of a Prometheus, a Kafka, a CephCluster, a Cluster of CloudNativePG and others.\n- A namespace where a program of the tree may make pods, or what makes pods: nobody knows their labels. A selector that would select pods of the tree were it not for one letter is a slip all the same.",
    matters: "It protects nothing, and a drain takes all replicas at once.",
    example: "selector: { matchLabels: { app: apy } }",
    instead: "selector: { matchLabels: { app: api } }",
    source: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.of_kind("PodDisruptionBudget") {
        let Some(spec) = subject.spec() else { continue };
        // A budget without a selector selects nothing.
        let selector = spec.child("selector");
        let selects = |it| scene.selects(subject.namespace(), it);
        if !selector.is_some_and(selects) {
            let message = format!("the budget selects no pod in namespace {}", subject.namespace());
            let labels = selector.and_then(|it| it.child("matchLabels"));
            let hint = scene.hint_at_labels(subject.namespace(), labels);
            found.of(subject.index).add_with_hint(&CODE, (spec, "selector"), message, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_budget_protects_pods() {
        let budget = "{fixture: PodDisruptionBudget}";
        finds(&CODE, budget, &[("PodDisruptionBudget core/api", "spec.selector")]);
        finds(
            &CODE,
            &format!("{budget}\n---\n{{fixture: Pod, edits: 'metadata.labels: {{ app: api }}'}}"),
            &[],
        );
    }
}
