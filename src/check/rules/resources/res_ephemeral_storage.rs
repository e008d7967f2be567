//! `res-ephemeral-storage`: each container says how much it writes to its node.

use crate::check::finding::Findings;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "res-ephemeral-storage", Warning,
    means: "A container has no request or no limit of ephemeral storage, or they differ.",
    matters: "Logs and scratch files fill the disk of the node, and the kubelet evicts pods by guess. This rule is off by default.",
    example: "resources: {}",
    instead: "resources: { requests: { ephemeral-storage: 1Gi }, limits: { ephemeral-storage: 1Gi } }",
    source: "kube-score container-ephemeral-storage-request-and-limit"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let side =
            |side: &str| container.below(&["resources", side, "ephemeral-storage"]).and_then(Quantity::of);
        if side("requests").is_none() || side("requests") != side("limits") {
            found.add(
                &CODE,
                (container, "resources"),
                "the request and the limit of ephemeral storage are not one amount",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn what_is_written_is_counted() {
        let at = "spec.template.spec.containers[0].resources";
        advises(&CODE, "DaemonSet", "", at);
        passes(
            &CODE,
            "DaemonSet",
            &format!(
                "{at}: {{ requests: {{ ephemeral-storage: 1Gi }}, limits: {{ ephemeral-storage: 1024Mi }} }}"
            ),
        );
    }
}
