//! What kustomize's transformers of namespaces and labels write into an object, where nothing stands yet.
//!
//! Source: kustomize `api/internal/konfig/builtinpluginconsts/{namespace,commonlabels}.go`.

use std::collections::BTreeMap;

use crate::object::Object;
use crate::value::{Map, Value};

/// Writes the namespace of an object that lives in one.
pub(super) fn with_namespace(object: &mut Object, namespace: &str) {
    if object.id.namespace.is_none() {
        object.id.namespace = Some(namespace.to_owned());
        write(&mut object.value, &["metadata"], "namespace", namespace);
    }
}

/// Writes the namespace of the accounts that a binding names without one.
pub(super) fn with_namespace_of_accounts(object: &mut Object, namespace: &str) {
    let subjects = object.value.get_mut("subjects").and_then(Value::as_array_mut);
    for subject in subjects.into_iter().flatten().filter_map(Value::as_object_mut) {
        let is_account = subject.get("kind").and_then(Value::as_str) == Some("ServiceAccount");
        if is_account && subject.get("namespace").is_none_or(Value::is_null) {
            subject.insert("namespace", namespace.into());
        }
    }
}

/// Writes labels into an object, its selectors and its templates.
pub(super) fn with_labels(object: &mut Object, labels: &BTreeMap<String, String>) {
    if labels.is_empty() {
        return;
    }
    let paths: &[&[&str]] = match object.id.gvk.kind.as_str() {
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" => {
            &[&["spec", "selector", "matchLabels"], &["spec", "template", "metadata", "labels"]]
        }
        "ReplicationController" => &[&["spec", "selector"], &["spec", "template", "metadata", "labels"]],
        "Service" => &[&["spec", "selector"]],
        "Job" => &[&["spec", "template", "metadata", "labels"]],
        "CronJob" => &[
            &["spec", "jobTemplate", "metadata", "labels"],
            &["spec", "jobTemplate", "spec", "template", "metadata", "labels"],
        ],
        _ => &[],
    };
    // These are completed where they stand and never made.
    let selectors: &[&[&str]] = match object.id.gvk.kind.as_str() {
        "PodDisruptionBudget" => &[&["spec", "selector", "matchLabels"]],
        "NetworkPolicy" => &[&["spec", "podSelector", "matchLabels"]],
        _ => &[],
    };
    let selectors = selectors.iter().filter(|path| at(&object.value, path).is_some()).copied();
    let paths: Vec<&[&str]> =
        [&["metadata", "labels"][..]].into_iter().chain(paths.iter().copied()).chain(selectors).collect();
    for path in paths {
        labels.iter().for_each(|(key, value)| write(&mut object.value, path, key, value));
    }
}

fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// Writes an entry of a map, which is made where it is missing. What is no map is left as it is.
fn write(value: &mut Value, path: &[&str], key: &str, text: &str) {
    let mut place = value;
    for part in path {
        let Some(map) = place.as_object_mut() else { return };
        let next = map.entry(*part).or_insert(Value::Null);
        if next.is_null() {
            *next = Value::Object(Map::new());
        }
        place = next;
    }
    if let Some(map) = place.as_object_mut() {
        map.insert(key, text.into());
    }
}
