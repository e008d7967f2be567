//! `ref-http-route`: the Gateway, the Services and the middlewares of each HTTPRoute are there.

use super::ref_ingress_route::has_middleware;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-http-route", Error,
    means: "An HTTPRoute hangs on a listener that its Gateway does not have, or names a Service, a port or a Middleware that is not there.",
    passes: "- A Service that `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make Services: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a Service of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).",
    matters: "The route is not accepted, or its requests are answered with 500.",
    example: "parentRefs: [{ name: shop, namespace: ingress, sectionName: htpps }]",
    instead: "parentRefs: [{ name: shop, namespace: ingress, sectionName: https }]",
    source: "https://gateway-api.sigs.k8s.io/reference/spec/#httproute"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.calling_themselves("HTTPRoute").filter(|subject| is_of_gateways(subject)) {
        let (Some(spec), own) = (subject.spec(), found.of(subject.index)) else { continue };
        spec.items("parentRefs").iter().for_each(|parent| check_parent(scene, subject, parent, own));
        for rule in spec.items("rules") {
            rule.items("backendRefs").iter().for_each(|backend| check_backend(scene, subject, backend, own));
            let extensions = rule.items("filters").iter().filter_map(|filter| filter.child("extensionRef"));
            extensions.for_each(|extension| check_extension(scene, subject, extension, own));
        }
    }
}

fn is_of_gateways(subject: &Subject<'_>) -> bool {
    subject.object.id.gvk.group() == "gateway.networking.k8s.io"
}

/// A Gateway that is not in the tree is somebody else's; of one that is, every listener is known.
fn check_parent<'a>(scene: &Scene<'a>, route: &Subject<'a>, parent: &'a Value, found: &mut Findings<'a>) {
    let namespace = parent.text("namespace").unwrap_or_else(|| route.namespace());
    let name = parent.text_or_empty("name");
    let mut gateways = scene.named("Gateway", namespace, name);
    let Some(gateway) = gateways.find(|it| is_of_gateways(it)) else { return };
    let listeners = gateway.spec().map_or(&[][..], |spec| spec.items("listeners"));
    let Some(section) = parent.text("sectionName") else { return };
    if !listeners.iter().any(|listener| listener.text("name") == Some(section)) {
        let message = format!("the Gateway {namespace}/{name} has no listener `{section}`");
        found.add(&CODE, (parent, "sectionName"), message);
    }
}

fn check_backend<'a>(scene: &Scene<'a>, route: &Subject<'a>, backend: &'a Value, found: &mut Findings<'a>) {
    if backend.text("kind").is_some_and(|kind| kind != "Service") {
        return;
    }
    let namespace = backend.text("namespace").unwrap_or_else(|| route.namespace());
    let name = backend.text_or_empty("name");
    let Some(service) = scene.near(route, "Service", namespace, name) else {
        if !scene.exists("Service", namespace, name) {
            let message = format!("there is no Service {namespace}/{name}");
            let hint = scene.hint("Service", namespace, name);
            found.add_with_hint(&CODE, (backend, "name"), message, hint);
        }
        return;
    };
    let ports = service.spec().map_or(&[][..], |spec| spec.items("ports"));
    let Some(port) = backend.integer("port") else { return };
    if !ports.iter().any(|it| it.integer("port") == Some(port)) {
        found.add(&CODE, (backend, "port"), format!("the Service {namespace}/{name} has no port {port}"));
    }
}

fn check_extension<'a>(
    scene: &Scene<'a>,
    route: &Subject<'a>,
    extension: &'a Value,
    found: &mut Findings<'a>,
) {
    let (group, kind) = (extension.text_or_empty("group"), extension.text_or_empty("kind"));
    let own = (route.namespace(), extension.text_or_empty("name"));
    if (group, kind) == ("traefik.io", "Middleware") && !has_middleware(scene, own) {
        let message = format!("there is no Middleware {}/{}", own.0, own.1);
        found.add(&CODE, (extension, "name"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::objects;
    use crate::check::{Context, KubernetesVersion, Schemas, run};
    use crate::object::custom;

    fn found(section: &str, service: &str, port: &str, middleware: &str) -> Vec<String> {
        let mut schemas = Schemas::new(KubernetesVersion::V1_35);
        for definition in custom::definitions() {
            schemas.add_custom_resource(&definition).expect("it is a definition");
        }
        let documents = format!(
            "{{fixture: Service, edits: 'spec.ports: [{{ name: http, port: 80 }}]'}}
---
{{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {{name: shop, namespace: core}}, spec: {{gatewayClassName: a, listeners: [{{name: http, port: 80, protocol: HTTP, allowedRoutes: {{namespaces: {{from: All}}}}}}]}}}}
---
{{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {{name: limit, namespace: core}}, spec: {{addPrefix: {{prefix: /a}}}}}}
---
{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: web, namespace: core}}, spec: {{hostnames: [a.example], parentRefs: [{{name: shop, sectionName: {section}}}], rules: [{{backendRefs: [{{name: {service}, port: {port}}}], filters: [{{type: ExtensionRef, extensionRef: {{group: traefik.io, kind: Middleware, name: {middleware}}}}}]}}]}}}}"
        );
        let found = run(&objects(&documents), &Context::new(&schemas));
        let own = found.into_iter().filter(|finding| finding.diagnostic.code.name == CODE.name);
        own.filter_map(|finding| finding.diagnostic.field).collect()
    }

    #[test]
    fn what_an_http_route_names_is_there() {
        assert_eq!(found("http", "api", "80", "limit"), Vec::<String>::new());
        assert_eq!(found("https", "api", "80", "limit"), ["spec.parentRefs[0].sectionName"]);
        assert_eq!(found("http", "apy", "80", "limit"), ["spec.rules[0].backendRefs[0].name"]);
        assert_eq!(found("http", "api", "81", "limit"), ["spec.rules[0].backendRefs[0].port"]);
        assert_eq!(found("http", "api", "80", "limt"), ["spec.rules[0].filters[0].extensionRef.name"]);
    }
}
