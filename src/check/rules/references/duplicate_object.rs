//! `duplicate-object`: no two objects are one.

use std::collections::BTreeMap;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;

code! {
    "duplicate-object", Error,
    means: "Two objects of the tree have the same group, kind, namespace and name: in the cluster they are one.",
    passes: "- Objects that no kustomization of the tree brings together: overlays of several environments, and files that lie beside them.\n- A Namespace that several files bring alike, because each needs it.",
    matters: "Whichever is applied last wins, and kustomize refuses the tree.",
    example: "# twice:\nkind: ConfigMap\nmetadata: { name: api, namespace: core }",
    instead: "kind: ConfigMap\nmetadata: { name: api-config, namespace: core }",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"
}

/// Two entities that are one object are usually several: a Service, an account and a controller. They are one mistake.
pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let mut first = BTreeMap::new();
    let mut twice: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for subject in scene.subjects.iter().filter(|subject| !subject.name().is_empty()) {
        let gvk = &subject.object.id.gvk;
        let identity = (gvk.group(), gvk.kind.as_str(), subject.namespace(), subject.name());
        let other = first.insert(identity, subject);
        if let Some(other) = other.filter(|other| !is_variant(scene, other, subject)) {
            twice.entry((&other.object.source, &subject.object.source)).or_default().push(subject);
        }
    }
    for ((one, two), subjects) in twice {
        let Some((subject, more)) = subjects.split_first() else { continue };
        let rest = match more.len() {
            0 => String::new(),
            1 => ", and one more object".to_owned(),
            count => format!(", and {count} more objects"),
        };
        let message = if one.segments().is_empty() && two.segments().is_empty() {
            format!("{} stands in the tree twice{rest}", subject.object.id)
        } else if one == two {
            format!("`{two}` makes {} twice{rest}", subject.object.id)
        } else {
            format!("`{one}` and `{two}` both make {}{rest}", subject.object.id)
        };
        let hint = if one.segments().is_empty() && !scene.context.origins.is_empty() {
            "give one of them another `name`; what is never applied together is checked by itself, or has a kustomization each"
        } else {
            "give one of them another `name`"
        };
        let hint = Some(hint.to_owned());
        found.of(subject.index).add_with_hint(&CODE, (subject.value, "metadata"), message, hint);
    }
}

/// Whether the two are never applied together, or whether it makes no difference: many files bring the namespace they need.
fn is_variant(scene: &Scene<'_>, one: &Subject<'_>, two: &Subject<'_>) -> bool {
    let is_same = one.kind == "Namespace" && !scene.context.origins.is_empty() && one.value == two.value;
    is_same || scene.context.origins.apart(one.index, two.index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn an_identity_is_used_once() {
        let twice = "{fixture: StorageClass}\n---\n{fixture: StorageClass}";
        finds(&CODE, twice, &[("StorageClass fast", "metadata")]);
        finds(
            &CODE,
            "{fixture: StorageClass}\n---\n{fixture: StorageClass, edits: 'metadata.name: slow'}",
            &[],
        );
    }
}
