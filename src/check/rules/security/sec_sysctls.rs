//! `sec-sysctls`: only settings of the kernel that stay in the pod are changed.

use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-sysctls", Error,
    means: "A sysctl is set that is not on the safe list of the target version.",
    matters: "It changes the kernel for every pod on the node, and the kubelet refuses the pod unless it was told to allow it.",
    example: "sysctls: [{ name: kernel.msgmax, value: \"65536\" }]",
    instead: "sysctls: [{ name: net.ipv4.tcp_syncookies, value: \"1\" }]",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, Sysctls; 1.27, 1.29, 1.32 and 1.37 lengthened the list"
}

const SAFE: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

const SAFE_SINCE_1_37: [&str; 2] = ["net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_slow_start_after_idle"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(security) = subject.pod.and_then(|pod| pod.security()) else { return };
    for sysctl in security.items("sysctls") {
        let name = sysctl.text_or_empty("name");
        let later = subject.version() >= KubernetesVersion::V1_37 && SAFE_SINCE_1_37.contains(&name);
        if !SAFE.contains(&name) && !later {
            found.add(
                &CODE,
                (sysctl, "name"),
                format!("the sysctl `{name}` is not safe for other pods of the node"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, advises_in, passes};

    #[test]
    fn the_kernel_is_shared() {
        let at = "spec.template.spec.securityContext.sysctls";
        let set = |name: &str| format!("{at}: [{{ name: {name}, value: '1' }}]");
        let field = format!("{at}[0].name");
        advises(&CODE, "Deployment", &set("kernel.msgmax"), &field);
        advises(&CODE, "Deployment", &set("net.ipv4.tcp_notsent_lowat"), &field);
        advises_in(KubernetesVersion::V1_37, &CODE, "Deployment", &set("net.ipv4.tcp_notsent_lowat"), &[]);
        passes(&CODE, "Deployment", &set("net.ipv4.tcp_rmem"));
    }
}
