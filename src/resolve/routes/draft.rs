//! Routes as they are written: hosts, paths, targets and what requests pass, with nothing said of objects yet.

use std::collections::{BTreeMap, BTreeSet};

use super::Targets;
use super::passes::{Guards, Pass, Passes};
use super::target::{edge, target};
use crate::diag::Diagnostic;
use crate::model::{Backend, Edge, Workload};
use crate::names::{DnsSubdomain, HostName};
use crate::resolve::scope::{Scope, enabled};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// A route, read.
pub(super) struct Draft<'a> {
    /// Its key.
    pub key: String,
    /// Where it is written.
    pub path: KeyPath,
    /// What is written.
    pub route: spec::Route,
    /// The ingress class, where one is given.
    pub class: Option<DnsSubdomain>,
    /// What requests pass where host and path say nothing, by key.
    pub common: Vec<String>,
    /// Its paths.
    pub entries: Vec<Entry<'a>>,
    /// The edges from the controller to its targets.
    pub edges: Vec<Edge>,
    /// Whether it lies beside a route with the same hosts, whose certificate is theirs.
    pub is_beside: bool,
}

/// A path of a host, and where it leads.
pub(super) struct Entry<'a> {
    /// Where it is written.
    pub at: KeyPath,
    /// The host.
    pub host: HostName,
    /// The key of the host among several; empty for the route's own.
    pub host_key: String,
    /// The path.
    pub path: String,
    /// Whether nothing below it is meant.
    pub exact: bool,
    /// The workload that it leads to.
    pub workload: &'a Workload,
    /// The port of its Service.
    pub backend: Backend,
    /// What requests pass.
    pub passes: Vec<Pass>,
    /// Whether somebody said what validates tokens, or that nothing does.
    pub says_jwt: bool,
}

/// Every route that is enabled and has a host.
pub(super) fn all<'a>(
    scope: &mut Scope<'_>,
    targets: &Targets<'a>,
    passes: &mut Passes<'_>,
) -> Vec<Draft<'a>> {
    let spec = scope.spec;
    let routes = enabled(spec.routes.as_ref(), |route| route.enabled);
    let drafts = routes.into_iter().filter_map(|(key, route)| one(scope, (key, route), targets, passes));
    let mut drafts: Vec<Draft<'_>> = drafts.collect();
    let beside = sign_in(&drafts, targets, passes);
    drafts.extend(beside);
    drafts
}

/// Where an oauth2-proxy answers people on the hosts that it stands before: `/oauth2`, past the proxy itself.
fn sign_in<'a>(drafts: &[Draft<'_>], targets: &Targets<'a>, passes: &Passes<'_>) -> Vec<Draft<'a>> {
    let mut covered = BTreeSet::new();
    let mut beside = Vec::new();
    for draft in drafts {
        let guarded = draft.entries.iter().flat_map(|entry| {
            entry.passes.iter().filter(|pass| passes.is_proxy(&pass.key)).map(move |pass| (pass, entry))
        });
        let mut by_proxy: BTreeMap<&str, Vec<Entry<'a>>> = BTreeMap::new();
        for (pass, entry) in guarded {
            if !covered.insert((pass.key.clone(), entry.host.clone())) {
                continue;
            }
            let found = targets.workloads.get(pass.key.as_str());
            let port = |workload: &Workload| Some(workload.services.first()?.ports.first()?.name.clone());
            let backend = found.and_then(|workload| Some((*workload, backend(workload, &port(workload)?)?)));
            let Some((workload, backend)) = backend else { continue };
            by_proxy.entry(&pass.key).or_default().push(Entry {
                at: pass.at.clone(),
                host: entry.host.clone(),
                host_key: entry.host_key.clone(),
                path: "/oauth2".to_owned(),
                exact: false,
                workload,
                backend,
                passes: Vec::new(),
                says_jwt: true,
            });
        }
        for (proxy, entries) in by_proxy {
            beside.push(Draft {
                key: format!("{}-{proxy}", draft.route.name.as_deref().unwrap_or(&draft.key)),
                path: KeyPath::of(["oauth2-proxies", proxy]),
                route: beside_of(draft),
                class: draft.class.clone(),
                common: Vec::new(),
                entries,
                edges: Vec::new(),
                is_beside: true,
            });
        }
    }
    beside
}

/// What a route says of the hosts that a proxy answers on: their certificate is the one that the route has.
fn beside_of(draft: &Draft<'_>) -> spec::Route {
    let tls = draft.route.tls.clone().map(|tls| {
        let secret = tls.secret.clone().unwrap_or_else(|| format!("{}-tls", draft.key));
        spec::Tls { secret: Some(secret), ..tls }
    });
    spec::Route { name: None, component: None, tls, ..draft.route.clone() }
}

/// Whether this is the base of a platform that has environments.
fn stands_for_all(scope: &Scope<'_>) -> bool {
    scope.spec.environment.as_ref().is_some_and(|environment| environment.stands_for_all == Some(true))
}

/// One host of a route.
struct Host<'a> {
    /// Where it is written.
    at: KeyPath,
    key: String,
    name: Option<HostName>,
    paths: Option<&'a BTreeMap<String, spec::RoutePath>>,
    middlewares: Option<&'a Vec<String>>,
    guards: Guards,
}

fn one<'a>(
    scope: &mut Scope<'_>,
    (key, route): (&str, &spec::Route),
    targets: &Targets<'a>,
    passes: &mut Passes<'_>,
) -> Option<Draft<'a>> {
    let path = KeyPath::of(["routes", key]);
    let hosts = hosts(scope, &path, route);
    if hosts.is_empty() {
        return None; // Only environments can know the host: each must name one, and the base has no such route.
    }
    let class = class(scope, &path, route);
    let guards = Guards::of(&path, route.auth.as_ref(), route.jwt.as_ref());
    let before = passes.list(scope, &path, route.middlewares.as_ref());
    let common = passes.joined(scope, before.clone(), &guards, Vec::new());
    let mut draft = Draft {
        key: key.to_owned(),
        path,
        route: route.clone(),
        class,
        common: common.into_iter().map(|pass| pass.key).collect(),
        entries: Vec::new(),
        edges: Vec::new(),
        is_beside: false,
    };
    for host in &hosts {
        let Some(paths) = scope.required(&host.at, "paths", host.paths) else { continue };
        let of_host = passes.list(scope, &host.at, host.middlewares);
        let before = before.iter().cloned().chain(of_host).collect();
        let way = Way { host, before, guards: host.guards.or(&guards) };
        for (prefix, written) in paths.iter().filter(|(_, written)| written.enabled != Some(false)) {
            entry(scope, (&mut draft, &way), (prefix, written), (targets, passes));
        }
    }
    Some(draft)
}

/// What the paths of a host have in common.
struct Way<'a> {
    host: &'a Host<'a>,
    before: Vec<Pass>,
    guards: Guards,
}

fn entry<'a>(
    scope: &mut Scope<'_>,
    (draft, way): (&mut Draft<'a>, &Way<'_>),
    (prefix, written): (&str, &spec::RoutePath),
    (targets, passes): (&Targets<'a>, &mut Passes<'_>),
) -> Option<()> {
    let at = way.host.at.key("paths").key(prefix);
    check_path(scope, &at, prefix);
    let to = scope.required(&at, "to", written.to.as_deref())?;
    let (workload, port) = target(scope, &at.key("to"), to, targets)?;
    draft.edges.extend(edge(&draft.path, targets.gateway.as_ref(), (workload, &port)));
    let of_path = passes.list(scope, &at, written.middlewares.as_ref());
    let guards = Guards::of(&at, written.auth.as_ref(), written.jwt.as_ref()).or(&way.guards);
    let entry = Entry {
        host: way.host.name.clone()?,
        host_key: way.host.key.clone(),
        path: prefix.to_owned(),
        exact: written.exact == Some(true),
        workload,
        backend: backend(workload, &port)?,
        says_jwt: guards.jwt.1.is_some(),
        passes: passes.joined(scope, way.before.clone(), &guards, of_path),
        at,
    };
    draft.entries.push(entry);
    Some(())
}

/// The hosts of a route: its own, and those under `hosts`. Without a host the base leaves one out.
fn hosts<'a>(scope: &mut Scope<'_>, path: &KeyPath, route: &'a spec::Route) -> Vec<Host<'a>> {
    let base = stands_for_all(scope);
    let mut hosts = Vec::new();
    let has_own = route.paths.is_some() || route.hosts.is_none();
    if has_own && !(base && route.host.is_none()) {
        hosts.push(Host {
            at: path.clone(),
            key: String::new(),
            name: scope.parse_required(path, "host", route.host.as_deref(), HostName::parse),
            paths: route.paths.as_ref(),
            middlewares: None,
            guards: Guards::of(path, None, None),
        });
    }
    for (key, host) in enabled(route.hosts.as_ref(), |host| host.enabled) {
        let at = path.key("hosts").key(key);
        let named = host.host.is_some() || key.contains('.');
        if !named && base {
            continue;
        }
        let name = match &host.host {
            None if named => scope.parse_key(&at, HostName::parse),
            written => scope.parse_required(&at, "host", written.as_deref(), HostName::parse),
        };
        hosts.push(Host {
            key: key.to_owned(),
            name,
            paths: host.paths.as_ref(),
            middlewares: host.middlewares.as_ref(),
            guards: Guards::of(&at, host.auth.as_ref(), host.jwt.as_ref()),
            at,
        });
    }
    hosts
}

/// The ingress class: an Ingress needs one, and the other forms take one where there is one.
fn class(scope: &mut Scope<'_>, path: &KeyPath, route: &spec::Route) -> Option<DnsSubdomain> {
    let ingress = scope.spec.ingress.as_ref().filter(|ingress| ingress.enabled != Some(false));
    let kind = route.kind.or(ingress.and_then(|ingress| ingress.kind));
    let class = route.class.clone().or_else(|| ingress.and_then(|ingress| ingress.class.clone()));
    if matches!(kind, None | Some(spec::RouteKind::Ingress)) {
        scope.parse_required(path, "class", class.as_deref(), DnsSubdomain::parse)
    } else {
        scope.optional(&path.key("class"), class.as_deref(), DnsSubdomain::parse)
    }
}

/// A path begins with `/` and can stand in Traefik's language of rules, which quotes with backquotes.
fn check_path(scope: &mut Scope<'_>, at: &KeyPath, prefix: &str) {
    let (message, hint) = if !prefix.starts_with('/') {
        (format!("`{at}`: a path begins with `/`"), format!("did you mean `/{prefix}`?"))
    } else if prefix.contains(|c: char| c == '`' || c.is_whitespace() || c.is_control()) {
        let hint = "write it as it stands in a URL, without blanks and backquotes".to_owned();
        (format!("`{at}`: a path has no blanks and no backquotes"), hint)
    } else {
        return;
    };
    let place = scope.key_span(at);
    scope.report(Diagnostic::new(&BAD_VALUE, message).at(place, "").hint(hint));
}

fn backend(workload: &Workload, port: &crate::names::PortName) -> Option<Backend> {
    let service = workload.services.first()?;
    let number = service.ports.iter().find(|known| known.name == *port)?.number;
    Some(Backend { service: service.name.clone(), port: port.clone(), number })
}
