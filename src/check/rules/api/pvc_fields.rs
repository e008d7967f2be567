//! `pvc-fields`: a claim says how it is accessed and how large it is.

use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::Code;
use crate::value::Value;

code! {
    "pvc-fields", Error,
    means: "A PersistentVolumeClaim has no access mode or an unknown one, `ReadWriteOncePod` beside others, no positive `storage` request, or an unknown volume mode.",
    matters: "The API server refuses the object.",
    example: "spec: { accessModes: [RWO], resources: { requests: { storage: 0 } } }",
    instead: "spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Gi } } }",
    source: "ValidatePersistentVolumeClaimSpec in pkg/apis/core/validation"
}

const ACCESS_MODES: [&str; 4] = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if let Some(spec) = subject.spec_of("PersistentVolumeClaim") {
        claim_problems(subject, spec, &CODE, found);
    }
}

/// Reports what is wrong with the spec of a claim, under the code of whoever holds it.
pub(super) fn claim_problems<'a>(
    subject: &Subject<'a>,
    spec: &'a Value,
    code: &'static Code,
    found: &mut Findings<'a>,
) {
    access_modes(spec, code, found);
    size(spec, code, found);
    for key in ["storageClassName", "volumeAttributesClassName"] {
        let class = spec.text_or_empty(key);
        if key == "volumeAttributesClassName" && !subject.serves(Feature::VolumeAttributesClass) {
            continue;
        }
        if !class.is_empty()
            && let Some(problem) = format::dns_subdomain(class)
        {
            found.add(code, (spec, key), format!("the class `{class}` is {problem}"));
        }
    }
    if let Some(mode) = spec.text("volumeMode").filter(|mode| !matches!(*mode, "Filesystem" | "Block")) {
        found.add(code, (spec, "volumeMode"), format!("`{mode}` is neither Filesystem nor Block"));
    }
    source(spec, "dataSourceRef", code, found);
}

/// A source of another kind than a claim has a group. A claim's own `dataSource` without one is dropped in silence;
/// that of a claim template is refused.
pub(super) fn source<'a>(spec: &'a Value, key: &str, code: &'static Code, found: &mut Findings<'a>) {
    // A source in another namespace is dropped, as long as a cluster does not allow them.
    let is_elsewhere = |source: &&Value| code == &CODE && !source.text_or_empty("namespace").is_empty();
    let Some(source) = spec.child(key).filter(|source| !is_elsewhere(source)) else { return };
    let kind = source.text_or_empty("kind");
    if source.text_or_empty("apiGroup").is_empty() && kind != "PersistentVolumeClaim" {
        found.add(code, source, format!("a source of kind `{kind}` needs its `apiGroup`"));
    }
}

/// The modes of a claim, or of a volume.
pub(super) fn access_modes<'a>(spec: &'a Value, code: &'static Code, found: &mut Findings<'a>) {
    let modes = spec.items("accessModes");
    if modes.is_empty() {
        found.add(code, (spec, "accessModes"), "there is no access mode");
    }
    let is_unknown =
        |mode: &Value| mode.is_null() || mode.as_str().is_some_and(|mode| !ACCESS_MODES.contains(&mode));
    for mode in modes.iter().filter(|mode| is_unknown(mode)) {
        let message = format!("{mode} is no access mode; there are {}", ACCESS_MODES.join(", "));
        found.add(code, mode, message);
    }
    let known = || spec.texts("accessModes").filter(|mode| ACCESS_MODES.contains(mode));
    if known().any(|mode| mode == "ReadWriteOncePod") && known().any(|mode| mode != "ReadWriteOncePod") {
        found.add(code, (spec, "accessModes"), "`ReadWriteOncePod` stands alone");
    }
}

fn size<'a>(spec: &'a Value, code: &'static Code, found: &mut Findings<'a>) {
    let Some(storage) = spec.below(&["resources", "requests", "storage"]) else {
        let message = "the claim does not say how much storage it wants, in `resources.requests.storage`";
        found.add(code, (spec, "resources"), message);
        return;
    };
    if Quantity::of(storage).is_some_and(|quantity| quantity <= Quantity::ZERO) {
        found.add(code, storage, format!("the claim asks for {storage} of storage"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn claims_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "PersistentVolumeClaim", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("accessModes: []", "accessModes");
        refused("accessModes: [RWO]", "accessModes[0]");
        refused("accessModes: [ReadWriteOncePod, ReadWriteOnce]", "accessModes");
        refused("resources.requests.storage: 0", "resources.requests[storage]");
        refused("resources: ~absent", "resources");
        refused("volumeMode: File", "volumeMode");
        refused("storageClassName: Fast", "storageClassName");
        refused("dataSourceRef: { kind: VolumeSnapshot, name: a }", "dataSourceRef");
        accepts("PersistentVolumeClaim", "spec.storageClassName: ''");
        accepts("PersistentVolumeClaim", "spec.dataSource: { kind: PersistentVolumeClaim, name: a }");
    }
}
