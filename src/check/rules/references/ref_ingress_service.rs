//! `ref-ingress-service`: the backends of each Ingress are there, with their ports.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::did_you_mean;
use crate::value::Value;

code! {
    "ref-ingress-service", Error,
    means: "A backend of an Ingress names a Service of its namespace that is not there, or a port that the Service does not have.",
    passes: "- A Service that `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make Services: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a Service of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).",
    matters: "The controller answers 503.",
    example: "backend: { service: { name: api, port: { name: web } } }   # the service's port is named http",
    instead: "backend: { service: { name: api, port: { name: http } } }",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.of_kind("Ingress") {
        for service in subject.spec().into_iter().flat_map(backends) {
            check_backend(scene, subject, service, found.of(subject.index));
        }
    }
}

fn backends(spec: &Value) -> impl Iterator<Item = &Value> {
    let http = spec.items("rules").iter().filter_map(|rule| rule.child("http"));
    let paths = http.flat_map(|http| http.items("paths")).filter_map(|path| path.child("backend"));
    spec.child("defaultBackend").into_iter().chain(paths).filter_map(|backend| backend.child("service"))
}

fn check_backend<'a>(scene: &Scene<'a>, ingress: &Subject<'a>, backend: &'a Value, found: &mut Findings<'a>) {
    let (name, namespace) = (backend.text_or_empty("name"), ingress.namespace());
    let Some(service) = scene.near(ingress, "Service", namespace, name) else {
        if !name.is_empty() && !scene.exists("Service", namespace, name) {
            let names = scene.of_kind_in("Service", namespace).map(Subject::name);
            let hint = did_you_mean(name, names).map(|near| format!("did you mean `{near}`?"));
            let message = format!("there is no Service {namespace}/{name}");
            found.add_with_hint(&CODE, (backend, "name"), message, hint);
        }
        return;
    };
    let Some(port) = backend.child("port") else { return };
    let ports = service.spec().map_or(&[][..], |spec| spec.items("ports"));
    let (wanted_name, wanted_number) = (port.text_or_empty("name"), port.integer("number").unwrap_or(0));
    let fits = |it: &Value| {
        if wanted_name.is_empty() {
            it.integer("port") == Some(wanted_number)
        } else {
            it.text("name") == Some(wanted_name)
        }
    };
    if (!wanted_name.is_empty() || wanted_number != 0) && !ports.iter().any(fits) {
        let wanted =
            if wanted_name.is_empty() { wanted_number.to_string() } else { format!("`{wanted_name}`") };
        found.add(&CODE, port, format!("the Service {namespace}/{name} has no port {wanted}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    fn documents(port: &str) -> String {
        let service = "{fixture: Service, edits: 'spec.ports: [{ name: http, port: 80 }]'}";
        let pod = "{fixture: Pod, edits: 'metadata.labels: { app: api }'}";
        let edits = format!("spec.tls: []\\nspec.rules[0].http.paths[0].backend.service.{port}");
        format!("{service}\n---\n{pod}\n---\n{{fixture: Ingress, edits: \"{edits}\"}}")
    }

    #[test]
    fn a_backend_is_there_with_its_port() {
        let backend = "spec.rules[0].http.paths[0].backend.service";
        finds(&CODE, &documents("name: apy"), &[("Ingress core/api", &format!("{backend}.name"))]);
        finds(&CODE, &documents("port: { name: web }"), &[("Ingress core/api", &format!("{backend}.port"))]);
        finds(
            &CODE,
            &documents("port: { number: 8080 }"),
            &[("Ingress core/api", &format!("{backend}.port"))],
        );
        finds(&CODE, &documents("port: { number: 80 }"), &[]);
    }
}
