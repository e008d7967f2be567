//! `owner-managed-field`: no field that the cluster fills in itself.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "owner-managed-field", Warning,
    means: "The manifest has a field that the cluster writes: `status`, or in the metadata `uid`, `resourceVersion`, `generation`, `creationTimestamp`, `deletionTimestamp`, `managedFields` or `selfLink`.",
    matters: "It was copied out of a cluster. At best it is ignored; a `resourceVersion` or `uid` makes the next apply fail.",
    example: "metadata: { name: api, resourceVersion: \"12345\" }",
    instead: "metadata: { name: api }",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/"
}

const METADATA: [&str; 7] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "managedFields",
    "selfLink",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if let Some(metadata) = subject.metadata() {
        for key in METADATA.into_iter().filter(|key| metadata.child(key).is_some()) {
            found.add(&CODE, (metadata, key), format!("`metadata.{key}` is the cluster's to write"));
        }
    }
    let status = subject.value.child("status");
    if status.is_some_and(|status| status.as_object().is_none_or(|fields| !fields.is_empty())) {
        found.add(&CODE, (subject.value, "status"), "`status` is the cluster's to write");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn what_the_cluster_writes_is_left_out() {
        refuses(&CODE, "ConfigMap", "metadata.resourceVersion: '1'", "metadata.resourceVersion");
        refuses(&CODE, "Deployment", "status: { replicas: 1 }", "status");
        accepts("Deployment", "status: {}");
    }
}
