//! `sec-privileged`: no container is privileged.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-privileged", Error,
    means: "A container sets `privileged: true`.",
    matters: "It has every capability and every device of its node: whoever gets into the container has the node.",
    example: "securityContext: { privileged: true }",
    instead: "securityContext: { privileged: false, capabilities: { add: [NET_ADMIN] } }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, Privileged Containers"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for it in secured(subject) {
        if let Some(own) = it.own().filter(|own| own.is_true("privileged")) {
            found.add(&CODE, (own, "privileged"), format!("the container `{}` is privileged", it.name()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn no_container_owns_its_node() {
        let at = "spec.template.spec.containers[0].securityContext.privileged";
        advises(&CODE, "Deployment", &format!("{at}: true"), at);
        passes(&CODE, "Deployment", &format!("{at}: false"));
    }
}
