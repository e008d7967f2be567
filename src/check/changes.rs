//! What a cluster refuses to change: two trees of objects beside each other.
//!
//! Takes the objects that are there and those that are to replace them; gives a finding for each field that no cluster
//! changes. An object that is in one of them alone is no change. A field that is left out counts as its default.

use std::collections::BTreeMap;

use super::finding::{Finding, Findings};
use super::quantity::Quantity;
use super::rules::IMMUTABLE_FIELD;
use super::values::Fields;
use crate::object::Object;
use crate::source::KeyPath;
use crate::value::{Value, json};

/// The kinds with fields that stay, those fields, and what they are where they are left out.
const FIXED: &[(&str, &[&str], &str)] = &[
    ("Deployment", &["spec", "selector"], ""),
    ("DaemonSet", &["spec", "selector"], ""),
    ("ReplicaSet", &["spec", "selector"], ""),
    ("StatefulSet", &["spec", "selector"], ""),
    ("StatefulSet", &["spec", "serviceName"], "\"\""),
    ("StatefulSet", &["spec", "podManagementPolicy"], "\"OrderedReady\""),
    ("StatefulSet", &["spec", "volumeClaimTemplates"], "[]"),
    ("Job", &["spec", "selector"], ""),
    ("Job", &["spec", "template"], ""),
    ("Job", &["spec", "completionMode"], "\"NonIndexed\""),
    ("Job", &["spec", "podFailurePolicy"], ""),
    ("Job", &["spec", "backoffLimitPerIndex"], ""),
    ("Job", &["spec", "managedBy"], ""),
    ("Job", &["spec", "successPolicy"], ""),
    ("Secret", &["type"], "\"Opaque\""),
    ("RoleBinding", &["roleRef"], ""),
    ("ClusterRoleBinding", &["roleRef"], ""),
    ("IngressClass", &["spec", "controller"], ""),
    ("StorageClass", &["provisioner"], ""),
    ("StorageClass", &["parameters"], "{}"),
    ("StorageClass", &["reclaimPolicy"], "\"Delete\""),
    ("StorageClass", &["volumeBindingMode"], "\"Immediate\""),
    ("PriorityClass", &["value"], ""),
    ("PriorityClass", &["preemptionPolicy"], "\"PreemptLowerPriority\""),
    ("PersistentVolumeClaim", &["spec", "accessModes"], ""),
    ("PersistentVolumeClaim", &["spec", "selector"], ""),
    ("PersistentVolumeClaim", &["spec", "storageClassName"], ""),
    ("PersistentVolumeClaim", &["spec", "volumeMode"], "\"Filesystem\""),
    ("PersistentVolumeClaim", &["spec", "dataSource"], ""),
    ("RuntimeClass", &["handler"], ""),
    ("CustomResourceDefinition", &["spec", "scope"], ""),
    ("CustomResourceDefinition", &["spec", "group"], ""),
];

/// The fields of `new` that differ from those of `old` and that no cluster changes.
#[must_use]
pub fn changes(old: &[Object], new: &[Object]) -> Vec<Finding> {
    let before: BTreeMap<_, &Object> = old.iter().map(|object| (identity(object), object)).collect();
    let mut found = Findings::default();
    for (index, object) in new.iter().enumerate() {
        if let Some(before) = before.get(&identity(object)) {
            found.of(index);
            compare(&before.value, object, &mut found);
        }
    }
    found.finish(new)
}

/// Versions of one kind are the same object.
fn identity(object: &Object) -> (&str, &str, &str, &str) {
    let id = &object.id;
    (id.gvk.group(), &id.gvk.kind, id.namespace.as_deref().unwrap_or_default(), &id.name)
}

fn compare(old: &Value, object: &Object, found: &mut Findings<'_>) {
    let kind = object.id.gvk.kind.as_str();
    let new = &object.value;
    // The pods of a Job that is suspended have not been made yet.
    let is_suspended = kind == "Job" && old.below(&["spec", "suspend"]) == Some(&Value::Bool(true));
    for (_, path, default) in FIXED.iter().filter(|(own, ..)| *own == kind) {
        if !(is_suspended && path.last() == Some(&"template")) {
            let default: Value = serde_json::from_str(default).unwrap_or(Value::Null);
            let of = |object: &Value| object.below(path).cloned().unwrap_or_else(|| default.clone());
            if of(old) != of(new) && !is_filled_in(kind, path, old, new) {
                add(found, path, "changes");
            }
        }
    }
    match kind {
        "Service" => address(old, new, found),
        "ConfigMap" | "Secret" if old.is_true("immutable") => data(old, new, found),
        "PersistentVolumeClaim" => storage(old, new, found),
        _ => {}
    }
}

/// What the cluster chooses where it is left out: a class, the selector of a Job.
fn is_filled_in(kind: &str, path: &[&str], old: &Value, new: &Value) -> bool {
    let chosen = matches!(
        (kind, path.last()),
        ("PersistentVolumeClaim", Some(&"storageClassName")) | ("Job", Some(&"selector"))
    );
    chosen && (old.below(path).is_none() || new.below(path).is_none())
}

fn add(found: &mut Findings<'_>, path: &[&str], what: &str) {
    let field = path.join(".");
    let message = format!("`{field}` {what}, which a cluster does not do to an object that is there");
    let hint =
        "leave it as it was, give the object another name, or delete it before it is made anew".to_owned();
    found.add_with_hint(&IMMUTABLE_FIELD, KeyPath::of(path.iter().copied()), message, Some(hint));
}

/// An address that was asked for stays.
fn address(old: &Value, new: &Value, found: &mut Findings<'_>) {
    let path = ["spec", "clusterIP"];
    let of = |object: &'_ Value| object.below(&path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_external = |object: &Value| object.below(&["spec", "type"]) == Some(&json!("ExternalName"));
    let (before, after) = (of(old), of(new));
    // Headless or not is an address too; one that is left out is the cluster's own choice, which is never None.
    let differs = if before.is_empty() || after.is_empty() {
        [before, after].contains(&"None".to_owned())
    } else {
        before != after
    };
    if differs && !is_external(old) && !is_external(new) {
        add(found, &path, "changes");
    }
}

fn data(old: &Value, new: &Value, found: &mut Findings<'_>) {
    if !new.is_true("immutable") {
        add(found, &["immutable"], "is taken back");
    }
    for key in ["data", "binaryData", "stringData"] {
        if old.child(key) != new.child(key) {
            add(found, &[key], "changes");
        }
    }
}

/// A claim grows and never shrinks.
fn storage(old: &Value, new: &Value, found: &mut Findings<'_>) {
    let path = ["spec", "resources", "requests", "storage"];
    let of = |object: &Value| object.below(&path).and_then(Quantity::of);
    if of(old).zip(of(new)).is_some_and(|(before, after)| after < before) {
        add(found, &path, "shrinks");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{edited, objects};
    use super::*;

    fn fields(kind: &str, before: &str, after: &str) -> Vec<String> {
        let of = |edits: &str| Object::from_value(edited(kind, edits), "component", KeyPath::root());
        let found = changes(&[of(before)], &[of(after)]);
        found.into_iter().map(|it| it.diagnostic.field.unwrap_or_default()).collect()
    }

    #[test]
    fn what_stays_is_found_and_what_may_change_is_not() {
        let selector = "spec.selector.matchLabels: {app: other}";
        assert_eq!(fields("Deployment", "", selector), ["spec.selector"]);
        assert_eq!(fields("Deployment", "", "spec.replicas: 7"), Vec::<String>::new());
        assert_eq!(
            fields("StatefulSet", "", "spec.podManagementPolicy: Parallel"),
            ["spec.podManagementPolicy"]
        );
        assert!(fields("StatefulSet", "", "spec.podManagementPolicy: OrderedReady").is_empty());
        assert_eq!(fields("Job", "", "spec.template.spec.priority: 5"), ["spec.template"]);
        assert!(fields("Job", "spec.suspend: true", "spec.template.spec.priority: 5").is_empty());
        assert_eq!(fields("RoleBinding", "", "roleRef.name: other"), ["roleRef"]);
        assert_eq!(fields("StorageClass", "", "reclaimPolicy: Recycle"), ["reclaimPolicy"]);
    }

    #[test]
    fn data_addresses_and_claims_have_rules_of_their_own() {
        assert!(fields("ConfigMap", "", "data.LEVEL: other").is_empty());
        assert_eq!(fields("ConfigMap", "immutable: true", "data.LEVEL: other"), ["immutable", "data"]);
        assert_eq!(fields("Service", "spec.clusterIP: ~absent", "spec.clusterIP: None"), ["spec.clusterIP"]);
        assert!(fields("Service", "spec.clusterIP: ~absent", "spec.clusterIP: 10.0.0.1").is_empty());
        let size = "spec.resources.requests.storage";
        assert_eq!(
            fields("PersistentVolumeClaim", &format!("{size}: 10Gi"), &format!("{size}: 5Gi")),
            ["spec.resources.requests[storage]"]
        );
        assert!(
            fields("PersistentVolumeClaim", &format!("{size}: 10Gi"), &format!("{size}: 20Gi")).is_empty()
        );
    }

    #[test]
    fn an_object_that_is_new_is_no_change() {
        let old = objects("fixture: Deployment");
        assert!(changes(&old, &objects("{fixture: Deployment, edits: 'metadata.name: other'}")).is_empty());
    }
}
