//! `rel-probe-timing`: probes say how often, how long and how many.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-probe-timing", Warning,
    means: "A probe leaves out `periodSeconds`, `timeoutSeconds` or `failureThreshold`.",
    matters: "The defaults (10 s, 1 s, 3) were chosen for nothing in particular. This rule is an opinion, and off by default.",
    example: "livenessProbe: { httpGet: { path: /, port: http } }",
    instead: "livenessProbe: { httpGet: { path: /, port: http }, periodSeconds: 10, timeoutSeconds: 2, failureThreshold: 6 }",
    source: "datree 55 to 59"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    for probe in pod.containers().flat_map(|it| probes.into_iter().filter_map(|key| it.child(key))) {
        for key in ["periodSeconds", "timeoutSeconds", "failureThreshold"] {
            if probe.child(key).is_none() {
                found.add(&CODE, (probe, key), format!("the probe leaves `{key}` to its default"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn numbers_are_chosen() {
        let at = "spec.template.spec.containers[0]";
        let only = |probe: &str| {
            format!(
                "{at}.livenessProbe: ~absent\n{at}.startupProbe: ~absent\n{at}.readinessProbe: {{ tcpSocket: {{ port: 3000 }}, timeoutSeconds: 2, failureThreshold: 3{probe} }}"
            )
        };
        advises(&CODE, "Deployment", &only(""), &format!("{at}.readinessProbe.periodSeconds"));
        passes(&CODE, "Deployment", &only(", periodSeconds: 5"));
    }
}
