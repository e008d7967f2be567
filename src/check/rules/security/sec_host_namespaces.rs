//! `sec-host-namespaces`: no pod shares the namespaces of its node.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-host-namespaces", Error,
    means: "A pod sets `hostNetwork`, `hostPID` or `hostIPC`.",
    matters: "It sees the traffic, the processes or the memory of everything else on its node, and no network policy holds it.",
    example: "hostNetwork: true",
    instead: "hostNetwork: false",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, Host Namespaces"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for key in ["hostNetwork", "hostPID", "hostIPC"] {
        if pod.spec.is_true(key) {
            found.add(
                &CODE,
                (pod.spec, key),
                format!("`{key}` lets the pod share a namespace with its node"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn pods_keep_to_themselves() {
        for key in ["hostNetwork", "hostPID", "hostIPC"] {
            let at = format!("spec.template.spec.{key}");
            advises(&CODE, "DaemonSet", &format!("{at}: true"), &at);
        }
        passes(&CODE, "DaemonSet", "spec.template.spec.hostPID: false");
    }
}
