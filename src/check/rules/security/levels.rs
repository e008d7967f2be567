//! The levels of the Pod Security Standards as sets of rules.

use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::subject::Subject;

type Control = (&'static str, for<'a> fn(&Subject<'a>, &mut Findings<'a>));

const BASELINE: [Control; 12] = [
    ("sec-privileged", super::sec_privileged::check),
    ("sec-host-namespaces", super::sec_host_namespaces::check),
    ("sec-capabilities-baseline", super::sec_capabilities_baseline::check),
    ("sec-host-path", super::sec_host_path::check),
    ("sec-host-port", super::sec_host_port::check),
    ("sec-host-probe-host", super::sec_host_probe_host::check),
    ("sec-apparmor", super::sec_apparmor::check),
    ("sec-selinux", super::sec_selinux::check),
    ("sec-proc-mount", super::sec_proc_mount::check),
    ("sec-seccomp-baseline", super::sec_seccomp_baseline::check),
    ("sec-sysctls", super::sec_sysctls::check),
    ("sec-host-process", super::sec_host_process::check),
];

const RESTRICTED: [Control; 6] = [
    ("sec-volume-types", super::sec_volume_types::check),
    ("sec-privilege-escalation", super::sec_privilege_escalation::check),
    ("sec-run-as-non-root", super::sec_run_as_non_root::check),
    ("sec-run-as-user", super::sec_run_as_user::check),
    ("sec-seccomp-restricted", super::sec_seccomp_restricted::check),
    ("sec-capabilities-restricted", super::sec_capabilities_restricted::check),
];

/// The first control of a level that the pods of an object break.
pub(super) fn broken(subject: &Subject<'_>, level: &str) -> Option<&'static str> {
    let restricted = if level == "restricted" { &RESTRICTED[..] } else { &[] };
    let controls: &[Control] = if matches!(level, "baseline" | "restricted") { &BASELINE } else { &[] };
    // Since 1.35 the baseline leaves /proc to pods with users of their own.
    let proc_is_theirs = level == "baseline"
        && subject.version() >= KubernetesVersion::V1_35
        && subject.pod.is_some_and(|pod| pod.has_own_users());
    let breaks = |(name, check): &&Control| {
        if proc_is_theirs && *name == "sec-proc-mount" {
            return false;
        }
        let mut found = Findings::default();
        check(subject, &mut found);
        !found.is_empty()
    };
    controls.iter().chain(restricted).find(breaks).map(|(name, _)| *name)
}
