//! `meta-namespace-scope`: an object of the whole cluster names no namespace.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "meta-namespace-scope", Warning,
    means: "The kind is not namespaced, and the object names a namespace.",
    matters: "The API server drops the namespace; who reads the manifest is led to believe that the object is confined to it, and two of them collide.",
    example: "kind: ClusterRole\nmetadata: { name: reader, namespace: core }",
    instead: "kind: ClusterRole\nmetadata: { name: core-reader }",
    source: "EnsureObjectNamespaceMatchesRequestNamespace in k8s.io/apiserver/pkg/registry/rest"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let gvk = &subject.object.id.gvk;
    let known = subject.known.is_some();
    let Some(metadata) = subject.metadata().filter(|_| known && !subject.namespaced) else { return };
    if !metadata.text_or_empty("namespace").is_empty() {
        let message = format!("{} is not namespaced, so its namespace is dropped", gvk.kind);
        found.add(&CODE, (metadata, "namespace"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_cluster_role_has_no_namespace() {
        refuses(&CODE, "ClusterRole", "metadata.namespace: core", "metadata.namespace");
        accepts("ClusterRole", "metadata.namespace: ''");
    }
}
