//! `host-network`: what cannot be combined with the namespaces of the node.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "host-network", Error,
    means: "On the network of its node a container's host port is another than its container port; or `hostUsers: false` or `shareProcessNamespace` is combined with a namespace of the node.",
    matters: "The API server refuses the object.",
    example: "hostNetwork: true\ncontainers: [{ ports: [{ containerPort: 80, hostPort: 8080 }] }]",
    instead: "hostNetwork: true\ncontainers: [{ ports: [{ containerPort: 80, hostPort: 80 }] }]",
    source: "validatePodHostNetworkDeps, validateHostUsers and validatePodSpecSecurityContext in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    if pod.is_on_host_network() {
        for port in pod.spec.items("containers").iter().flat_map(|container| container.items("ports")) {
            let host = port.integer("hostPort").filter(|number| *number != 0);
            if host.is_some() && host != port.integer("containerPort") {
                let message = "on the host network the host port must be the container port";
                found.add(&CODE, (port, "hostPort"), message);
            }
        }
    }
    if pod.spec.get("hostUsers").and_then(crate::value::Value::as_bool) == Some(false) {
        for key in ["hostNetwork", "hostPID", "hostIPC"] {
            if pod.spec.is_true(key) {
                found.add(
                    &CODE,
                    (pod.spec, key),
                    format!("`{key}` cannot be combined with `hostUsers: false`"),
                );
            }
        }
        for container in pod.containers().filter(|container| !container.items("volumeDevices").is_empty()) {
            let message = "`volumeDevices` cannot be combined with `hostUsers: false`";
            found.add(&CODE, (container, "volumeDevices"), message);
        }
    }
    if pod.spec.is_true("hostPID") && pod.spec.is_true("shareProcessNamespace") {
        let message = "`shareProcessNamespace` cannot be combined with `hostPID`";
        found.add(&CODE, (pod.spec, "shareProcessNamespace"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn combinations_with_the_node() {
        let spec = "spec.template.spec";
        let port = |host: u16| {
            format!(
                "{spec}.hostNetwork: true\n{spec}.containers[0].ports: [{{ containerPort: 80, hostPort: {host} }}]"
            )
        };
        refuses(&CODE, "DaemonSet", &port(8080), &format!("{spec}.containers[0].ports[0].hostPort"));
        accepts("DaemonSet", &port(80));
        refuses(
            &CODE,
            "DaemonSet",
            &format!("{spec}.hostPID: true\n{spec}.hostUsers: false"),
            &format!("{spec}.hostPID"),
        );
        refuses(
            &CODE,
            "DaemonSet",
            &format!("{spec}.hostPID: true\n{spec}.shareProcessNamespace: true"),
            &format!("{spec}.shareProcessNamespace"),
        );
    }
}
