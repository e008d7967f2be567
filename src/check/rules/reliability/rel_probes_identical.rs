//! `rel-probes-identical`: readiness and liveness are two questions.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-probes-identical", Warning,
    means: "The readiness and the liveness probe of a container are the same to the last number.",
    matters: "A pod that is only overloaded is restarted in the moment in which it should be left alone.",
    example: "livenessProbe: { httpGet: { path: /, port: http } }\nreadinessProbe: { httpGet: { path: /, port: http } }",
    instead: "livenessProbe: { httpGet: { path: /live, port: http }, failureThreshold: 6 }\nreadinessProbe: { httpGet: { path: /ready, port: http } }",
    source: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/; kube-score pod-probes-identical"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let probe = container.child("livenessProbe");
        if probe.is_some() && probe == container.child("readinessProbe") {
            let message =
                format!("`{}` is restarted as soon as it is not ready", container.text_or_empty("name"));
            found.add(&CODE, (container, "livenessProbe"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn questions_differ() {
        let at = "spec.template.spec.containers[0]";
        let same = format!("{at}.readinessProbe: {{ httpGet: {{ path: /health, port: http }} }}");
        advises(&CODE, "Deployment", &same, &format!("{at}.livenessProbe"));
        passes(&CODE, "Deployment", &format!("{same}\n{at}.livenessProbe.failureThreshold: 6"));
    }
}
