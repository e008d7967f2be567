//! Routes as IngressRoutes of Traefik, and what its TLS connections must fulfil.
//!
//! A prefix means what it means in an Ingress: the path itself and what lies below it. Traefik's own `PathPrefix` would
//! match `/apix` for `/api`, so a rule says both.

use super::{labels, metadata};
use crate::model::{Pairs, Platform, Route, RouteForm, RouteHost, RoutePath, RouteTls, Step, TlsRules};
use crate::names::DnsSubdomain;
use crate::object::Object;
use crate::object::custom::traefik::{
    IngressRoute, IngressRouteSpec, TlsOption, TlsOptionSpec, TraefikBackend, TraefikReference, TraefikRule,
    TraefikTls,
};

/// Traefik ranks rules by their length. In an Ingress the exact path wins over every prefix, so it is ranked above all.
const EXACT: i64 = 1_000_000;
/// The component of what belongs to the way in as a whole.
pub(super) const COMPONENT: &str = "ingress";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let route = |route: &Route| match &route.form {
        RouteForm::IngressRoute { class, entry_points } => {
            let typed = ingress_route(platform, route, (class.as_ref(), entry_points));
            Some(Object::from_typed(&typed, route.component.as_str(), route.source.clone()))
        }
        RouteForm::Ingress { .. } | RouteForm::HttpRoute { .. } => None,
    };
    let rules = platform
        .routing
        .tls_rules
        .iter()
        .map(|rules| Object::from_typed(&tls_option(platform, rules), COMPONENT, rules.source.clone()));
    rules.chain(platform.routes.iter().filter_map(route)).collect()
}

fn ingress_route(
    platform: &Platform,
    route: &Route,
    (class, entry_points): (Option<&DnsSubdomain>, &[String]),
) -> IngressRoute {
    let labels = labels::of_component(platform, &route.component);
    let meta = metadata::of(route.name.as_str(), &route.namespace, labels);
    let rules = route.hosts.iter().flat_map(|host| host.paths.iter().map(move |path| rule(host, path)));
    let spec = IngressRouteSpec {
        entry_points: entry_points.to_vec(),
        ingress_class_name: class.map(ToString::to_string),
        routes: rules.collect(),
        tls: route.tls.as_ref().map(tls),
    };
    IngressRoute::new(metadata::annotated(meta, route.annotations.clone()), spec)
}

fn tls(tls: &RouteTls) -> TraefikTls {
    TraefikTls {
        secret_name: tls.secret.as_ref().map(ToString::to_string),
        cert_resolver: tls.resolver.clone(),
    }
}

fn rule(host: &RouteHost, path: &RoutePath) -> TraefikRule {
    let middlewares = path.steps.iter().filter_map(|step| match step {
        Step::Middleware(name) => Some(TraefikReference { name: name.to_string() }),
        Step::Filter(_) => None,
    });
    TraefikRule {
        kind: "Rule".to_owned(),
        match_: matching(host, path),
        priority: path.exact.then_some(EXACT),
        middlewares: middlewares.collect(),
        services: vec![TraefikBackend {
            name: path.backend.service.to_string(),
            port: path.backend.port.to_string(),
        }],
    }
}

/// The requests of a path, in Traefik's language of rules
/// (<https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/>).
fn matching(host: &RouteHost, path: &RoutePath) -> String {
    let of_host = match host.host.as_str().strip_prefix("*.") {
        Some(domain) => format!("HostRegexp(`^[^.]+\\.{}$`)", domain.replace('.', "\\.")),
        None => format!("Host(`{}`)", host.host),
    };
    let trimmed = path.path.trim_end_matches('/');
    match (path.exact, trimmed) {
        (true, _) => format!("{of_host} && Path(`{}`)", path.path),
        (false, "") => of_host,
        (false, prefix) => format!("{of_host} && (Path(`{prefix}`) || PathPrefix(`{prefix}/`))"),
    }
}

/// The option called `default` holds for every connection that names no other.
fn tls_option(platform: &Platform, rules: &TlsRules) -> TlsOption {
    let labels: Pairs = labels::of_platform(platform);
    let meta = metadata::of("default", &rules.namespace, labels);
    let spec = TlsOptionSpec {
        min_version: super::absent::text(&rules.min_version),
        cipher_suites: rules.ciphers.clone(),
        curve_preferences: rules.curves.clone(),
        sni_strict: rules.strict_hosts.then_some(true),
    };
    TlsOption::new(meta, spec)
}
