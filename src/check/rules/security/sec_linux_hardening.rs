//! `sec-linux-hardening`: each container is hardened by something.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-linux-hardening", Warning,
    means: "Neither a container nor its pod sets seccomp, AppArmor or SELinux, and the container drops no capability.",
    matters: "Nothing but the defaults of the runtime stands between the container and its node. The exact controls have rules of their own, so this one is off by default.",
    example: "securityContext: {}",
    instead: "securityContext: { capabilities: { drop: [ALL] } }",
    source: "Polaris linuxHardening; Checkov CKV_K8S_29 and CKV_K8S_30"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.is_windows()) {
        return;
    }
    for it in secured(subject) {
        let confined = ["seccompProfile", "appArmorProfile", "seLinuxOptions"]
            .iter()
            .any(|key| it.setting(key).is_some());
        let capabilities = it.own().and_then(|own| own.child("capabilities"));
        if !confined && capabilities.is_none_or(|it| it.items("drop").is_empty()) {
            found.add(
                &CODE,
                it.place("capabilities"),
                format!("nothing hardens the container `{}`", it.name()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn something_hardens() {
        let bare = "spec.template.spec.securityContext: ~absent\nspec.template.spec.initContainers: []";
        passes(&CODE, "Deployment", bare);
        let own = "spec.template.spec.containers[0].securityContext";
        advises(&CODE, "Deployment", &format!("{bare}\n{own}: ~absent"), own);
    }
}
