//! `ref-port-name`: the ports that probes and hooks name are ports of their container.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::diag::did_you_mean;
use crate::value::Value;

code! {
    "ref-port-name", Error,
    means: "A probe or hook names a port that its own container does not have.",
    matters: "The API server accepts it; the kubelet cannot resolve the name, every probe fails, and the container is restarted for ever.",
    example: "ports: [{ name: http, containerPort: 80 }]\nlivenessProbe: { httpGet: { port: web } }",
    instead: "ports: [{ name: http, containerPort: 80 }]\nlivenessProbe: { httpGet: { port: http } }",
    source: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods() {
        for container in pods.template.containers() {
            let names = || container.items("ports").iter().filter_map(|port| port.text("name"));
            for action in actions(container) {
                let Some(name) = action.text("port") else { continue };
                if !names().any(|it| it == name) {
                    let hint = did_you_mean(name, names()).map(|near| format!("did you mean `{near}`?"));
                    let message =
                        format!("container `{}` has no port named `{name}`", container.text_or_empty("name"));
                    found.of(pods.subject.index).add_with_hint(&CODE, (action, "port"), message, hint);
                }
            }
        }
    }
}

/// The actions of a container that go to a port.
fn actions(container: &Value) -> impl Iterator<Item = &Value> {
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"]
        .into_iter()
        .filter_map(|key| container.child(key));
    let hooks = ["postStart", "preStop"].into_iter().filter_map(|key| container.below(&["lifecycle", key]));
    probes.chain(hooks).flat_map(|it| ["httpGet", "tcpSocket"].into_iter().filter_map(|key| it.child(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_named_port_is_the_containers_own() {
        let pod = |port: &str| {
            format!(
                "{{fixture: Pod, edits: \"spec.containers[0].ports: [{{ name: http, containerPort: 80 }}]\\n\
                 spec.containers[0].livenessProbe: {{ httpGet: {{ port: {port} }} }}\"}}"
            )
        };
        finds(&CODE, &pod("web"), &[("Pod core/probe", "spec.containers[0].livenessProbe.httpGet.port")]);
        finds(&CODE, &pod("http"), &[]);
        finds(&CODE, &pod("81"), &[]);
    }
}
