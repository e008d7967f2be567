//! `sec-selinux`: no container chooses its own SELinux user, role or type.

use super::settings::every_context;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-selinux", Error,
    means: "`seLinuxOptions` name a user or a role, or a type other than `container_t`, `container_init_t`, `container_kvm_t` and, since 1.31, `container_engine_t`.",
    matters: "Another type lets the container out of its confinement.",
    example: "seLinuxOptions: { type: spc_t }",
    instead: "seLinuxOptions: { type: container_t }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, SELinux"
}

const TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for options in every_context(subject).filter_map(|context| context.child("seLinuxOptions")) {
        let kind = options.text_or_empty("type");
        if !TYPES.contains(&kind) {
            found.add(
                &CODE,
                (options, "type"),
                format!("the SELinux type {kind} does not confine a container"),
            );
        }
        for key in ["user", "role"] {
            if options.text(key).is_some_and(|it| !it.is_empty()) {
                found.add(&CODE, (options, key), format!("the SELinux {key} is the runtime's to choose"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn types_confine() {
        let at = "spec.template.spec.securityContext.seLinuxOptions";
        advises(&CODE, "Deployment", &format!("{at}.type: spc_t"), &format!("{at}.type"));
        advises(&CODE, "Deployment", &format!("{at}.role: sysadm_r"), &format!("{at}.role"));
        passes(&CODE, "Deployment", &format!("{at}.type: container_engine_t"));
    }
}
