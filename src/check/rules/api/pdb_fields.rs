//! `pdb-fields`: a disruption budget says one of two numbers.

use super::workload_strategy::{is_above_all, value_of};
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "pdb-fields", Error,
    means: "A PodDisruptionBudget has both `minAvailable` and `maxUnavailable`, a number that is negative or above 100 %, or an unknown eviction policy.",
    matters: "The API server refuses the object.",
    example: "minAvailable: 1\nmaxUnavailable: 1",
    instead: "maxUnavailable: 1",
    source: "ValidatePodDisruptionBudgetSpec in pkg/apis/policy/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("PodDisruptionBudget") else { return };
    let keys = ["minAvailable", "maxUnavailable"];
    if keys.iter().all(|key| spec.child(key).is_some()) {
        found.add(&CODE, spec, "the budget has both `minAvailable` and `maxUnavailable`");
    }
    for key in keys {
        let Some(value) = spec.child(key) else { continue };
        if let Err(problem) = value_of(value) {
            found.add(&CODE, value, format!("`{key}` {problem}"));
        } else if is_above_all(spec, key) {
            found.add(&CODE, value, format!("`{key}` is more than 100%"));
        }
    }
    let policy = spec.text("unhealthyPodEvictionPolicy");
    if let Some(policy) = policy.filter(|policy| !matches!(*policy, "IfHealthyBudget" | "AlwaysAllow")) {
        let message = format!("`{policy}` is neither IfHealthyBudget nor AlwaysAllow");
        found.add(&CODE, (spec, "unhealthyPodEvictionPolicy"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn budgets_say_one_number() {
        refuses(&CODE, "PodDisruptionBudget", "spec.minAvailable: 1", "spec");
        refuses(&CODE, "PodDisruptionBudget", "spec.maxUnavailable: -1", "spec.maxUnavailable");
        refuses(&CODE, "PodDisruptionBudget", "spec.maxUnavailable: '1'", "spec.maxUnavailable");
        refuses(&CODE, "PodDisruptionBudget", "spec.maxUnavailable: 101%", "spec.maxUnavailable");
        refuses(
            &CODE,
            "PodDisruptionBudget",
            "spec.unhealthyPodEvictionPolicy: Never",
            "spec.unhealthyPodEvictionPolicy",
        );
        accepts("PodDisruptionBudget", "spec.maxUnavailable: 100%");
    }
}
