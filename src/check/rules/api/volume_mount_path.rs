//! `volume-mount-path`: mount paths are unique in a container and stay where they belong.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "volume-mount-path", Error,
    means: "Two mounts of a container have one path, a path is empty, a `subPath` is absolute or goes upwards, both `subPath` and `subPathExpr` are set, or mount propagation asks for more than the container may have.",
    matters: "The API server refuses the object.",
    example: "volumeMounts:\n  - { name: a, mountPath: /data }\n  - { name: b, mountPath: /data }",
    instead: "volumeMounts:\n  - { name: a, mountPath: /data/a }\n  - { name: b, mountPath: /data/b }",
    source: "ValidateVolumeMounts in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let mut paths = BTreeSet::new();
        for (mount, key) in mounts(container) {
            let Some(path) = mount.text(key) else { continue };
            if key == "devicePath" && format::no_backsteps(path).is_some() {
                found.add(&CODE, (mount, key), format!("the path `{path}` has `..` in it"));
            } else if path.is_empty() {
                found.add(&CODE, (mount, key), "the mount has an empty path");
            } else if !paths.insert(path) {
                found.add(&CODE, (mount, key), format!("the container mounts two volumes at `{path}`"));
            }
        }
        for mount in container.items("volumeMounts") {
            read_only(mount, found);
            sub_paths(mount, found);
            propagation(container, mount, found);
        }
    }
}

fn mounts(container: &Value) -> impl Iterator<Item = (&Value, &str)> {
    let mounts = container.items("volumeMounts").iter().map(|mount| (mount, "mountPath"));
    mounts.chain(container.items("volumeDevices").iter().map(|device| (device, "devicePath")))
}

fn sub_paths<'a>(mount: &'a Value, found: &mut Findings<'a>) {
    let both = ["subPath", "subPathExpr"].iter().all(|key| !mount.text_or_empty(key).is_empty());
    if both {
        found.add(&CODE, (mount, "subPathExpr"), "the mount has both `subPath` and `subPathExpr`");
    }
    for key in ["subPath", "subPathExpr"] {
        let path = mount.text_or_empty(key);
        if let Some(problem) = format::descending_path(path) {
            found.add(&CODE, (mount, key), format!("the path `{path}` is {problem}"));
        }
    }
}

/// `validateMountRecursiveReadOnly`.
fn read_only<'a>(mount: &'a Value, found: &mut Findings<'a>) {
    let place = (mount, "recursiveReadOnly");
    match mount.text("recursiveReadOnly") {
        None | Some("Disabled") => {}
        Some("Enabled" | "IfPossible") if !mount.is_true("readOnly") => {
            found.add(&CODE, place, "`recursiveReadOnly` needs `readOnly: true`");
        }
        Some("Enabled" | "IfPossible") => {
            if mount.text("mountPropagation").is_some_and(|it| it != "None") {
                found.add(&CODE, place, "`recursiveReadOnly` allows no mount propagation");
            }
        }
        Some(other) => {
            found.add(&CODE, place, format!("`{other}` is none of Disabled, IfPossible and Enabled"));
        }
    }
}

fn propagation<'a>(container: &Value, mount: &'a Value, found: &mut Findings<'a>) {
    let Some(propagation) = mount.text("mountPropagation") else { return };
    let privileged = container.child("securityContext").is_some_and(|context| context.is_true("privileged"));
    match propagation {
        "None" | "HostToContainer" => {}
        "Bidirectional" if privileged => {}
        "Bidirectional" => {
            let message = "only a privileged container may propagate mounts in both directions";
            found.add(&CODE, (mount, "mountPropagation"), message);
        }
        other => found.add(&CODE, (mount, "mountPropagation"), format!("`{other}` is no mount propagation")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn paths_of_mounts() {
        let mounts = "spec.template.spec.containers[0].volumeMounts";
        refuses(
            &CODE,
            "Deployment",
            &format!("{mounts}[1].mountPath: /etc/api"),
            &format!("{mounts}[1].mountPath"),
        );
        refuses(
            &CODE,
            "Deployment",
            &format!("{mounts}[1].mountPath: ''"),
            &format!("{mounts}[1].mountPath"),
        );
        refuses(&CODE, "Deployment", &format!("{mounts}[1].subPath: ../a"), &format!("{mounts}[1].subPath"));
        refuses(&CODE, "Deployment", &format!("{mounts}[1].subPath: /a"), &format!("{mounts}[1].subPath"));
        refuses(
            &CODE,
            "Deployment",
            &format!("{mounts}[1].subPath: a\n{mounts}[1].subPathExpr: b"),
            &format!("{mounts}[1].subPathExpr"),
        );
        refuses(
            &CODE,
            "Deployment",
            &format!("{mounts}[1].mountPropagation: Bidirectional"),
            &format!("{mounts}[1].mountPropagation"),
        );
        accepts("Deployment", &format!("{mounts}[1].subPath: a/..b\n{mounts}[1].mountPropagation: None"));
    }
}
