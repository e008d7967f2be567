//! `net-named-ports`: ports have names.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-named-ports", Warning,
    means: "A container port, or a port of a Service, has no name.",
    matters: "A number says nothing of what is served there, and changes in several places at once. This rule is off by default.",
    example: "ports: [{ containerPort: 8080 }]",
    instead: "ports: [{ name: http, containerPort: 8080 }]",
    source: "popeye 105, 1102"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let of_pod = subject.pod.into_iter().flat_map(|pod| pod.containers()).flat_map(|it| it.items("ports"));
    let of_service = subject.spec_of("Service").map_or(&[][..], |spec| spec.items("ports"));
    for port in of_pod.chain(of_service).filter(|port| port.text_or_empty("name").is_empty()) {
        found.add(&CODE, (port, "name"), "the port has no name");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn ports_are_named() {
        let at = "spec.template.spec.containers[0].ports";
        advises(&CODE, "DaemonSet", &format!("{at}: [{{ containerPort: 80 }}]"), &format!("{at}[0].name"));
        passes(&CODE, "Service", "");
    }
}
