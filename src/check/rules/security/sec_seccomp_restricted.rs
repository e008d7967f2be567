//! `sec-seccomp-restricted`: each container says how its system calls are filtered.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-seccomp-restricted", Error,
    means: "A container has no seccomp profile of type `RuntimeDefault` or `Localhost`, of its own or of its pod.",
    matters: "Unless the kubelet says otherwise, a container without a profile has every system call.",
    example: "securityContext: {}",
    instead: "securityContext: { seccompProfile: { type: RuntimeDefault } }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; restricted, Seccomp"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.is_windows()) {
        return;
    }
    for it in secured(subject) {
        let profile = it.setting("seccompProfile").map(|(_, profile)| profile.text_or_empty("type"));
        if !matches!(profile, Some("RuntimeDefault" | "Localhost")) {
            let message = format!("the container `{}` has no seccomp profile", it.name());
            found.add(&CODE, it.place("seccompProfile"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn filters_are_named() {
        let pod = "spec.template.spec.securityContext.seccompProfile";
        let without = format!("spec.template.spec.initContainers: []\n{pod}: ~absent");
        let own = "spec.template.spec.containers[0].securityContext.seccompProfile";
        advises(&CODE, "Deployment", &without, own);
        passes(&CODE, "Deployment", &format!("{without}\n{own}: {{ type: RuntimeDefault }}"));
    }
}
