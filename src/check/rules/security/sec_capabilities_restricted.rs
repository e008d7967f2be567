//! `sec-capabilities-restricted`: all capabilities are dropped, and at most one is added again.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-capabilities-restricted", Error,
    means: "A container does not drop `ALL` capabilities, or adds another than NET_BIND_SERVICE.",
    matters: "What a container may do by default (change owners, forge packets) is what an attacker in it may do too.",
    example: "securityContext: {}",
    instead: "securityContext: { capabilities: { drop: [ALL] } }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; restricted, Capabilities"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.is_windows()) {
        return;
    }
    for it in secured(subject) {
        let capabilities = it.own().and_then(|own| own.child("capabilities"));
        if !capabilities.is_some_and(|it| it.texts("drop").any(|name| name == "ALL")) {
            let message = format!("the container `{}` does not drop ALL capabilities", it.name());
            match capabilities {
                Some(capabilities) => found.add(&CODE, (capabilities, "drop"), message),
                None => found.add(&CODE, it.place("capabilities"), message),
            }
        }
        for added in capabilities.map_or(&[][..], |it| it.items("add")) {
            if let Some(name) = added.as_str().filter(|name| *name != "NET_BIND_SERVICE") {
                found.add(&CODE, added, format!("the container `{}` adds the capability {name}", it.name()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn a_container_may_do_little() {
        let capabilities = "spec.template.spec.containers[0].securityContext.capabilities";
        let alone = "spec.template.spec.initContainers: []";
        advises(
            &CODE,
            "Deployment",
            &format!("{alone}\n{capabilities}: {{ drop: [NET_RAW] }}"),
            &format!("{capabilities}.drop"),
        );
        advises(
            &CODE,
            "Deployment",
            &format!("{alone}\n{capabilities}.add: [CHOWN]"),
            &format!("{capabilities}.add[0]"),
        );
        passes(&CODE, "Deployment", &format!("{alone}\n{capabilities}.add: [NET_BIND_SERVICE]"));
        passes(&CODE, "Deployment", "spec.template.spec.os: { name: windows }");
    }
}
