//! `sec-privileged-port`: ports are above 1023.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-privileged-port", Note,
    means: "A container declares a port below 1024.",
    matters: "Opening one needs root or NET_BIND_SERVICE, unless the image lowers the bound by a sysctl.",
    example: "ports: [{ containerPort: 80 }]",
    instead: "ports: [{ containerPort: 8080 }]",
    source: "kube-linter privileged-ports"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for port in pod.containers().flat_map(|container| container.items("ports")) {
        if let Some(number) = port.integer("containerPort").filter(|number| (1..1024).contains(number)) {
            found.add(
                &CODE,
                (port, "containerPort"),
                format!("port {number} needs a privilege to be opened"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn ports_need_no_privilege() {
        let ports = "spec.template.spec.containers[0].ports";
        advises(
            &CODE,
            "DaemonSet",
            &format!("{ports}: [{{ containerPort: 80 }}]"),
            &format!("{ports}[0].containerPort"),
        );
        passes(&CODE, "DaemonSet", &format!("{ports}: [{{ containerPort: 8080 }}]"));
    }
}
