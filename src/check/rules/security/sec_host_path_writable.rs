//! `sec-host-path-writable`: a folder of the node is mounted to be read.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-host-path-writable", Warning,
    means: "A container mounts a `hostPath` volume without `readOnly: true`.",
    matters: "It can change the files of its node.",
    example: "volumeMounts: [{ name: logs, mountPath: /logs }]",
    instead: "volumeMounts: [{ name: logs, mountPath: /logs, readOnly: true }]",
    source: "kube-linter writable-host-mount"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let volumes = pod.volumes_by_name();
    let is_host = |name: &str| volumes.get(name).is_some_and(|volume| volume.child("hostPath").is_some());
    for mount in pod.containers().flat_map(|container| container.items("volumeMounts")) {
        let name = mount.text_or_empty("name");
        if !mount.is_true("readOnly") && is_host(name) {
            found.add(
                &CODE,
                (mount, "readOnly"),
                format!("`{name}` is a folder of the node, and can be written"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn folders_of_the_node_are_read() {
        let edits = |more: &str| {
            format!(
                "spec.template.spec.volumes: [{{ name: a, hostPath: {{ path: /srv }} }}]\nspec.template.spec.containers[0].volumeMounts: [{{ name: a, mountPath: /a{more} }}]"
            )
        };
        advises(&CODE, "DaemonSet", &edits(""), "spec.template.spec.containers[0].volumeMounts[0].readOnly");
        passes(&CODE, "DaemonSet", &edits(", readOnly: true"));
    }
}
