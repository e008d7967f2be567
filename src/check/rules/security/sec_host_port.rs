//! `sec-host-port`: no container opens a port of its node.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-host-port", Error,
    means: "A container port has a `hostPort`.",
    matters: "The port is open on the address of the node, past every Service and most network policies, and two such pods cannot share a node.",
    example: "ports: [{ containerPort: 8080, hostPort: 8080 }]",
    instead: "ports: [{ containerPort: 8080 }]",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, Host Ports"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for port in pod.containers().flat_map(|container| container.items("ports")) {
        if let Some(number) = port.integer("hostPort").filter(|number| *number != 0) {
            found.add(&CODE, (port, "hostPort"), format!("port {number} is opened on the node"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn ports_are_the_pods() {
        let ports = "spec.template.spec.containers[0].ports";
        advises(
            &CODE,
            "DaemonSet",
            &format!("{ports}: [{{ containerPort: 80, hostPort: 80 }}]"),
            &format!("{ports}[0].hostPort"),
        );
        passes(&CODE, "DaemonSet", &format!("{ports}: [{{ containerPort: 80, hostPort: 0 }}]"));
    }
}
