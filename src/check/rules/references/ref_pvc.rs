//! `ref-pvc`: each claim that a pod mounts is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-pvc", Error,
    means: "A volume names a PersistentVolumeClaim that is neither in the tree nor declared.",
    matters: "The pod stays `Pending`.",
    example: "volumes: [{ name: data, persistentVolumeClaim: { claimName: dta } }]",
    instead: "volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]",
    source: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods() {
        for volume in pods.template.volumes() {
            let Some(claim) = volume.child("persistentVolumeClaim") else { continue };
            let (name, namespace) = (claim.text_or_empty("claimName"), pods.subject.namespace());
            if !name.is_empty() && !scene.exists("PersistentVolumeClaim", namespace, name) {
                let message = format!("there is no PersistentVolumeClaim {namespace}/{name}");
                found.of(pods.subject.index).add(&CODE, (claim, "claimName"), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_claim_is_there() {
        let pod = "{fixture: Pod, edits: 'spec.volumes: [{ name: a, persistentVolumeClaim: { claimName: data } }]'}";
        finds(&CODE, pod, &[("Pod core/probe", "spec.volumes[0].persistentVolumeClaim.claimName")]);
        finds(&CODE, &format!("{{fixture: PersistentVolumeClaim}}\n---\n{pod}"), &[]);
    }
}
