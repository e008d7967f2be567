//! `rel-readiness-probe`: pods behind a Service say when they are ready.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Role;
use crate::check::values::Fields;
use crate::check::workloads;

code! {
    "rel-readiness-probe", Warning,
    means: "A container of a pod that a Service leads to has no readiness probe.",
    matters: "The Service sends requests from the moment that the process exists, and goes on while it is overloaded or shutting down.",
    example: "containers: [{ name: api, image: api:1 }]",
    instead: "containers: [{ name: api, image: api:1, readinessProbe: { httpGet: { path: /ready, port: http } } }]",
    source: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/; kube-linter no-readiness-probe"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let served =
        scene.pods().iter().filter(|it| it.template.is_long_running() && workloads::is_served(scene, it));
    for pods in served {
        for (role, container) in pods.template.all_containers() {
            // A container without a port answers nobody.
            let answers = role == Role::Container && !container.items("ports").is_empty();
            if answers && container.child("readinessProbe").is_none() {
                let message =
                    format!("nothing says when `{}` is ready for requests", container.text_or_empty("name"));
                found.of(pods.subject.index).add(&CODE, (container, "readinessProbe"), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn requests_wait_for_readiness() {
        let pod = "{fixture: Deployment, edits: 'spec.template.spec.containers[0].readinessProbe: ~absent'}";
        let service = "{fixture: Service}";
        finds(
            &CODE,
            &format!("{pod}\n---\n{service}"),
            &[("Deployment core/api", "spec.template.spec.containers[0].readinessProbe")],
        );
        finds(&CODE, pod, &[]);
        finds(&CODE, &format!("{{fixture: Deployment}}\n---\n{service}"), &[]);
    }
}
