//! `rel-pdb-exists`: what has several pods says how many must stay.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::workloads;

code! {
    "rel-pdb-exists", Warning,
    means: "A Deployment or StatefulSet with two or more replicas has no PodDisruptionBudget.",
    matters: "Draining the nodes may take all of its pods at once.",
    example: "kind: Deployment\nspec: { replicas: 3 }",
    instead: "kind: PodDisruptionBudget\nspec: { maxUnavailable: 1, selector: { matchLabels: { app: api } } }",
    source: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/; kube-score deployment-has-poddisruptionbudget"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let replicated = scene.pods().iter().filter(|it| matches!(it.subject.kind, "Deployment" | "StatefulSet"));
    for pods in replicated {
        let several = workloads::bounds(scene, pods.subject).is_some_and(|(least, _)| least > 1);
        if several && workloads::budgets(scene, pods).next().is_none() {
            let message = "no disruption budget keeps some of its pods while nodes are drained";
            found.of(pods.subject.index).add(&CODE, (pods.subject.value, "spec"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn some_pods_stay() {
        finds(&CODE, "{fixture: Deployment}", &[("Deployment core/api", "spec")]);
        finds(&CODE, "{fixture: Deployment}\n---\n{fixture: PodDisruptionBudget}", &[]);
        finds(&CODE, "{fixture: StatefulSet}", &[]);
    }
}
