//! `rel-rwo-multi-replica`: no two nodes fight for a volume.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::workloads;

code! {
    "rel-rwo-multi-replica", Error,
    means: "A workload with several replicas, or one that is updated before the old pod is gone, mounts a claim that only one node may use.",
    matters: "The second pod waits for ever for a volume that the first one holds, unless both happen to be on one node.",
    example: "spec: { replicas: 2, template: { spec: { volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }] } } }   # ReadWriteOnce",
    instead: "kind: StatefulSet\nspec: { volumeClaimTemplates: [{ metadata: { name: data } }] }",
    source: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    if scene.context.external.single_node {
        return;
    }
    for pods in scene.pods() {
        let several = workloads::bounds(scene, pods.subject).is_some_and(|(_, most)| most > 1);
        if !several && pods.subject.kind != "DaemonSet" {
            continue;
        }
        for (claim, name) in workloads::lone_claims(scene, pods) {
            let message = format!("several pods share the claim `{name}`, which one node alone may use");
            found.of(pods.subject.index).add(&CODE, (claim, "claimName"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_volume_has_one_node() {
        let tree = |replicas: u8| {
            format!(
                "{{fixture: PersistentVolumeClaim}}\n---\n{{fixture: Deployment, edits: \"spec.replicas: {replicas}\\nspec.template.spec.volumes[3]: {{ name: data, persistentVolumeClaim: {{ claimName: data }} }}\"}}"
            )
        };
        finds(
            &CODE,
            &tree(2),
            &[("Deployment core/api", "spec.template.spec.volumes[3].persistentVolumeClaim.claimName")],
        );
        finds(&CODE, &tree(1), &[]);
    }
}
