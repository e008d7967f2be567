//! `rel-pdb-eviction-policy`: a broken pod does not keep a node from being drained.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-pdb-eviction-policy", Note,
    means: "A PodDisruptionBudget does not set `unhealthyPodEvictionPolicy: AlwaysAllow`.",
    matters: "By default pods that run and are not ready count as well: a workload that is broken already holds every node that it is on.",
    example: "spec: { maxUnavailable: 1 }",
    instead: "spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow }",
    source: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy; kube-linter pdb-unhealthy-pod-eviction-policy"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("PodDisruptionBudget") else { return };
    if spec.text("unhealthyPodEvictionPolicy") != Some("AlwaysAllow") {
        found.add(
            &CODE,
            (spec, "unhealthyPodEvictionPolicy"),
            "pods that are broken already keep their node",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn broken_pods_may_go() {
        let at = "spec.unhealthyPodEvictionPolicy";
        advises(&CODE, "PodDisruptionBudget", "", at);
        passes(&CODE, "PodDisruptionBudget", &format!("{at}: AlwaysAllow"));
    }
}
