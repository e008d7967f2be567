//! `rel-liveness-probe`: a process that hangs is started again.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Role, Subject};
use crate::check::values::Fields;

code! {
    "rel-liveness-probe", Note,
    means: "A container that runs on has no liveness probe.",
    matters: "A process that hangs and does not end stays as it is until somebody looks.",
    example: "containers: [{ name: api, image: api:1 }]",
    instead: "containers: [{ name: api, image: api:1, livenessProbe: { httpGet: { path: /live, port: http } } }]",
    source: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod.filter(PodTemplate::is_long_running) else { return };
    for (_, container) in pod.all_containers().filter(|(role, _)| *role == Role::Container) {
        if container.child("livenessProbe").is_none() {
            let message = format!("nothing notices when `{}` hangs", container.text_or_empty("name"));
            found.add(&CODE, (container, "livenessProbe"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn hanging_is_noticed() {
        let at = "spec.template.spec.containers[0].livenessProbe";
        advises(&CODE, "Deployment", &format!("{at}: ~absent"), at);
        passes(&CODE, "Deployment", "");
        passes(&CODE, "Job", "");
    }
}
