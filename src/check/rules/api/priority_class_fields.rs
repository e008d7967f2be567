//! `priority-class-fields`: the value and name of a `PriorityClass`.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "priority-class-fields", Error,
    means: "The value of a PriorityClass is above 1000000000, its name starts with `system-`, or its preemption policy is unknown.",
    matters: "The API server refuses the object: the rest is the cluster's own.",
    example: "metadata: { name: system-important }\nvalue: 2000000000",
    instead: "metadata: { name: important }\nvalue: 1000000",
    source: "ValidatePriorityClass in pkg/apis/scheduling/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.kind != "PriorityClass" {
        return;
    }
    let known = matches!(subject.name(), "system-node-critical" | "system-cluster-critical");
    if subject.name().starts_with("system-")
        && !known
        && let Some(metadata) = subject.metadata()
    {
        found.add(&CODE, (metadata, "name"), "names that start with `system-` are the cluster's own");
    } else if subject.value.integer("value").is_some_and(|value| value > 1_000_000_000) && !known {
        found.add(
            &CODE,
            (subject.value, "value"),
            "the value is above 1000000000, where the cluster's own begin",
        );
    }
    let policy = subject.value.text("preemptionPolicy").unwrap_or("Never");
    if !matches!(policy, "PreemptLowerPriority" | "Never") {
        let message = format!("`{policy}` is neither PreemptLowerPriority nor Never");
        found.add(&CODE, (subject.value, "preemptionPolicy"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn classes_keep_below_the_clusters_own() {
        refuses(&CODE, "PriorityClass", "value: 1000000001", "value");
        refuses(&CODE, "PriorityClass", "metadata.name: system-mine", "metadata.name");
        refuses(&CODE, "PriorityClass", "preemptionPolicy: Always", "preemptionPolicy");
        accepts("PriorityClass", "value: -1000000000");
    }
}
