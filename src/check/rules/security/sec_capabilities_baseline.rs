//! `sec-capabilities-baseline`: no capability is added that the baseline does not know.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-capabilities-baseline", Error,
    means: "A container adds a capability beyond AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID and SYS_CHROOT.",
    matters: "Such a capability reaches beyond the container: SYS_ADMIN is nearly root on the node, NET_ADMIN rules its network.",
    example: "capabilities: { add: [SYS_ADMIN] }",
    instead: "capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, Capabilities"
}

const ALLOWED: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for it in secured(subject) {
        let Some(capabilities) = it.own().and_then(|own| own.child("capabilities")) else { continue };
        for added in capabilities.items("add") {
            let Some(name) = added.as_str().filter(|name| !ALLOWED.contains(name)) else { continue };
            found.add(&CODE, added, format!("the container `{}` adds the capability {name}", it.name()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn capabilities_stay_in_the_container() {
        let add = "spec.template.spec.containers[0].securityContext.capabilities.add";
        advises(&CODE, "Deployment", &format!("{add}: [CHOWN, SYS_ADMIN]"), &format!("{add}[1]"));
        passes(&CODE, "Deployment", &format!("{add}: [CHOWN]"));
    }
}
