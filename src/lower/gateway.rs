//! Routes as HTTPRoutes of the Gateway API, and the Gateway that they hang on.

use super::metadata::pairs;
use super::{labels, metadata, traefik};
use crate::model::{
    Cors, Filter, Gateway, HeaderChange, Listener, Platform, Route, RouteForm, RouteHost, RoutePath, Step,
};
use crate::names::{DnsLabel, DnsSubdomain};
use crate::object::Object;
use crate::object::custom::gateway::{
    AllowedRoutes, BackendRef, CertificateRef, CorsFilter, ExtensionRef, Gateway as GatewayObject,
    GatewayListener, GatewaySpec, GatewayTls, HeaderFilter, HttpHeader, HttpPathMatch, HttpRoute,
    HttpRouteFilter, HttpRouteMatch, HttpRouteRule, HttpRouteSpec, NamespaceExpression, NamespaceSelector,
    ParentRef, PathRewrite, RedirectFilter, RewriteFilter, RouteNamespaces,
};

const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let gateway = platform.routing.gateway.iter().map(|gateway| {
        Object::from_typed(&self::gateway(platform, gateway), traefik::COMPONENT, gateway.source.clone())
    });
    let route = |route: &Route| match &route.form {
        RouteForm::HttpRoute { gateway, listener } => {
            let typed = http_route(platform, route, (gateway, listener));
            Some(Object::from_typed(&typed, route.component.as_str(), route.source.clone()))
        }
        RouteForm::Ingress { .. } | RouteForm::IngressRoute { .. } => None,
    };
    gateway.chain(platform.routes.iter().filter_map(route)).collect()
}

fn gateway(platform: &Platform, gateway: &Gateway) -> GatewayObject {
    let meta = metadata::of(gateway.name.as_str(), &gateway.namespace, labels::of_platform(platform));
    let spec = GatewaySpec {
        gateway_class_name: gateway.class.to_string(),
        listeners: gateway.listeners.iter().map(|one| listener(one, &gateway.takes)).collect(),
    };
    GatewayObject::new(meta, spec)
}

/// A listener takes the routes of the namespaces that have some, and of no other.
fn listener(listener: &Listener, takes: &[DnsLabel]) -> GatewayListener {
    let certificate = |secret: &DnsSubdomain| CertificateRef {
        group: String::new(),
        kind: "Secret".to_owned(),
        name: secret.to_string(),
    };
    let selector = match takes {
        [only] => NamespaceSelector {
            match_labels: pairs([(NAMESPACE_NAME, only.as_str())]),
            match_expressions: Vec::new(),
        },
        several => NamespaceSelector {
            match_labels: pairs([]),
            match_expressions: vec![NamespaceExpression {
                key: NAMESPACE_NAME.to_owned(),
                operator: "In".to_owned(),
                values: several.iter().map(ToString::to_string).collect(),
            }],
        },
    };
    GatewayListener {
        name: listener.name.clone(),
        hostname: listener.tls.as_ref().map(|(host, _)| host.to_string()),
        port: listener.port.get(),
        protocol: if listener.tls.is_some() { "HTTPS" } else { "HTTP" }.to_owned(),
        tls: listener.tls.as_ref().map(|(_, secret)| GatewayTls {
            mode: "Terminate".to_owned(),
            certificate_refs: vec![certificate(secret)],
        }),
        allowed_routes: AllowedRoutes {
            namespaces: RouteNamespaces { from: "Selector".to_owned(), selector: Some(selector) },
        },
    }
}

fn http_route(
    platform: &Platform,
    route: &Route,
    ((gateway, namespace), listener): (&(DnsSubdomain, DnsLabel), &str),
) -> HttpRoute {
    let labels = labels::of_component(platform, &route.component);
    let meta = metadata::of(route.name.as_str(), &route.namespace, labels);
    let parent = ParentRef {
        group: "gateway.networking.k8s.io".to_owned(),
        kind: "Gateway".to_owned(),
        name: gateway.to_string(),
        namespace: namespace.to_string(),
        section_name: listener.to_owned(),
    };
    let spec = HttpRouteSpec {
        parent_refs: vec![parent],
        hostnames: route.hosts.iter().map(|host| host.host.to_string()).collect(),
        rules: route.hosts.iter().flat_map(|host: &RouteHost| host.paths.iter().map(rule)).collect(),
    };
    HttpRoute::new(metadata::annotated(meta, route.annotations.clone()), spec)
}

/// A rule that sends clients elsewhere has no backend: the API refuses both together.
fn rule(path: &RoutePath) -> HttpRouteRule {
    let redirects = path.steps.iter().any(|step| matches!(step, Step::Filter(Filter::Redirect { .. })));
    let backend = BackendRef {
        group: String::new(),
        kind: "Service".to_owned(),
        name: path.backend.service.to_string(),
        port: path.backend.number.get(),
        weight: 1,
    };
    HttpRouteRule {
        matches: vec![HttpRouteMatch {
            path: HttpPathMatch {
                type_: if path.exact { "Exact" } else { "PathPrefix" }.to_owned(),
                value: path.path.clone(),
            },
        }],
        filters: path.steps.iter().map(filter).collect(),
        backend_refs: if redirects { Vec::new() } else { vec![backend] },
    }
}

fn filter(step: &Step) -> HttpRouteFilter {
    let of_type = |type_: &str| HttpRouteFilter { type_: type_.to_owned(), ..HttpRouteFilter::default() };
    let filter = match step {
        Step::Middleware(name) => {
            let extension = ExtensionRef {
                group: "traefik.io".to_owned(),
                kind: "Middleware".to_owned(),
                name: name.to_string(),
            };
            return HttpRouteFilter { extension_ref: Some(extension), ..of_type("ExtensionRef") };
        }
        Step::Filter(filter) => filter,
    };
    match filter {
        Filter::Request(change) => HttpRouteFilter {
            request_header_modifier: Some(headers(change)),
            ..of_type("RequestHeaderModifier")
        },
        Filter::Response(change) => HttpRouteFilter {
            response_header_modifier: Some(headers(change)),
            ..of_type("ResponseHeaderModifier")
        },
        Filter::Cors(cors) => HttpRouteFilter { cors: Some(self::cors(cors)), ..of_type("CORS") },
        Filter::StripPrefix => {
            let path =
                PathRewrite { type_: "ReplacePrefixMatch".to_owned(), replace_prefix_match: "/".to_owned() };
            HttpRouteFilter { url_rewrite: Some(RewriteFilter { path }), ..of_type("URLRewrite") }
        }
        Filter::Redirect { scheme, port, permanent } => {
            let redirect = RedirectFilter {
                scheme: scheme.clone(),
                port: port.map(crate::names::PortNumber::get),
                status_code: if *permanent { 301 } else { 302 },
            };
            HttpRouteFilter { request_redirect: Some(redirect), ..of_type("RequestRedirect") }
        }
    }
}

fn headers(change: &HeaderChange) -> HeaderFilter {
    let set = change.set.iter().map(|(name, value)| HttpHeader { name: name.clone(), value: value.clone() });
    HeaderFilter { set: set.collect(), remove: change.remove.clone() }
}

fn cors(cors: &Cors) -> CorsFilter {
    CorsFilter {
        allow_origins: cors.origins.clone(),
        allow_methods: cors.methods.clone(),
        allow_headers: cors.headers.clone(),
        expose_headers: cors.expose.clone(),
        allow_credentials: cors.credentials.then_some(true),
        max_age: cors.max_age,
    }
}
