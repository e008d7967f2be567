//! `ref-ingress-route`: the Services and middlewares of each route of Traefik are there.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::did_you_mean;
use crate::value::Value;

code! {
    "ref-ingress-route", Error,
    means: "An IngressRoute, a chain of middlewares, or the annotation `router.middlewares` of an Ingress names a Service, a port or a Middleware that is not there.",
    passes: "- A Service that `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make Services: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a Service of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).",
    matters: "Traefik drops the whole route: its host answers 404.",
    example: "middlewares: [{ name: ratelimit }]   # the Middleware is called rate-limit",
    instead: "middlewares: [{ name: rate-limit }]",
    source: "https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/ingressroute/"
}

/// The annotation that names middlewares as `<namespace>-<name>@kubernetescrd`.
const ANNOTATION: &str = "traefik.ingress.kubernetes.io/router.middlewares";

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let known = joined_names(scene);
    for subject in scene.subjects {
        let own = found.of(subject.index);
        match subject.object.id.gvk.kind.as_str() {
            "IngressRoute" if is_traefik(subject) => {
                for rule in subject.spec().map_or(&[][..], |spec| spec.items("routes")) {
                    rule.items("middlewares").iter().for_each(|one| middleware(scene, subject, one, own));
                    rule.items("services").iter().for_each(|one| service(scene, subject, one, own));
                }
            }
            "Middleware" if is_traefik(subject) => {
                let chain = subject.spec().and_then(|spec| spec.child("chain"));
                let members = chain.map_or(&[][..], |chain| chain.items("middlewares"));
                members.iter().for_each(|one| middleware(scene, subject, one, own));
            }
            "Ingress" => annotated(&known, subject, own),
            _ => {}
        }
    }
}

fn is_traefik(subject: &Subject<'_>) -> bool {
    subject.object.id.gvk.group() == "traefik.io"
}

/// The Middlewares of the tree.
fn middlewares<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Subject<'a>> {
    scene.calling_themselves("Middleware").filter(|it| is_traefik(it))
}

/// Whether a Middleware of that namespace and name is in the tree.
pub(super) fn has_middleware(scene: &Scene<'_>, (namespace, name): (&str, &str)) -> bool {
    scene.named("Middleware", namespace, name).any(is_traefik)
}

/// The Middlewares of the tree and the declared ones as annotations name them. `<namespace>-<name>` is not parted
/// anywhere, so it is compared as a whole.
fn joined_names(scene: &Scene<'_>) -> BTreeSet<String> {
    let declared = scene.context.external.objects.iter().filter(|(kind, ..)| kind == "Middleware");
    let declared = declared.map(|(_, namespace, name)| format!("{namespace}-{name}"));
    middlewares(scene).map(|it| format!("{}-{}", it.namespace(), it.name())).chain(declared).collect()
}

fn middleware<'a>(scene: &Scene<'a>, subject: &Subject<'a>, one: &'a Value, found: &mut Findings<'a>) {
    let namespace = one.text("namespace").unwrap_or_else(|| subject.namespace());
    let name = one.text_or_empty("name");
    // One of another provider, such as a file, is not in any tree.
    let known = has_middleware(scene, (namespace, name));
    if known || name.contains('@') || scene.context.external.has_object("Middleware", namespace, name) {
        return;
    }
    let names = middlewares(scene).filter(|it| it.namespace() == namespace).map(Subject::name);
    let hint = did_you_mean(name, names).map(|near| format!("did you mean `{near}`?"));
    let message = format!("there is no Middleware {namespace}/{name}");
    found.add_with_hint(&CODE, (one, "name"), message, hint);
}

fn service<'a>(scene: &Scene<'a>, subject: &Subject<'a>, one: &'a Value, found: &mut Findings<'a>) {
    if one.text("kind").is_some_and(|kind| kind != "Service") {
        return;
    }
    let namespace = one.text("namespace").unwrap_or_else(|| subject.namespace());
    let name = one.text_or_empty("name");
    let Some(service) = scene.near(subject, "Service", namespace, name) else {
        if !scene.exists("Service", namespace, name) {
            found.add(&CODE, (one, "name"), format!("there is no Service {namespace}/{name}"));
        }
        return;
    };
    let Some(port) = one.child("port") else { return };
    let ports = service.spec().map_or(&[][..], |spec| spec.items("ports"));
    let fits = |it: &Value| match port {
        Value::String(name) => it.text("name") == Some(name),
        number => it.child("port") == Some(number),
    };
    if !ports.iter().any(fits) {
        found.add(&CODE, (one, "port"), format!("the Service {namespace}/{name} has no port {port}"));
    }
}

fn annotated<'a>(known: &BTreeSet<String>, subject: &Subject<'a>, found: &mut Findings<'a>) {
    let annotations = subject.metadata().and_then(|metadata| metadata.child("annotations"));
    let Some(annotations) = annotations else { return };
    for named in annotations.text_or_empty(ANNOTATION).split(',').map(str::trim) {
        let Some(name) = named.strip_suffix("@kubernetescrd") else { continue };
        if !known.contains(name) {
            found.add(&CODE, (annotations, ANNOTATION), format!("there is no Middleware `{name}`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::objects;
    use crate::check::{Context, KubernetesVersion, Schemas, run};
    use crate::object::custom;

    fn found(documents: &str) -> Vec<(String, String)> {
        let mut schemas = Schemas::new(KubernetesVersion::V1_35);
        for definition in custom::definitions() {
            schemas.add_custom_resource(&definition).expect("it is a definition");
        }
        let found = run(&objects(documents), &Context::new(&schemas));
        let own = found.into_iter().filter(|finding| finding.diagnostic.code.name == CODE.name);
        own.map(|it| (it.diagnostic.object.unwrap_or_default(), it.diagnostic.field.unwrap_or_default()))
            .collect()
    }

    const SERVICE: &str = "{fixture: Service, edits: 'spec.ports: [{ name: http, port: 80 }]'}";
    const MIDDLEWARE: &str = "{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: limit, namespace: core}, spec: {addPrefix: {prefix: /a}}}";

    fn route(middleware: &str, service: &str, port: &str) -> String {
        format!(
            "{SERVICE}\n---\n{MIDDLEWARE}\n---\n{{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {{name: web, namespace: core}}, spec: {{routes: [{{kind: Rule, match: Host(`a`), middlewares: [{{name: {middleware}}}], services: [{{name: {service}, port: {port}}}]}}]}}}}"
        )
    }

    #[test]
    fn what_an_ingress_route_names_is_there() {
        let at = |field: &str| vec![("IngressRoute core/web".to_owned(), format!("spec.routes[0].{field}"))];
        assert_eq!(found(&route("limit", "api", "http")), []);
        assert_eq!(found(&route("limit", "api", "80")), []);
        assert_eq!(found(&route("limt", "api", "http")), at("middlewares[0].name"));
        assert_eq!(found(&route("limit", "apy", "http")), at("services[0].name"));
        assert_eq!(found(&route("limit", "api", "8080")), at("services[0].port"));
    }

    #[test]
    fn what_an_annotation_names_is_there() {
        let ingress = |name: &str| {
            format!(
                "{MIDDLEWARE}\n---\n{{fixture: Ingress, edits: 'metadata.annotations: {{ {ANNOTATION}: core-{name}@kubernetescrd }}'}}"
            )
        };
        assert_eq!(found(&ingress("limit")), []);
        assert_eq!(found(&ingress("limits")).len(), 1);
    }
}
