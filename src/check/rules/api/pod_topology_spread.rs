//! `pod-topology-spread`: the constraints that spread pods over a topology.

use std::collections::BTreeSet;

use super::pod_affinity::label_keys;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "pod-topology-spread", Error,
    means: "A constraint has a skew below 1, no topology key, an unknown word, `minDomains` without `DoNotSchedule`, or stands twice.",
    matters: "The API server refuses the object.",
    example: "topologySpreadConstraints:\n  - { maxSkew: 0, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule }",
    instead: "topologySpreadConstraints:\n  - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule }",
    source: "validateTopologySpreadConstraints in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let mut seen = BTreeSet::new();
    for constraint in pod.spec.items("topologySpreadConstraints") {
        let (key, action) =
            (constraint.text_or_empty("topologyKey"), constraint.text_or_empty("whenUnsatisfiable"));
        if constraint.text("topologyKey") == Some("") {
            found.add(&CODE, (constraint, "topologyKey"), "the topology key is empty");
        }
        if constraint.get("whenUnsatisfiable").is_some()
            && !matches!(action, "DoNotSchedule" | "ScheduleAnyway")
        {
            let message = format!("`{action}` is neither DoNotSchedule nor ScheduleAnyway");
            found.add(&CODE, (constraint, "whenUnsatisfiable"), message);
        }
        if !seen.insert((key, action)) {
            found.add(&CODE, constraint, format!("there are two constraints for `{key}` and {action}"));
        }
        numbers(constraint, action, found);
        inclusion(constraint, found);
        label_keys(constraint, "matchLabelKeys", &CODE, found);
    }
}

fn numbers<'a>(constraint: &'a Value, action: &str, found: &mut Findings<'a>) {
    for key in ["maxSkew", "minDomains"] {
        if let Some(number) = constraint.integer(key).filter(|number| *number < 1) {
            found.add(&CODE, (constraint, key), format!("`{key}` must be at least 1, and is {number}"));
        }
    }
    if constraint.child("minDomains").is_some() && action != "DoNotSchedule" {
        found.add(&CODE, (constraint, "minDomains"), "`minDomains` only works with DoNotSchedule");
    }
}

fn inclusion<'a>(constraint: &'a Value, found: &mut Findings<'a>) {
    for key in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
        if let Some(word) = constraint.text(key).filter(|word| !matches!(*word, "Honor" | "Ignore")) {
            found.add(&CODE, (constraint, key), format!("`{word}` is neither Honor nor Ignore"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn constraints_are_well_formed() {
        let constraints = "spec.template.spec.topologySpreadConstraints";
        let refused = |field: &str, value: &str| {
            let at = format!("{constraints}[0].{field}");
            refuses(&CODE, "Deployment", &format!("{at}: {value}"), &at);
        };
        refused("maxSkew", "0");
        refused("minDomains", "0");
        refused("topologyKey", "''");
        refused("whenUnsatisfiable", "Never");
        refused("nodeTaintsPolicy", "honor");
        let again =
            "{ maxSkew: 2, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule }";
        refuses(&CODE, "Deployment", &format!("{constraints}[1]: {again}"), &format!("{constraints}[1]"));
        accepts(
            "Deployment",
            &format!("{constraints}[1]: {}", again.replace("DoNotSchedule", "ScheduleAnyway")),
        );
    }
}
