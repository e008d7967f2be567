//! `res-memory-limit`: each container says how much memory it may take.

use super::amounts;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "res-memory-limit", Warning,
    means: "A container has no limit of memory, and neither its pod nor a LimitRange of the tree has one for it.",
    matters: "A leak in it takes the memory of the node, and with it the pods of others.",
    example: "resources: {}",
    instead: "resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }",
    source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods() {
        if amounts::is_filled_in(scene, (pods.subject.namespace(), &pods.template), "limits", "memory") {
            continue;
        }
        for container in pods.template.containers() {
            if amounts::written(container, "limits", "memory").is_none() {
                let message = format!("`{}` has no limit of memory", container.text_or_empty("name"));
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
        let amount = "resources: { limits: { memory: '1' } }";
        finds(
            &CODE,
            &format!("{{fixture: DaemonSet, edits: \"spec.template.spec.containers[0].{amount}\"}}"),
            &[],
        );
        finds(&CODE, &format!("{bare}\n---\n{{fixture: LimitRange}}"), &[]);
    }
}
