//! `ref-service-selector`: each Service selects pods.

use crate::check::finding::Findings;
use crate::check::rules::api::service_type_fields::service_type;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "ref-service-selector", Error,
    means: "The selector of a Service matches the pods of no workload in its namespace. What a kustomization adds to its files (a namespace, labels) counts as written there.",
    passes: "- A Service without a selector, and one of type `ExternalName`.\n- Pods that well-known operators make of a custom resource of the namespace: of a Prometheus, a Kafka, a CephCluster, a Cluster of CloudNativePG and others.\n- A namespace where a program of the tree may make pods, or what makes pods: nobody knows their labels. A selector that would select pods of the tree were it not for one letter is a slip all the same (`databse`; but `db-2` beside `db-1` is not).\n- A Service whose `Endpoints` are declared: `[external] objects = [\"Endpoints shop/api\"]` in `bayplan-check.toml`.",
    matters: "The Service has no endpoints, and every connection to it is refused.",
    example: "selector: { app: apy }",
    instead: "selector: { app: api }",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.of_kind("Service") {
        let Some(selector) = selector_of(subject) else { continue };
        let selects = scene.maps(subject.namespace(), selector);
        if !selects && !scene.exists("Endpoints", subject.namespace(), subject.name()) {
            let message = format!("the service selects no pod in namespace {}", subject.namespace());
            let hint = scene.hint_at_labels(subject.namespace(), Some(selector));
            found.of(subject.index).add_with_hint(&CODE, selector, message, hint);
        }
    }
}

/// The selector of a Service that has one.
pub(super) fn selector_of<'a>(subject: &Subject<'a>) -> Option<&'a crate::value::Value> {
    let spec = subject.spec()?;
    let selector = spec.child("selector")?;
    let any = selector.as_object().is_some_and(|map| !map.is_empty());
    (any && service_type(spec) != "ExternalName").then_some(selector)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::External;
    use crate::check::testing::{finds, finds_with};

    const SERVICE: &str = "{fixture: Service, edits: 'spec.ports: [{ port: 80 }]'}";

    #[test]
    fn a_service_selects_pods() {
        finds(&CODE, SERVICE, &[("Service core/api", "spec.selector")]);
        let pod = "{fixture: Pod, edits: 'metadata.labels: { app: api }'}";
        finds(&CODE, &format!("{SERVICE}\n---\n{pod}"), &[]);
        let mut external = External::default();
        external.add_object("Endpoints", "core", "api");
        finds_with(&external, &CODE, SERVICE, &[]);
    }
}
