//! `rel-hpa-min`: an autoscaler has room, and keeps two pods.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-hpa-min", Warning,
    means: "A HorizontalPodAutoscaler goes down to one pod, or its two bounds are the same.",
    matters: "With one pod every restart is an outage; with equal bounds nothing is scaled.",
    example: "minReplicas: 1\nmaxReplicas: 5",
    instead: "minReplicas: 2\nmaxReplicas: 5",
    source: "kube-score horizontalpodautoscaler-replicas; Polaris hpaMinAvailability"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("HorizontalPodAutoscaler") else { return };
    let least = spec.integer("minReplicas").unwrap_or(1);
    if least < 2 {
        found.add(&CODE, (spec, "minReplicas"), "the autoscaler goes down to one pod");
    }
    if spec.integer("maxReplicas") == Some(least) {
        found.add(&CODE, (spec, "maxReplicas"), "the two bounds are the same, so nothing is scaled");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn there_is_room() {
        advises(&CODE, "HorizontalPodAutoscaler", "spec.minReplicas: 1", "spec.minReplicas");
        advises(&CODE, "HorizontalPodAutoscaler", "spec.maxReplicas: 2", "spec.maxReplicas");
        passes(&CODE, "HorizontalPodAutoscaler", "");
    }
}
