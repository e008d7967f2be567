//! What kustomize's transformers of namespaces and labels write into an object where nothing stands yet, and that of images in the
//! place of what stands.
//!
//! Source: kustomize `api/internal/konfig/builtinpluginconsts/{namespace,commonlabels,images}.go`, `api/filters/imagetag`.

use std::collections::BTreeMap;

use crate::check::image::Image;
use crate::manifest::NewImage;
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

/// Exchanges the images of the containers of an object's pods.
pub(super) fn with_images(object: &mut Object, images: &BTreeMap<String, NewImage>) {
    if images.is_empty() {
        return;
    }
    let path: &[&str] = match object.id.gvk.kind.as_str() {
        "Pod" => &["spec"],
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet" | "ReplicationController" | "Job" => {
            &["spec", "template", "spec"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => return,
    };
    let spec = path.iter().try_fold(&mut *object.value, |value, key| value.get_mut(*key));
    let Some(spec) = spec else { return };
    for list in ["containers", "initContainers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(image) = new_image(container, images)
                && let Some(container) = container.as_object_mut()
            {
                container.insert("image", image.into());
            }
        }
    }
}

fn new_image(container: &Value, images: &BTreeMap<String, NewImage>) -> Option<String> {
    container.get("image").and_then(Value::as_str).and_then(|image| exchanged(image, images))
}

/// What becomes of an image; `None` where nothing is said of it.
fn exchanged(image: &str, images: &BTreeMap<String, NewImage>) -> Option<String> {
    let image = Image::of(image);
    let new = images.get(image.name)?;
    let (tag, digest) = match (new.tag.as_deref(), new.digest.as_deref()) {
        (None, None) => (image.tag, image.digest),
        said => said,
    };
    let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    let digest = digest.map(|digest| format!("@{digest}")).unwrap_or_default();
    Some(format!("{}{tag}{digest}", new.name.as_deref().unwrap_or(image.name)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_becomes_what_is_said_of_its_name() {
        let new = |name: &str, tag: &str, digest: &str| {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            NewImage { name: text(name), tag: text(tag), digest: text(digest) }
        };
        let images: BTreeMap<String, NewImage> = [
            ("api", new("", "1.2.3", "")),
            ("registry.example:5000/web", new("mirror.example/web", "", "")),
            ("db", new("", "", "sha256:00")),
            ("both", new("", "2", "sha256:11")),
        ]
        .into_iter()
        .map(|(name, new)| (name.to_owned(), new))
        .collect();
        for (image, made) in [
            ("api", Some("api:1.2.3")),
            ("api:latest@sha256:22", Some("api:1.2.3")),
            ("registry.example:5000/web:7", Some("mirror.example/web:7")),
            ("db:13", Some("db@sha256:00")),
            ("both", Some("both:2@sha256:11")),
            ("other/api", None),
        ] {
            assert_eq!(exchanged(image, &images).as_deref(), made, "{image}");
        }
    }
}
