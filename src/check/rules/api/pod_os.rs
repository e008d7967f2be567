//! `pod-os`: a pod that names its operating system keeps to it.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "pod-os", Error,
    means: "`spec.os.name` is neither `linux` nor `windows`, or the pod has settings of the other one.",
    matters: "The API server refuses the object.",
    example: "os: { name: windows }\nsecurityContext: { fsGroup: 1000 }",
    instead: "os: { name: windows }",
    source: "validateOS, validateLinux and validateWindows in pkg/apis/core/validation"
}

/// Settings of a pod's security context that Windows does not have.
const LINUX_POD: [&str; 11] = [
    "appArmorProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "runAsGroup",
    "runAsUser",
    "seLinuxChangePolicy",
    "seLinuxOptions",
    "seccompProfile",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "sysctls",
];

/// Settings of a container's security context that Windows does not have.
const LINUX_CONTAINER: [&str; 10] = [
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities",
    "privileged",
    "procMount",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsUser",
    "seLinuxOptions",
    "seccompProfile",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let Some(name) = pod.spec.child("os").and_then(|os| os.text("name")) else { return };
    let (pod_fields, container_fields): (&[&str], &[&str]) = match name {
        "linux" => (&["windowsOptions"], &["windowsOptions"]),
        "windows" => (&LINUX_POD, &LINUX_CONTAINER),
        _ => {
            let os = pod.spec.child("os").unwrap_or(pod.spec);
            found.add(
                &CODE,
                (os, "name"),
                format!("`{name}` is no operating system; there are linux and windows"),
            );
            return;
        }
    };
    foreign(pod.spec.child("securityContext"), pod_fields, name, found);
    for container in pod.containers() {
        foreign(container.child("securityContext"), container_fields, name, found);
    }
    if name == "windows" {
        let shared =
            ["hostUsers", "shareProcessNamespace"].into_iter().filter(|key| pod.spec.child(key).is_some());
        for key in shared.chain(["hostPID", "hostIPC"].into_iter().filter(|key| pod.spec.is_true(key))) {
            found.add(&CODE, (pod.spec, key), format!("a windows pod has no `{key}`"));
        }
    }
}

fn foreign<'a>(context: Option<&'a Value>, fields: &[&'static str], os: &str, found: &mut Findings<'a>) {
    let Some(context) = context else { return };
    for key in fields.iter().copied().filter(|key| context.child(key).is_some()) {
        found.add(&CODE, (context, key), format!("a {os} pod has no `{key}`"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_pod_keeps_to_its_system() {
        let spec = "spec.template.spec";
        refuses(&CODE, "DaemonSet", &format!("{spec}.os: {{ name: macos }}"), &format!("{spec}.os.name"));
        refuses(
            &CODE,
            "DaemonSet",
            &format!("{spec}.os: {{ name: windows }}\n{spec}.securityContext: {{ fsGroup: 1 }}"),
            &format!("{spec}.securityContext.fsGroup"),
        );
        accepts(
            "DaemonSet",
            &format!("{spec}.os: {{ name: linux }}\n{spec}.securityContext: {{ fsGroup: 1 }}"),
        );
    }
}
