//! `ref-storage-class`: the storage class of each claim is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-storage-class", Error,
    means: "A claim names a storage class that neither the tree nor the cluster has.",
    passes: "Every name, where nothing says which storage classes the cluster has: neither `[external] storage-classes` of `bayplan-check.toml` nor the cluster of a platform.",
    matters: "The claim, and the pod that waits for it, stay `Pending`.",
    example: "storageClassName: standrd",
    instead: "storageClassName: standard",
    source: "https://kubernetes.io/docs/concepts/storage/storage-classes/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let Some(known) = &scene.context.external.storage_classes else { return };
    for (subject, spec) in scene.subjects.iter().flat_map(claims) {
        let name = spec.text_or_empty("storageClassName");
        if !name.is_empty() && !known.contains(name) && scene.find("StorageClass", "", name).is_none() {
            let message = format!("the cluster has no storage class `{name}`");
            found.of(subject.index).add(&CODE, (spec, "storageClassName"), message);
        }
    }
}

/// The specs of all claims that an object makes or is.
fn claims<'s, 'a>(subject: &'s Subject<'a>) -> impl Iterator<Item = (&'s Subject<'a>, &'a Value)> {
    let own = subject.spec_of("PersistentVolumeClaim");
    let templates =
        subject.pod.into_iter().flat_map(|pod| pod.claim_templates()).filter_map(|it| it.child("spec"));
    let volumes = subject.pod.into_iter().flat_map(|pod| pod.volumes());
    let ephemeral = volumes.filter_map(|volume| volume.below(&["ephemeral", "volumeClaimTemplate", "spec"]));
    own.into_iter().chain(templates).chain(ephemeral).map(move |spec| (subject, spec))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::External;
    use crate::check::testing::{finds, finds_with};

    #[test]
    fn a_class_is_there() {
        let claim = "{fixture: PersistentVolumeClaim}";
        let none = External { storage_classes: Some([].into()), ..External::default() };
        finds_with(&none, &CODE, claim, &[("PersistentVolumeClaim core/data", "spec.storageClassName")]);
        let one = External { storage_classes: Some(["standard".to_owned()].into()), ..External::default() };
        finds_with(&one, &CODE, claim, &[]);
        finds(&CODE, claim, &[]);
    }
}
