//! `sec-ssh-port`: no container serves SSH.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::{Subject, protocol};
use crate::check::values::Fields;

code! {
    "sec-ssh-port", Warning,
    means: "A container declares port 22 over TCP.",
    matters: "A shell over SSH is past the audit and the rights of the cluster.",
    example: "ports: [{ containerPort: 22 }]",
    instead: "ports: [{ containerPort: 8080 }]",
    source: "kube-linter ssh-port"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for port in pod.containers().flat_map(|container| container.items("ports")) {
        if port.integer("containerPort") == Some(22) && protocol(port) == "TCP" {
            found.add(&CODE, (port, "containerPort"), "port 22 is that of SSH");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn shells_are_not_served() {
        let ports = "spec.template.spec.containers[0].ports";
        advises(
            &CODE,
            "DaemonSet",
            &format!("{ports}: [{{ containerPort: 22 }}]"),
            &format!("{ports}[0].containerPort"),
        );
        passes(&CODE, "DaemonSet", &format!("{ports}: [{{ containerPort: 2222 }}]"));
    }
}
