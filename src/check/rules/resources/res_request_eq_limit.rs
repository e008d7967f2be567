//! `res-request-eq-limit`: a container gets exactly what it asks for.

use super::amounts;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;

code! {
    "res-request-eq-limit", Warning,
    means: "The request and the limit of CPU or memory of a container differ.",
    matters: "Only pods whose requests are their limits are killed last. This rule is off by default: it costs what is reserved and not used.",
    example: "resources: { requests: { memory: 128Mi }, limits: { memory: 256Mi } }",
    instead: "resources: { requests: { memory: 256Mi }, limits: { memory: 256Mi } }",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        for name in ["cpu", "memory"] {
            if amounts::written(container, "requests", name) != amounts::written(container, "limits", name) {
                found.add(
                    &CODE,
                    (container, "resources"),
                    format!("the request and the limit of {name} differ"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn requests_are_limits() {
        let at = "spec.template.spec.containers[0].resources";
        advises(&CODE, "DaemonSet", &format!("{at}: {{ requests: {{ cpu: 1 }} }}"), at);
        passes(&CODE, "DaemonSet", &format!("{at}: {{ limits: {{ cpu: 1 }} }}"));
    }
}
