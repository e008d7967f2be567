//! `sec-high-uid-gid`: users and groups are none that a node has.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::as_integer;

code! {
    "sec-high-uid-gid", Note,
    means: "A container runs as a user or group below 10000, or says neither.",
    matters: "Low numbers are users of the node: outside of the container the process has their files.",
    example: "securityContext: { runAsUser: 1000, runAsGroup: 1000 }",
    instead: "securityContext: { runAsUser: 10001, runAsGroup: 10001 }",
    source: "kube-score container-security-context-user-group-id; Checkov CKV_K8S_40"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.is_windows()) {
        return;
    }
    for it in secured(subject) {
        for (key, noun) in [("runAsUser", "user"), ("runAsGroup", "group")] {
            let number = it.setting(key).and_then(|(_, value)| as_integer(value));
            let message = match number {
                Some(number) if number >= 10_000 => continue,
                Some(number) => format!("the {noun} {number} may be one of the node"),
                None => format!("the container `{}` runs as whatever {noun} its image names", it.name()),
            };
            found.add(&CODE, it.place(key), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn numbers_are_high() {
        let alone = "spec.template.spec.initContainers: []\nspec.template.spec.securityContext.runAsUser: 10001\nspec.template.spec.securityContext.runAsGroup: 10001";
        passes(&CODE, "Deployment", alone);
        let at = "spec.template.spec.containers[0].securityContext.runAsUser";
        advises(&CODE, "Deployment", &format!("{alone}\n{at}: 9999"), at);
    }
}
