//! `meta-namespace`: the namespace of an object is a DNS label.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "meta-namespace", Error,
    means: "`metadata.namespace` is not of the form of a namespace's name.",
    matters: "There can be no such namespace, and the API server refuses the object.",
    example: "metadata: { name: api, namespace: Core }",
    instead: "metadata: { name: api, namespace: core }",
    source: "ValidateObjectMeta in k8s.io/apimachinery/pkg/api/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(metadata) = subject.metadata().filter(|_| subject.namespaced) else { return };
    let namespace = metadata.text_or_empty("namespace");
    if !namespace.is_empty()
        && let Some(problem) = format::dns_label(namespace)
    {
        found.add(&CODE, (metadata, "namespace"), format!("the namespace `{namespace}` is {problem}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_namespace_is_a_label() {
        refuses(&CODE, "ConfigMap", "metadata.namespace: Core", "metadata.namespace");
        accepts("ConfigMap", "metadata.namespace: ~absent");
    }
}
