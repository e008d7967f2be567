//! `ref-pvc`: each claim that a pod mounts is there.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-pvc", Error,
    means: "A volume names a PersistentVolumeClaim that is neither in the tree nor declared to be elsewhere.",
    passes: "- A claim that the template of a StatefulSet makes, and what `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make claims: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a claim of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).",
    matters: "The pod stays `Pending`.",
    example: "volumes: [{ name: data, persistentVolumeClaim: { claimName: dta } }]",
    instead: "volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]",
    source: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods() {
        let made: BTreeSet<&str> = pods.template.claim_template_names().collect();
        for volume in pods.template.volumes() {
            let Some(claim) = volume.child("persistentVolumeClaim") else { continue };
            // A claim that the set makes for each pod takes the place of a volume of its name.
            if volume.text("name").is_some_and(|name| made.contains(name)) {
                continue;
            }
            let (name, namespace) = (claim.text_or_empty("claimName"), pods.subject.namespace());
            if !name.is_empty() && !scene.exists("PersistentVolumeClaim", namespace, name) {
                let message = format!("there is no PersistentVolumeClaim {namespace}/{name}");
                let hint = scene.hint("PersistentVolumeClaim", namespace, name);
                found.of(pods.subject.index).add_with_hint(&CODE, (claim, "claimName"), message, hint);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{finds, finds_of};

    #[test]
    fn a_claim_is_there() {
        let pod = "{fixture: Pod, edits: 'spec.volumes: [{ name: a, persistentVolumeClaim: { claimName: data } }]'}";
        finds(&CODE, pod, &[("Pod core/probe", "spec.volumes[0].persistentVolumeClaim.claimName")]);
        finds(&CODE, &format!("{{fixture: PersistentVolumeClaim}}\n---\n{pod}"), &[]);
    }

    #[test]
    fn a_set_makes_its_claims() {
        let set = |name: &str| {
            format!(
                "{{fixture: StatefulSet, edits: 'spec.template.spec.volumes: [{{ name: {name}, persistentVolumeClaim: {{ claimName: x }} }}]'}}"
            )
        };
        finds_of(&CODE, &set("data"), &[]);
        finds_of(
            &CODE,
            &set("other"),
            &[("StatefulSet core/postgres", "spec.template.spec.volumes[0].persistentVolumeClaim.claimName")],
        );
    }
}
