//! `hyg-namespace-explicit`: an object says which namespace it lives in, and not `default`.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "hyg-namespace-explicit", Warning,
    means: "A namespaced object names no namespace, or `default`.",
    matters: "It lands wherever whoever applies it happens to be, or beside everything else that nobody thought about.",
    example: "metadata: { name: api }",
    instead: "metadata: { name: api, namespace: shop }",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/; kube-linter use-namespace"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(metadata) = subject.metadata().filter(|_| subject.namespaced) else { return };
    match metadata.text_or_empty("namespace") {
        "" => found.add(&CODE, (metadata, "namespace"), "the object lands wherever it is applied"),
        "default" => {
            found.add(&CODE, (metadata, "namespace"), "the namespace `default` is for nothing in particular");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn namespaces_are_named() {
        let at = "metadata.namespace";
        advises(&CODE, "ConfigMap", &format!("{at}: ~absent"), at);
        advises(&CODE, "ConfigMap", &format!("{at}: default"), at);
        passes(&CODE, "ConfigMap", "");
        passes(&CODE, "ClusterRole", "");
    }
}
