//! `persistent-volume-fields`: how a `PersistentVolume` is accessed, how large it is, and where it lies.

use super::ask::Ask;
use super::persistent_volume_source::{self, SOURCES};
use super::{pod_affinity, pvc_fields};
use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "persistent-volume-fields", Error,
    means: "A PersistentVolume has no access mode or an unknown one, a capacity that is not a positive amount of `storage` alone, not exactly one source, a source that is not well-formed, a local path without node affinity, or an unknown policy or mode; or a VolumeAttachment does not say by whom, to which node and what.",
    matters: "The API server refuses the object.",
    example: "spec: { accessModes: [ReadWriteOnce], capacity: { storage: 10Gi }, local: { path: /data } }",
    instead: "spec:\n  accessModes: [ReadWriteOnce]\n  capacity: { storage: 10Gi }\n  local: { path: /data }\n  nodeAffinity:\n    required: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [a] }] }] }",
    source: "ValidatePersistentVolumeSpec in pkg/apis/core/validation; ValidateVolumeAttachment in pkg/apis/storage/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let mut ask = Ask::new(&CODE, found);
    if let Some(spec) = subject.spec_of("PersistentVolume") {
        volume(subject, spec, &mut ask);
    }
    if let Some(spec) = subject.spec_of("VolumeAttachment") {
        attachment(spec, &mut ask);
    }
}

fn volume<'a>(subject: &Subject<'a>, spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    pvc_fields::access_modes(spec, &CODE, ask.findings());
    capacity(spec, ask);
    ask.form_if_any(spec, "storageClassName", format::dns_subdomain);
    if !spec.text_or_empty("persistentVolumeReclaimPolicy").is_empty() {
        ask.word(spec, "persistentVolumeReclaimPolicy", &["Delete", "Recycle", "Retain"]);
    }
    ask.word(spec, "volumeMode", &["Block", "Filesystem"]);
    if let Some(affinity) = spec.child("nodeAffinity") {
        node_affinity(affinity, ask);
    }
    if spec.child("local").is_some() && spec.child("nodeAffinity").is_none() {
        ask.refuse(
            (spec, "nodeAffinity"),
            "a local path is on some nodes and not on others: `nodeAffinity` has to say which",
        );
    }
    sources(subject.name(), spec, ask);
    if spec.child("volumeAttributesClassName").is_some() && subject.serves(Feature::VolumeAttributesClass) {
        ask.form(spec, "volumeAttributesClassName", format::dns_subdomain);
        if spec.child("csi").is_none() {
            ask.refuse((spec, "csi"), "only drivers have attributes, and `csi` is missing");
        }
    }
}

fn capacity<'a>(spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    if spec.get("capacity").is_some_and(|it| !it.is_null() && !it.is_object()) {
        return;
    }
    let count = spec.entries("capacity").count();
    if count != 1 || spec.entries("capacity").all(|(name, _)| name != "storage") {
        ask.refuse((spec, "capacity"), "the capacity is an amount of `storage`, and nothing else");
    }
    for (name, amount) in spec.entries("capacity") {
        if amount.is_null() || Quantity::of(amount).is_some_and(|it| it <= Quantity::ZERO) {
            ask.refuse(amount, format!("the amount of {name} is not above zero: {amount}"));
        }
    }
}

fn node_affinity<'a>(affinity: &'a Value, ask: &mut Ask<'_, 'a>) {
    let Some(required) = affinity.child("required") else {
        ask.refuse((affinity, "required"), "`required` is missing");
        return;
    };
    if required.child("nodeSelectorTerms").is_some() && required.items("nodeSelectorTerms").is_empty() {
        ask.refuse((required, "nodeSelectorTerms"), "the node selector has no term");
    }
    for term in required.items("nodeSelectorTerms") {
        pod_affinity::node_term(term, true, ask.findings());
    }
}

fn sources<'a>(name: &str, spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    let mut first = None;
    for key in SOURCES {
        let Some(source) = spec.child(key) else { continue };
        // Of `flexVolume` the server does not ask whether it is the only one.
        match first {
            Some(first) if key != "flexVolume" => {
                ask.refuse((spec, key), format!("a volume has one source, and `{first}` is one already"));
            }
            _ => persistent_volume_source::check(name, key, source, ask),
        }
        first = first.or(Some(key));
    }
    if first.is_none() {
        ask.refuse(spec, "the volume has no source, as `csi` or `nfs`");
    }
    let path = spec.below(&["hostPath", "path"]).and_then(Value::as_str).unwrap_or("");
    let is_root = !path.is_empty() && path.split('/').all(|step| matches!(step, "" | "."));
    if is_root && path.starts_with('/') && spec.text("persistentVolumeReclaimPolicy") == Some("Recycle") {
        ask.refuse((spec, "persistentVolumeReclaimPolicy"), "the root of a node cannot be recycled");
    }
}

fn attachment<'a>(spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.form(spec, "attacher", format::driver_name);
    ask.form(spec, "nodeName", format::dns_subdomain);
    let Some(source) = spec.child("source") else { return };
    match (source.child("persistentVolumeName"), source.child("inlineVolumeSpec")) {
        (Some(_), None) => ask.form(source, "persistentVolumeName", format::dns_subdomain),
        (None, Some(inline)) => self::inline(inline, ask),
        (Some(_), Some(_)) => {
            ask.form(source, "persistentVolumeName", format::dns_subdomain);
            ask.refuse(
                source,
                "what is attached is named by exactly one of `persistentVolumeName` and `inlineVolumeSpec`",
            );
        }
        (None, None) => ask.refuse(
            source,
            "what is attached is named by one of `persistentVolumeName` and `inlineVolumeSpec`",
        ),
    }
}

/// The volume of a pod that becomes one of a driver.
fn inline<'a>(spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    pvc_fields::access_modes(spec, &CODE, ask.findings());
    for key in ["claimRef", "nodeAffinity"] {
        ask.absent(spec, key, "in the volume of a pod");
    }
    if spec.entries("capacity").next().is_some() {
        ask.refuse((spec, "capacity"), "`capacity` has no place in the volume of a pod");
    }
    if !spec.text_or_empty("storageClassName").is_empty() {
        ask.refuse((spec, "storageClassName"), "`storageClassName` has no place in the volume of a pod");
    }
    if !spec.text_or_empty("persistentVolumeReclaimPolicy").is_empty() {
        ask.word(spec, "persistentVolumeReclaimPolicy", &["Retain"]);
    }
    ask.word(spec, "volumeMode", &["Filesystem"]);
    if spec.child("csi").is_none() {
        ask.refuse((spec, "csi"), "the volume of a pod is attached by a driver, and `csi` is missing");
    }
    let present: Vec<_> = SOURCES.into_iter().filter(|key| spec.child(key).is_some()).collect();
    for (index, key) in present.into_iter().enumerate() {
        match spec.child(key) {
            Some(source) if index == 0 => persistent_volume_source::check("", key, source, ask),
            _ => ask.refuse((spec, key), "a volume has one source"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn volumes_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "PersistentVolume", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("accessModes: []", "accessModes");
        refused("accessModes: [ReadWriteOncePod, ReadWriteOnce]", "accessModes");
        refused("capacity: { storage: 0 }", "capacity[storage]");
        refused("capacity: ~absent", "capacity");
        refused("capacity: { storage: 1Gi, cpu: 1 }", "capacity");
        refused("persistentVolumeReclaimPolicy: Keep", "persistentVolumeReclaimPolicy");
        refused("storageClassName: Fast", "storageClassName");
        refused("nfs: { server: a, path: / }", "csi");
        refuses(&CODE, "PersistentVolume", "spec.csi: ~absent", "spec");
        refused("csi.driver: a b", "csi.driver");
        refused("csi.nodePublishSecretRef: { name: a }", "csi.nodePublishSecretRef.namespace");
        refused("csi: ~absent\nspec.nfs: { server: a, path: b }", "nfs.path");
        refused("csi: ~absent\nspec.local: { path: /a }\nspec.nodeAffinity: ~absent", "nodeAffinity");
        accepts("PersistentVolume", "spec.persistentVolumeReclaimPolicy: ''");
    }

    #[test]
    fn attachments_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "VolumeAttachment", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("attacher: a b", "attacher");
        refused("nodeName: A", "nodeName");
        refused("source: {}", "source");
        accepts(
            "VolumeAttachment",
            "spec.source: { inlineVolumeSpec: { accessModes: [ReadWriteOnce], csi: { driver: a.b, volumeHandle: c } } }",
        );
    }
}
