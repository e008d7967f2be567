//! `ingress-class-fields`: the controller and parameters of an `IngressClass`.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "ingress-class-fields", Error,
    means: "The controller of an IngressClass is no path with a domain before it, or its parameters do not say where they are.",
    matters: "The API server refuses the object.",
    example: "spec: { controller: nginx }",
    instead: "spec: { controller: k8s.io/ingress-nginx }",
    source: "validateIngressClassSpec in pkg/apis/networking/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("IngressClass") else { return };
    let controller = spec.text_or_empty("controller");
    if controller.len() > 250 {
        found.add(&CODE, (spec, "controller"), "the controller has more than 250 characters");
    } else if let Some(problem) = format::domain_prefixed_path(controller) {
        found.add(&CODE, (spec, "controller"), format!("the controller `{controller}` is {problem}"));
    }
    let Some(parameters) = spec.child("parameters") else { return };
    match (parameters.text("scope").unwrap_or("Cluster"), parameters.child("namespace").is_some()) {
        ("Cluster", false) | ("Namespace", true) => {}
        ("Cluster", true) => {
            found.add(&CODE, (parameters, "namespace"), "parameters of the cluster have no namespace");
        }
        ("Namespace", false) => {
            found.add(&CODE, (parameters, "namespace"), "the parameters do not name their namespace");
        }
        (other, _) => {
            found.add(&CODE, (parameters, "scope"), format!("`{other}` is neither Cluster nor Namespace"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn controllers_and_parameters() {
        refuses(&CODE, "IngressClass", "spec.controller: nginx", "spec.controller");
        refuses(&CODE, "IngressClass", "spec.controller: ~absent", "spec.controller");
        let parameters = "spec.parameters: { kind: A, name: a";
        refuses(
            &CODE,
            "IngressClass",
            &format!("{parameters}, scope: Namespace }}"),
            "spec.parameters.namespace",
        );
        accepts("IngressClass", &format!("{parameters}, scope: Namespace, namespace: core }}"));
    }
}
