//! `port-number`: ports of containers are from 1 to 65535, and their protocol is one of three.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::{Subject, protocol};
use crate::check::values::Fields;

code! {
    "port-number", Error,
    means: "A `containerPort` or `hostPort` is outside 1-65535, or its protocol is none of TCP, UDP and SCTP.",
    matters: "The API server refuses the object.",
    example: "ports: [{ containerPort: 99999 }]",
    instead: "ports: [{ containerPort: 9999 }]",
    source: "validateContainerPorts in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for port in pod.containers().flat_map(|container| container.items("ports")) {
        for key in ["containerPort", "hostPort"] {
            // A host port of 0 is none; the API server's structs cannot tell it from one that is left out.
            let number = port.integer(key).filter(|number| key == "containerPort" || *number != 0);
            if let Some(number) = number.filter(|number| !is_port(*number)) {
                found.add(&CODE, (port, key), format!("the port {number} is outside 1-65535"));
            }
        }
        if !is_protocol(protocol(port)) {
            let message = format!("`{}` is no protocol; there are TCP, UDP and SCTP", protocol(port));
            found.add(&CODE, (port, "protocol"), message);
        }
    }
}

pub(super) fn is_port(number: i64) -> bool {
    (1..=65535).contains(&number)
}

pub(super) fn is_protocol(protocol: &str) -> bool {
    matches!(protocol, "TCP" | "UDP" | "SCTP")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn ports_are_in_range() {
        let port = "spec.template.spec.containers[0].ports[0]";
        for number in ["0", "-1", "65536"] {
            refuses(
                &CODE,
                "StatefulSet",
                &format!("{port}.containerPort: {number}"),
                &format!("{port}.containerPort"),
            );
        }
        refuses(&CODE, "StatefulSet", &format!("{port}.protocol: tcp"), &format!("{port}.protocol"));
        refuses(&CODE, "StatefulSet", &format!("{port}.hostPort: 70000"), &format!("{port}.hostPort"));
        accepts(
            "StatefulSet",
            &format!("{port}.protocol: SCTP\n{port}.hostPort: 0\n{port}.containerPort: 65535"),
        );
    }
}
