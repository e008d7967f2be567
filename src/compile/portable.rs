//! What of the base belongs to one cloud: the base holds in every environment, so it may name none.

use crate::diag::Diagnostic;
use crate::object::Object;
use crate::resolve::border::CLOUD_IN_BASE;
use crate::value::Value;

/// Words by which the annotations, drivers and kinds of the large clouds are known.
const CLOUDS: [&str; 11] = [
    "alb.ingress.kubernetes.io",
    "amazonaws.com",
    "aws-load-balancer",
    "azure",
    "cloud.google.com",
    "eks.amazonaws.com",
    "gke.io",
    "kubernetes.azure.com",
    "networking.gke.io",
    "csi.aws.com",
    "csi.storage.gke.io",
];
/// Storage classes that a cloud brings along.
const CLASSES: [&str; 9] = [
    "azurefile",
    "default-azure",
    "gp2",
    "gp3",
    "managed-csi",
    "managed-premium",
    "premium-rwo",
    "standard-rwo",
    "enterprise-rwx",
];

/// Every object of the base that only one cloud understands, with what shows it.
pub(super) fn find(objects: &[Object]) -> Vec<(&Object, Diagnostic)> {
    let found = objects.iter().filter_map(|object| Some((object, cloud(object)?)));
    found
        .map(|(object, what)| {
            let message = format!("{what} belongs to one cloud, and the base holds in every environment");
            let problem = Diagnostic::new(&CLOUD_IN_BASE, message).object(object.id.to_string(), None);
            (object, problem.hint("move it to the environments that run there"))
        })
        .collect()
}

fn cloud(object: &Object) -> Option<String> {
    let api = object.id.gvk.group();
    if is_of_cloud(api) {
        return Some(format!("the kind {}", object.id.gvk.kind));
    }
    annotations(&object.value).or_else(|| class(&object.value))
}

/// The first annotation of a cloud, on the object, its pods or its claims.
fn annotations(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(key, value)| match value {
            Value::Object(pairs) if key == "annotations" => {
                pairs.keys().find(|key| is_of_cloud(key)).map(|key| format!("the annotation {key}"))
            }
            value => annotations(value),
        }),
        Value::Array(items) => items.iter().find_map(annotations),
        _ => None,
    }
}

/// The first storage class or driver of a cloud.
fn class(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.iter().find_map(|(key, value)| match value {
            Value::String(name) if key == "storageClassName" && CLASSES.contains(&name.as_str()) => {
                Some(format!("the storage class {name}"))
            }
            Value::String(driver) if key == "provisioner" && is_of_cloud(driver) => {
                Some(format!("the driver {driver}"))
            }
            value => class(value),
        }),
        Value::Array(items) => items.iter().find_map(class),
        _ => None,
    }
}

fn is_of_cloud(text: &str) -> bool {
    CLOUDS.iter().any(|cloud| text.contains(cloud))
}
