//! `res-memory-request`: each container says how much memory it needs.

use super::amounts;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "res-memory-request", Warning,
    means: "A container has no request of memory, and neither its pod nor a LimitRange of the tree has one for it.",
    matters: "The scheduler takes it for a container that needs none, and the kernel kills something when the node is full.",
    example: "resources: {}",
    instead: "resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }",
    source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods() {
        if amounts::is_filled_in(scene, (pods.subject.namespace(), &pods.template), "requests", "memory") {
            continue;
        }
        for container in pods.template.containers() {
            if amounts::written(container, "requests", "memory").is_none() {
                let message = format!("`{}` has no request of memory", container.text_or_empty("name"));
                found.of(pods.subject.index).add(&CODE, (container, "resources"), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn amounts_are_named() {
        let bare = "{fixture: DaemonSet}";
        finds(&CODE, bare, &[("DaemonSet core/agent", "spec.template.spec.containers[0].resources")]);
        let amount = "resources: { requests: { memory: '1' } }";
        finds(
            &CODE,
            &format!("{{fixture: DaemonSet, edits: \"spec.template.spec.containers[0].{amount}\"}}"),
            &[],
        );
        finds(&CODE, &format!("{bare}\n---\n{{fixture: LimitRange}}"), &[]);
    }
}
