//! `sec-host-path-sensitive`: no pod sees the system folders of its node.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-host-path-sensitive", Error,
    means: "A volume is `/`, or a folder at or below `/boot`, `/dev`, `/etc`, `/lib`, `/proc`, `/sys` or `/usr`, of the node.",
    matters: "What stands there decides who may log in and what runs: a pod that writes it owns the node, and one that reads it knows its keys.",
    example: "hostPath: { path: /etc }",
    instead: "hostPath: { path: /var/lib/agent, type: DirectoryOrCreate }",
    source: "kube-linter sensitive-host-mounts; CIS Kubernetes Benchmark 5.2"
}

const SYSTEM: [&str; 7] = ["/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for host in pod.volumes().iter().filter_map(|volume| volume.child("hostPath")) {
        let path = host.text_or_empty("path");
        if is_system(path) {
            found.add(&CODE, (host, "path"), format!("`{path}` is a system folder of the node"));
        }
    }
}

fn is_system(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let below =
        |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    path.is_empty() || SYSTEM.iter().any(|folder| below(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn system_folders_are_the_nodes() {
        let volumes =
            |path: &str| format!("spec.template.spec.volumes: [{{ name: a, hostPath: {{ path: {path} }} }}]");
        for path in ["/", "/etc", "/proc/", "/usr/lib"] {
            advises(&CODE, "DaemonSet", &volumes(path), "spec.template.spec.volumes[0].hostPath.path");
        }
        passes(&CODE, "DaemonSet", &volumes("/usrlocal"));
        passes(&CODE, "DaemonSet", &volumes("/var/lib/agent"));
    }
}
