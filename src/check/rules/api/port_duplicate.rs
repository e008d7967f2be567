//! `port-duplicate`: no two containers of a pod want one port.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::{Role, Subject, protocol};
use crate::check::values::Fields;

code! {
    "port-duplicate", Error,
    means: "Two ports of a pod's containers have the same protocol and the same host port on the same address.",
    matters: "The API server refuses the object: the second could not be opened on the node.",
    example: "ports:\n  - { containerPort: 80, hostPort: 8080 }\n  - { containerPort: 81, hostPort: 8080 }",
    instead: "ports:\n  - { containerPort: 80, hostPort: 8080 }\n  - { containerPort: 81, hostPort: 8081 }",
    source: "checkHostPortConflicts in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let mut seen = BTreeSet::new();
    for (role, container) in pod.all_containers() {
        // Init containers run one after the other, so each is judged by itself.
        let mut alone = BTreeSet::new();
        let taken = if role == Role::Container { &mut seen } else { &mut alone };
        for port in container.items("ports") {
            // On the host network a host port is the container port, where it is left out.
            let own = port.integer("hostPort").filter(|number| *number != 0);
            let inherited =
                port.integer("containerPort").filter(|_| pod.owner == "Pod" && pod.is_on_host_network());
            let Some(number) = own.or(inherited) else { continue };
            if !taken.insert((protocol(port), port.text_or_empty("hostIP"), number)) {
                found.add(&CODE, (port, "hostPort"), format!("the pod opens host port {number} twice"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_host_port_is_opened_once() {
        let ports = |second: &str| {
            format!(
                "spec.template.spec.containers[0].ports: [{{ containerPort: 80, hostPort: 8080 }}, {{ {second} }}]"
            )
        };
        let at = "spec.template.spec.containers[0].ports[1].hostPort";
        refuses(&CODE, "DaemonSet", &ports("containerPort: 81, hostPort: 8080"), at);
        accepts("DaemonSet", &ports("containerPort: 81, hostPort: 8080, protocol: UDP"));
        accepts("DaemonSet", &ports("containerPort: 81, hostPort: 8081"));
    }
}
