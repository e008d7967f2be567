//! `ref-pdb-target`: each disruption budget protects pods.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-pdb-target", Warning,
    means: "The selector of a PodDisruptionBudget matches the pods of no workload in its namespace.",
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
            found.of(subject.index).add(&CODE, (spec, "selector"), message);
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
