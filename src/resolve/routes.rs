//! Routes: one Ingress for each namespace that a host leads into, and the edges from the controller to the targets.

use std::collections::BTreeMap;

use super::codes::{DISABLED_TARGET, UNKNOWN_PORT};
use super::container::Place;
use super::scope::{Scope, enabled};
use super::secrets;
use crate::diag::Diagnostic;
use crate::model::{Backend, Edge, EdgePort, Ingress, IngressTls, Peer, Workload};
use crate::names::{DnsLabel, DnsSubdomain, HostName, PortName};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// What routes need to know of the rest.
pub(super) struct Targets<'a> {
    /// The workloads that run, by their key.
    pub workloads: BTreeMap<String, &'a Workload>,
    /// Where requests come from: the pods of the controller.
    pub gateway: Option<Peer>,
}

/// Every route as Ingress objects, and the edges that they need.
pub(super) fn build(scope: &mut Scope<'_>, targets: &Targets<'_>) -> (Vec<Ingress>, Vec<Edge>) {
    let mut ingresses = Vec::new();
    let mut edges = Vec::new();
    for (key, route) in enabled(scope.spec.routes.as_ref(), |route| route.enabled) {
        if route.host.is_none() && stands_for_all(scope) {
            continue; // Only environments can know the host: each must name one, and the base has no such route.
        }
        let (mut objects, mut opened) = one(scope, key, route, targets).unwrap_or_default();
        ingresses.append(&mut objects);
        edges.append(&mut opened);
    }
    (ingresses, edges)
}

/// Whether this is the base of a platform that has environments.
fn stands_for_all(scope: &Scope<'_>) -> bool {
    scope.spec.environment.as_ref().is_some_and(|environment| environment.stands_for_all == Some(true))
}

fn one(
    scope: &mut Scope<'_>,
    key: &str,
    route: &spec::Route,
    targets: &Targets<'_>,
) -> Option<(Vec<Ingress>, Vec<Edge>)> {
    let path = KeyPath::of(["routes", key]);
    let host = scope.parse_required(&path, "host", route.host.as_deref(), HostName::parse);
    let class = class(scope, &path, route);
    let paths = scope.required(&path, "paths", route.paths.as_ref())?;
    let mut by_namespace: BTreeMap<&DnsLabel, Vec<(String, Backend, &Workload)>> = BTreeMap::new();
    let mut edges = Vec::new();
    for (prefix, target) in paths {
        let at = path.key("paths").key(prefix);
        if !prefix.starts_with('/') {
            let problem = Diagnostic::new(&BAD_VALUE, format!("`{at}`: a path begins with `/`"));
            let place = scope.key_span(&at);
            scope.report(problem.at(place, "").hint(format!("did you mean `/{prefix}`?")));
        }
        let Some((workload, port)) = self::target(scope, &at, target, targets) else { continue };
        edges.extend(edge(&path, targets.gateway.as_ref(), (workload, &port)));
        let backend =
            workload.services.first().map(|service| Backend { service: service.name.clone(), port });
        let entry = by_namespace.entry(&workload.namespace).or_default();
        entry.extend(backend.map(|backend| (prefix.clone(), backend, workload)));
    }
    let draft = Draft { key, route, path, host: host?, class: class?, several: by_namespace.len() > 1 };
    let ingresses =
        by_namespace.into_iter().filter_map(|(namespace, paths)| ingress(scope, &draft, namespace, paths));
    Some((ingresses.collect(), edges))
}

fn class(scope: &mut Scope<'_>, path: &KeyPath, route: &spec::Route) -> Option<DnsSubdomain> {
    let of_platform = scope.spec.ingress.as_ref().filter(|ingress| ingress.enabled != Some(false));
    let class = route.class.clone().or_else(|| of_platform.and_then(|ingress| ingress.class.clone()));
    scope.parse_required(path, "class", class.as_deref(), DnsSubdomain::parse)
}

/// The workload and port that `<workload>:<port>` names. A target that is not enabled is left out, with a note.
fn target<'a>(
    scope: &mut Scope<'_>,
    at: &KeyPath,
    text: &str,
    targets: &Targets<'a>,
) -> Option<(&'a Workload, PortName)> {
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    let Some(workload) = targets.workloads.get(name) else {
        missing_target(scope, at, name);
        return None;
    };
    let Some(service) = workload.services.first() else {
        without_service(scope, at, (name, port), workload);
        return None;
    };
    let ports = || service.ports.iter().map(|port| &port.name);
    let known: Vec<&str> = ports().map(PortName::as_str).collect();
    let found = match port {
        Some(port) => ports().find(|known| known.as_str() == port),
        None => ports().next().filter(|_| known.len() == 1),
    };
    match (found, port) {
        (Some(found), _) => return Some((workload, found.clone())),
        (None, Some(port)) => scope.unknown_port(at, (name, port), &known),
        (None, None) => which_port(scope, at, name, &known),
    }
    None
}

fn missing_target(scope: &mut Scope<'_>, at: &KeyPath, name: &str) {
    let declared = scope.spec.workloads.as_ref();
    match declared.and_then(|workloads| workloads.get(name)) {
        Some(workload) if workload.enabled == Some(false) => {
            let message = format!("`{at}` leads to `{name}`, which is not enabled, and is left out");
            let problem = Diagnostic::new(&DISABLED_TARGET, message).at(scope.span(at), "").about(at);
            scope.report(problem);
        }
        Some(_) => {} // What is wrong with it was reported there.
        None => {
            let known: Vec<String> = declared.into_iter().flatten().map(|(key, _)| key.clone()).collect();
            scope.unknown(at, &format!("workload `{name}`"), name, &known);
        }
    }
}

/// A target without a Service: it has no ports, or it says that it wants none.
fn without_service(
    scope: &mut Scope<'_>,
    at: &KeyPath,
    (name, port): (&str, Option<&str>),
    workload: &Workload,
) {
    let has_ports = workload.containers.first().is_some_and(|container| !container.ports.is_empty());
    if !has_ports {
        return scope.unknown_port(at, (name, port.unwrap_or("http")), &[]);
    }
    let message = format!("`{at}`: `{name}` has ports and no Service that a route could lead to");
    let problem = Diagnostic::new(&UNKNOWN_PORT, message)
        .at(scope.span(at), "")
        .at(scope.span(&workload.source.key("service")), "it wants no Service");
    scope.report(problem.hint(format!("remove `service = false` from `{name}`")));
}

fn which_port(scope: &mut Scope<'_>, at: &KeyPath, name: &str, known: &[&str]) {
    let choices: Vec<String> = known.iter().map(|port| format!("`\"{name}:{port}\"`")).collect();
    let message = format!("`{at}` does not say which port of `{name}`");
    let problem = Diagnostic::new(&UNKNOWN_PORT, message).at(scope.span(at), "");
    scope.report(problem.hint(format!("write {}", choices.join(" or "))));
}

fn edge(source: &KeyPath, gateway: Option<&Peer>, (workload, port): (&Workload, &PortName)) -> Option<Edge> {
    let ports = workload.containers.first()?.ports.iter().filter(|known| known.name == *port);
    let to = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
    Some(Edge {
        source: source.clone(),
        from: gateway?.clone(),
        to,
        ports: ports.map(|port| EdgePort { number: port.number, protocol: port.protocol }).collect(),
    })
}

struct Draft<'a> {
    key: &'a str,
    route: &'a spec::Route,
    path: KeyPath,
    host: HostName,
    class: DnsSubdomain,
    several: bool,
}

fn ingress(
    scope: &mut Scope<'_>,
    draft: &Draft<'_>,
    namespace: &DnsLabel,
    mut paths: Vec<(String, Backend, &Workload)>,
) -> Option<Ingress> {
    let name = if draft.several { format!("{}-{namespace}", draft.key) } else { draft.key.to_owned() };
    let name = scope.parse(&draft.path, &name, DnsSubdomain::parse)?;
    let target = paths.first().map(|(_, _, workload)| workload.component.clone())?;
    let component = match &draft.route.component {
        Some(component) => scope.parse(&draft.path.key("component"), component, DnsLabel::parse)?,
        None => target,
    };
    // The API matches the longest prefix whatever the order; longest first is how people read a table of routes.
    paths.sort_by(|(a, ..), (b, ..)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    Some(Ingress {
        source: draft.path.clone(),
        name,
        namespace: namespace.clone(),
        component,
        class: draft.class.clone(),
        host: draft.host.clone(),
        paths: paths.into_iter().map(|(prefix, backend, _)| (prefix, backend)).collect(),
        tls: tls(scope, draft, namespace),
        annotations: annotations(draft.route),
    })
}

/// The certificate. Where no issuer makes it, the secret is a contract like any other and must be declared.
fn tls(scope: &mut Scope<'_>, draft: &Draft<'_>, namespace: &DnsLabel) -> Option<IngressTls> {
    let tls = draft.route.tls.as_ref().filter(|tls| tls.enabled != Some(false))?;
    let at = draft.path.key("tls");
    let name = tls.secret.clone().unwrap_or_else(|| format!("{}-tls", draft.key));
    let name = if tls.issuer.is_some() {
        name
    } else {
        let place =
            Place { source: draft.path.clone(), namespace: namespace.clone(), name: namespace.clone() };
        secrets::name_for(scope, &at, &place, &name)?
    };
    let secret = scope.parse(&at.key("secret"), &name, DnsSubdomain::parse)?;
    Some(IngressTls { secret, issuer: tls.issuer.clone() })
}

/// The idle timeout in the words of ingress-nginx
/// (<https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/>); other controllers
/// ignore them.
fn annotations(route: &spec::Route) -> BTreeMap<String, String> {
    let mut annotations = route.annotations.clone().unwrap_or_default();
    if let Some(seconds) = route.idle_timeout {
        for key in ["proxy-read-timeout", "proxy-send-timeout"] {
            annotations.insert(format!("nginx.ingress.kubernetes.io/{key}"), seconds.to_string());
        }
    }
    annotations
}
