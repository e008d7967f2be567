//! `sec-run-as-non-root`: no container may run as root.

use super::settings::secured;
use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;

code! {
    "sec-run-as-non-root", Error,
    means: "A container does not run with `runAsNonRoot: true`, by its own settings or those of its pod.",
    matters: "The image decides who it runs as, and most images run as root: whoever gets out of the container is root on the node.",
    example: "securityContext: {}",
    instead: "securityContext: { runAsNonRoot: true }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; restricted, Running as Non-root; since 1.35 not asked of a pod with `hostUsers: false`"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.has_own_users()) && subject.version() >= KubernetesVersion::V1_35 {
        return;
    }
    for it in secured(subject) {
        let setting = it.setting("runAsNonRoot").and_then(|(_, value)| value.as_bool());
        if setting != Some(true) {
            let message = format!("the container `{}` may run as root", it.name());
            found.add(&CODE, it.place("runAsNonRoot"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, advises_in, passes};

    #[test]
    fn root_is_ruled_out() {
        let (pod, own) = (
            "spec.template.spec.securityContext.runAsNonRoot",
            "spec.template.spec.containers[0].securityContext.runAsNonRoot",
        );
        advises(&CODE, "Deployment", &format!("{own}: false"), own);
        let without = format!("spec.template.spec.initContainers: []\n{pod}: ~absent");
        advises(&CODE, "Deployment", &without, own);
        passes(&CODE, "Deployment", &format!("{without}\n{own}: true"));
        let own_users = format!("{without}\nspec.template.spec.hostUsers: false");
        passes(&CODE, "Deployment", &own_users);
        advises_in(KubernetesVersion::V1_34, &CODE, "Deployment", &own_users, &[own]);
    }
}
