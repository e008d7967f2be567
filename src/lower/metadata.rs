//! The metadata of an object: its name, where it lies, and what is written on it.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::absent;
use crate::model::Pairs;
use crate::names::DnsLabel;

/// The metadata of a cluster-scoped object.
pub(super) fn of_cluster(name: &str, labels: Pairs) -> ObjectMeta {
    ObjectMeta { name: Some(name.to_owned()), labels: absent::map(labels), ..ObjectMeta::default() }
}

/// The metadata of an object in a namespace.
pub(super) fn of(name: &str, namespace: &DnsLabel, labels: Pairs) -> ObjectMeta {
    ObjectMeta { namespace: Some(namespace.to_string()), ..of_cluster(name, labels) }
}

/// The same metadata with those annotations.
pub(super) fn annotated(metadata: ObjectMeta, annotations: Pairs) -> ObjectMeta {
    ObjectMeta { annotations: absent::map(annotations), ..metadata }
}

/// Pairs from literals and texts.
pub(super) fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Pairs {
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}
