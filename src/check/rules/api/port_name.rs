//! `port-name`: names of container ports are IANA service names, once in a container.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "port-name", Error,
    means: "The name of a container port has more than 15 characters, others than a-z, 0-9 and `-`, no letter, or stands twice in one container.",
    matters: "The API server refuses the object.",
    example: "ports: [{ name: prometheus-metrics, containerPort: 9090 }]",
    instead: "ports: [{ name: metrics, containerPort: 9090 }]",
    source: "validateContainerPorts in pkg/apis/core/validation; IsValidPortName in k8s.io/apimachinery"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let mut seen = BTreeSet::new();
        for port in container.items("ports") {
            let name = port.text_or_empty("name");
            if name.is_empty() {
                continue;
            }
            if let Some(problem) = format::port_name(name) {
                found.add(&CODE, (port, "name"), format!("the port name `{name}` is {problem}"));
            } else if !seen.insert(name) {
                found.add(&CODE, (port, "name"), format!("the container has two ports named `{name}`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn names_of_ports_have_a_form() {
        let port = "spec.template.spec.containers[0].ports";
        for name in ["prometheus-metrics", "Http", "'80'", "a--b", "-a"] {
            refuses(&CODE, "StatefulSet", &format!("{port}[0].name: {name}"), &format!("{port}[0].name"));
        }
        refuses(
            &CODE,
            "StatefulSet",
            &format!("{port}[1]: {{ name: postgres, containerPort: 1 }}"),
            &format!("{port}[1].name"),
        );
        accepts("StatefulSet", &format!("{port}[0].name: ''"));
    }
}
