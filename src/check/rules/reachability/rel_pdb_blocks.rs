//! `rel-pdb-blocks`: a disruption budget lets at least one pod go.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::check::workloads;
use crate::value::Value;

code! {
    "rel-pdb-blocks", Error,
    means: "A PodDisruptionBudget allows no disruption at all: `maxUnavailable` is 0, or `minAvailable` is all pods that there are at least.",
    matters: "No node with such a pod can be drained: upgrades of the cluster stop there.",
    example: "minAvailable: 2   # of two replicas",
    instead: "maxUnavailable: 1",
    source: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/; kube-linter pdb-min-available"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for budget in scene.of_kind("PodDisruptionBudget") {
        let Some(spec) = budget.spec() else { continue };
        if let Some(most) = spec.child("maxUnavailable").filter(|most| is_none(most)) {
            found.of(budget.index).add(&CODE, most, "no pod may ever go");
        }
        let (Some(least), Some(selector)) = (spec.child("minAvailable"), spec.child("selector")) else {
            continue;
        };
        let chosen = scene.selected(budget.namespace(), selector);
        let counts: Option<Vec<i64>> =
            chosen.map(|it| workloads::bounds(scene, it.subject).map(|(least, _)| least)).collect();
        let count: i64 = counts.unwrap_or_default().iter().sum();
        if count > 0 && keeps_all(least, count) {
            let message = match count {
                1 => "the only pod must stay".to_owned(),
                _ => format!("all of the {count} pods must stay"),
            };
            found.of(budget.index).add(&CODE, least, message);
        }
    }
}

fn is_none(most: &Value) -> bool {
    most.as_i64() == Some(0) || most.as_str().and_then(format::percent) == Some(0)
}

/// A share is rounded up to whole pods.
fn keeps_all(least: &Value, count: i64) -> bool {
    let share = least.as_str().and_then(format::percent).map(|share| (i64::from(share) * count + 99) / 100);
    share.or(least.as_i64()).is_some_and(|least| least >= count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn one_pod_may_go() {
        let tree = |budget: &str| {
            format!(
                "{{fixture: PodDisruptionBudget, edits: \"spec.maxUnavailable: ~absent\\n{budget}\"}}\n---\n{{fixture: Deployment}}"
            )
        };
        finds(&CODE, &tree("spec.minAvailable: 2"), &[("PodDisruptionBudget core/api", "spec.minAvailable")]);
        finds(
            &CODE,
            &tree("spec.minAvailable: 51%"),
            &[("PodDisruptionBudget core/api", "spec.minAvailable")],
        );
        finds(&CODE, &tree("spec.minAvailable: 50%"), &[]);
        finds(
            &CODE,
            &tree("spec.maxUnavailable: 0"),
            &[("PodDisruptionBudget core/api", "spec.maxUnavailable")],
        );
    }
}
