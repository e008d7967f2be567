//! `sec-run-as-user`: no container runs as user 0.

use super::settings::every_context;
use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-run-as-user", Error,
    means: "`runAsUser` is 0, for a pod or a container.",
    matters: "User 0 is root.",
    example: "securityContext: { runAsUser: 0 }",
    instead: "securityContext: { runAsUser: 1000 }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; restricted since 1.23, Running as Non-root user; since 1.35 not asked of a pod with `hostUsers: false`"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.has_own_users()) && subject.version() >= KubernetesVersion::V1_35 {
        return;
    }
    for context in every_context(subject) {
        if context.integer("runAsUser") == Some(0) {
            found.add(&CODE, (context, "runAsUser"), "user 0 is root");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn nobody_is_root() {
        let at = "spec.template.spec.securityContext.runAsUser";
        advises(&CODE, "Deployment", &format!("{at}: 0"), at);
        passes(&CODE, "Deployment", &format!("{at}: 1"));
    }
}
