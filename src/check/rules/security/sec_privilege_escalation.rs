//! `sec-privilege-escalation`: no process gains more than its parent had.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::value::Value;

code! {
    "sec-privilege-escalation", Error,
    means: "A container does not set `allowPrivilegeEscalation: false`.",
    matters: "A program with the setuid bit makes root of an ordinary user.",
    example: "securityContext: { runAsNonRoot: true }",
    instead: "securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; restricted, Privilege Escalation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.is_windows()) {
        return;
    }
    for it in secured(subject) {
        let setting = it.own().and_then(|own| own.get("allowPrivilegeEscalation")).and_then(Value::as_bool);
        if setting != Some(false) {
            let message = format!("the container `{}` may gain privileges", it.name());
            found.add(&CODE, it.place("allowPrivilegeEscalation"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn privileges_do_not_grow() {
        let alone = "spec.template.spec.initContainers: []";
        let at = "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation";
        advises(&CODE, "Deployment", &format!("{alone}\n{at}: true"), at);
        advises(&CODE, "Deployment", &format!("{alone}\n{at}: ~absent"), at);
        passes(&CODE, "Deployment", alone);
    }
}
