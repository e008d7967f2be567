//! `sec-runtime-socket`: no pod talks to the container runtime of its node.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-runtime-socket", Error,
    means: "A volume is the socket of Docker, containerd or CRI-O, or a folder that holds it.",
    matters: "Who can talk to the runtime can start a privileged container: this is root on the node.",
    example: "hostPath: { path: /var/run/docker.sock }",
    instead: "# build images with a tool that needs no daemon: buildkit rootless, kaniko",
    source: "kube-linter docker-sock; Checkov CKV_K8S_27"
}

const SOCKETS: [&str; 8] = [
    "docker.sock",
    "containerd.sock",
    "containerd.sock.ttrpc",
    "crio.sock",
    "cri-dockerd.sock",
    "dockershim.sock",
    "podman.sock",
    "buildkitd.sock",
];

/// Folders that hold nothing but such sockets.
const FOLDERS: [&str; 3] = ["run/containerd", "run/crio", "run/docker"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for host in pod.volumes().iter().filter_map(|volume| volume.child("hostPath")) {
        let path = host.text_or_empty("path");
        let plain = path.trim_end_matches('/');
        let name = plain.rsplit('/').next().unwrap_or_default();
        let inner = plain.trim_start_matches("/var").trim_start_matches('/');
        if SOCKETS.contains(&name) || FOLDERS.contains(&inner) {
            found.add(
                &CODE,
                (host, "path"),
                format!("`{path}` is the way to the container runtime of the node"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn the_runtime_is_the_nodes() {
        let volumes =
            |path: &str| format!("spec.template.spec.volumes: [{{ name: a, hostPath: {{ path: {path} }} }}]");
        for path in ["/var/run/docker.sock", "/run/containerd/containerd.sock", "/var/run/crio/"] {
            advises(&CODE, "DaemonSet", &volumes(path), "spec.template.spec.volumes[0].hostPath.path");
        }
        passes(&CODE, "DaemonSet", &volumes("/var/run/app.sock"));
    }
}
