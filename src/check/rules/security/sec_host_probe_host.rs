//! `sec-host-probe-host`: probes and hooks ask the pod itself.

use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "sec-host-probe-host", Error,
    means: "A probe or hook over HTTP or TCP names a `host`.",
    matters: "The kubelet asks that address from the network of the node: a pod can so look into networks that it cannot reach.",
    example: "livenessProbe: { tcpSocket: { host: 169.254.169.254, port: 80 } }",
    instead: "livenessProbe: { tcpSocket: { port: 80 } }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline since 1.34, Host Probes / Lifecycle Hooks"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    if subject.version() < KubernetesVersion::V1_34 {
        return;
    }
    for container in pod.containers() {
        for handler in handlers(container) {
            for holder in ["httpGet", "tcpSocket"].iter().filter_map(|key| handler.child(key)) {
                if let Some(host) = holder.text("host").filter(|host| !host.is_empty()) {
                    let message = format!("the kubelet asks `{host}` from the network of the node");
                    found.add(&CODE, (holder, "host"), message);
                }
            }
        }
    }
}

fn handlers(container: &Value) -> impl Iterator<Item = &Value> {
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    let hooks = container.child("lifecycle").into_iter();
    let hooks =
        hooks.flat_map(|hooks| ["postStart", "preStop"].into_iter().filter_map(|key| hooks.child(key)));
    probes.into_iter().filter_map(|key| container.child(key)).chain(hooks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, advises_in, passes};

    #[test]
    fn the_kubelet_asks_the_pod() {
        let at = "spec.template.spec.containers[0].startupProbe.tcpSocket.host";
        advises(&CODE, "Deployment", &format!("{at}: 10.0.0.1"), at);
        advises_in(KubernetesVersion::V1_33, &CODE, "Deployment", &format!("{at}: 10.0.0.1"), &[]);
        passes(&CODE, "Deployment", "");
    }
}
