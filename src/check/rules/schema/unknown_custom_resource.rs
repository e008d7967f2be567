//! `unknown-custom-resource`: the definition of each custom resource is at hand.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;

code! {
    "unknown-custom-resource", Warning,
    means: "The object is of an API group that Kubernetes itself does not have, and no definition of its kind is at hand, so nothing can be said of its fields.",
    matters: "A misspelt field, or a group that is not installed, passes unseen until the API server refuses the object.",
    example: "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor",
    instead: "# bayplan schema add servicemonitors.yaml; for a tree once: bayplan check ./k8s --crd servicemonitors.yaml\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor",
    source: "https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/"
}

/// Reports a kind of which only `unknown-kind` knows that nobody knows it.
pub(super) fn report<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let gvk = &subject.object.id.gvk;
    let message = format!(
        "no definition of {} in {} is at hand, so its fields are not checked",
        gvk.kind, gvk.api_version
    );
    let hint = "keep its CustomResourceDefinition: bayplan schema add crd.yaml";
    found.add_with_hint(&CODE, (subject.value, "apiVersion"), message, Some(hint.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_kind_of_another_group_cannot_be_judged() {
        refuses(&CODE, "Ingress", "apiVersion: traefik.io/v1alpha1\nkind: Middleware", "apiVersion");
        accepts("Ingress", "");
    }
}
