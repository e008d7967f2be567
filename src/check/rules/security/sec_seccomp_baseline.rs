//! `sec-seccomp-baseline`: no container runs without a filter of system calls by choice.

use super::settings::every_context;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-seccomp-baseline", Error,
    means: "A seccomp profile is `Unconfined`.",
    matters: "Every system call of the kernel is open to the container, those of the last break-out included.",
    example: "seccompProfile: { type: Unconfined }",
    instead: "seccompProfile: { type: RuntimeDefault }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, Seccomp"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for context in every_context(subject) {
        if let Some(profile) =
            context.child("seccompProfile").filter(|it| it.text("type") == Some("Unconfined"))
        {
            found.add(&CODE, (profile, "type"), "nothing filters the system calls");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn system_calls_are_filtered() {
        let at = "spec.template.spec.securityContext.seccompProfile.type";
        advises(&CODE, "Deployment", &format!("{at}: Unconfined"), at);
        passes(&CODE, "Deployment", "");
    }
}
