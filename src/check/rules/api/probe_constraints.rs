//! `probe-constraints`: the numbers of probes.

use super::probe_handler::PROBES;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Role, Subject};
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "probe-constraints", Error,
    means: "A number of a probe is negative, the `successThreshold` of a liveness or startup probe is not 1, or a readiness probe has a grace period.",
    matters: "The API server refuses the object.",
    example: "livenessProbe: { httpGet: { port: 80 }, successThreshold: 2 }",
    instead: "livenessProbe: { httpGet: { port: 80 }, failureThreshold: 2 }",
    source: "validateProbe, validateLivenessProbe, validateReadinessProbe and validateStartupProbe in pkg/apis/core/validation"
}

const NUMBERS: [&str; 5] =
    ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for (role, container) in pod.all_containers() {
        if role == Role::Init && !PodTemplate::is_sidecar(role, container) {
            continue;
        }
        for kind in PROBES {
            if let Some(probe) = container.child(kind) {
                check_probe(kind, probe, found);
            }
        }
    }
}

fn check_probe<'a>(kind: &str, probe: &'a Value, found: &mut Findings<'a>) {
    for key in NUMBERS {
        if let Some(number) = probe.integer(key).filter(|number| *number < 0) {
            found.add(&CODE, (probe, key), format!("`{key}` is negative: {number}"));
        }
    }
    // A zero is defaulted to 1.
    let successes = probe.integer("successThreshold").unwrap_or(1);
    if kind != "readinessProbe" && successes > 1 {
        let message = format!("the `successThreshold` of a {kind} must be 1, and is {successes}");
        found.add(&CODE, (probe, "successThreshold"), message);
    }
    let Some(grace) = probe.integer("terminationGracePeriodSeconds") else { return };
    if kind == "readinessProbe" {
        found.add(&CODE, (probe, "terminationGracePeriodSeconds"), "a readiness probe terminates nothing");
    } else if grace <= 0 {
        found.add(&CODE, (probe, "terminationGracePeriodSeconds"), "the grace period must be at least 1 s");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn numbers_of_probes() {
        let container = "spec.template.spec.containers[0]";
        let refused = |field: &str, value: &str| {
            refuses(
                &CODE,
                "Deployment",
                &format!("{container}.{field}: {value}"),
                &format!("{container}.{field}"),
            );
        };
        refused("livenessProbe.periodSeconds", "-1");
        refused("livenessProbe.successThreshold", "2");
        refused("startupProbe.successThreshold", "2");
        refused("readinessProbe.terminationGracePeriodSeconds", "5");
        refused("livenessProbe.terminationGracePeriodSeconds", "0");
        accepts("Deployment", &format!("{container}.readinessProbe.successThreshold: 2"));
        accepts("Deployment", &format!("{container}.livenessProbe.successThreshold: 0"));
    }
}
