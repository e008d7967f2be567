//! `rel-priority-class`: pods say how much they matter.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-priority-class", Warning,
    means: "A pod has no `priorityClassName`.",
    matters: "When a node is full, it goes in no order. This rule is an opinion, and off by default.",
    example: "spec: {}",
    instead: "spec: { priorityClassName: important }",
    source: "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    if pod.spec.text_or_empty("priorityClassName").is_empty() {
        found.add(&CODE, (pod.spec, "priorityClassName"), "the pod has no priority");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn pods_have_a_priority() {
        let at = "spec.template.spec.priorityClassName";
        advises(&CODE, "DaemonSet", "", at);
        passes(&CODE, "DaemonSet", &format!("{at}: important"));
    }
}
