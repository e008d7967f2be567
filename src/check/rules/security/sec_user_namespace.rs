//! `sec-user-namespace`: pods have users of their own.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-user-namespace", Note,
    means: "A pod does not set `hostUsers: false`.",
    matters: "With user namespaces, root in the container is nobody on the node; they are on by default since Kubernetes 1.33. Nodes need Linux 6.3 and a runtime that knows them.",
    example: "spec: { containers: [] }",
    instead: "spec: { hostUsers: false, containers: [] }",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let cannot =
        pod.is_windows() || ["hostNetwork", "hostPID", "hostIPC"].iter().any(|key| pod.spec.is_true(key));
    if !cannot && !pod.has_own_users() {
        found.add(&CODE, (pod.spec, "hostUsers"), "the users of the pod are those of its node");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn users_are_the_pods() {
        advises(&CODE, "Deployment", "", "spec.template.spec.hostUsers");
        passes(&CODE, "Deployment", "spec.template.spec.hostUsers: false");
        passes(&CODE, "Deployment", "spec.template.spec.hostNetwork: true");
    }
}
