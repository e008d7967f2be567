//! Edges from `uses`: who may connect to whom, on which ports of the pods.

use std::collections::BTreeMap;

use super::codes::{DISABLED_TARGET, EXTERNAL_NEEDS_ADDRESSES, USES_CYCLE};
use super::externals;
use super::graph::{SHOWN, circles, shown};
use super::scope::{Scope, enabled};
use crate::diag::Diagnostic;
use crate::model::{Edge, EdgePort, External, ExternalService, Namespace, Peer, Protocol, Workload};
use crate::names::DnsLabel;
use crate::source::{KeyPath, Span};
use crate::spec;

/// What `uses` may lead to, by key.
pub(super) struct Targets<'a> {
    /// Databases and workloads that run here.
    pub workloads: BTreeMap<String, &'a Workload>,
    /// Databases that run outside.
    pub external: BTreeMap<String, &'a ExternalService>,
    /// What others run.
    pub neighbours: BTreeMap<String, &'a External>,
    /// The namespaces.
    pub namespaces: &'a [Namespace],
}

/// The edges of every `uses`, of workloads and of namespaces.
pub(super) fn build(scope: &mut Scope<'_>, targets: &Targets<'_>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (key, workload) in enabled(scope.spec.workloads.as_ref(), |workload| workload.enabled) {
        let path = KeyPath::of(["workloads", key]);
        let Some(own) = targets.workloads.get(key) else { continue };
        let from = Peer::Workload { namespace: own.namespace.clone(), name: own.name.clone() };
        let namespace = own.namespace.clone();
        edges.extend(uses(scope, &path, (workload.uses.as_ref(), &from, &namespace), targets));
        edges.extend(peers(scope, &path, (workload.peers.as_ref(), &from), own));
        edges.extend(joins(scope, &path, (workload.joins.as_ref(), own), targets));
    }
    for (key, namespace) in enabled(scope.spec.namespaces.as_ref(), |namespace| namespace.enabled) {
        let path = KeyPath::of(["namespaces", key]);
        let Some(name) = scope.namespaces.get(key).cloned() else { continue };
        let from = Peer::Namespace(name.clone());
        edges.extend(uses(scope, &path, (namespace.uses.as_ref(), &from, &name), targets));
    }
    edges.extend(externals::callers(scope, targets));
    report_cycles(scope);
    edges
}

/// The edges of one `uses` at `path`, from an end that lies in that namespace.
pub(super) fn uses(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    (uses, from, namespace): (Option<&Vec<spec::Use>>, &Peer, &DnsLabel),
    targets: &Targets<'_>,
) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (at, target) in uses.into_iter().flatten().enumerate() {
        let path = path.key("uses").index(at);
        let Some(name) = scope.required(&path, "name", target.name.as_deref()) else { continue };
        if let Some(workload) = targets.workloads.get(name) {
            let ports = ports(scope, &path, target, workload);
            let to = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
            edges.push(Edge { source: path, from: from.clone(), to, ports });
        } else if let Some(external) = targets.external.get(name) {
            edges.extend(outward(scope, &path, (from, namespace), external, targets.namespaces));
        } else if let Some(neighbour) = targets.neighbours.get(name) {
            let end = (from, namespace);
            edges.extend(externals::edge(scope, &path, end, neighbour, targets.namespaces));
        } else {
            missing(scope, &path, name);
        }
    }
    edges
}

/// The edge from the pods of a workload to one another: replicas that form a cluster.
fn peers(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    (peers, own): (Option<&Vec<String>>, &Peer),
    workload: &Workload,
) -> Option<Edge> {
    let all = workload.containers.first().map_or(&[][..], |container| container.ports.as_slice());
    let known: Vec<&str> = all.iter().map(|port| port.name.as_str()).collect();
    let path = path.key("peers");
    for (at, port) in peers?.iter().enumerate().filter(|(_, port)| !known.contains(&port.as_str())) {
        scope.unknown_port(&path.index(at), (workload.name.as_str(), port), &known);
    }
    let named = all
        .iter()
        .filter(|port| peers.is_some_and(|peers| peers.iter().any(|name| name == port.name.as_str())));
    let ports = named.map(|port| EdgePort { number: port.number, protocol: port.protocol }).collect();
    Some(Edge { source: path, from: own.clone(), to: own.clone(), ports })
}

/// The edges of members of one cluster: both ways, and to one's own pods once.
fn joins(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    (members, own): (Option<&Vec<String>>, &Workload),
    targets: &Targets<'_>,
) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (at, name) in members.into_iter().flatten().enumerate() {
        let path = path.key("joins").index(at);
        let Some(other) = targets.workloads.get(name) else {
            missing(scope, &path, name);
            continue;
        };
        edges.push(between(&path, own, other));
        if own.source != other.source {
            edges.push(between(&path, other, own));
        }
    }
    edges
}

fn between(path: &KeyPath, from: &Workload, to: &Workload) -> Edge {
    let peer = |workload: &Workload| Peer::Workload {
        namespace: workload.namespace.clone(),
        name: workload.name.clone(),
    };
    let ports = to.containers.first().map_or(&[][..], |container| container.ports.as_slice());
    let ports = ports.iter().map(|port| EdgePort { number: port.number, protocol: port.protocol });
    Edge { source: path.clone(), from: peer(from), to: peer(to), ports: ports.collect() }
}

fn ports(scope: &mut Scope<'_>, path: &KeyPath, target: &spec::Use, workload: &Workload) -> Vec<EdgePort> {
    let all = workload.containers.first().map_or(&[][..], |container| container.ports.as_slice());
    let known: Vec<&str> = all.iter().map(|port| port.name.as_str()).collect();
    for (at, port) in target.ports.iter().flatten().enumerate() {
        if !known.contains(&port.as_str()) {
            let owner = target.name.as_deref().unwrap_or_default();
            scope.unknown_port(&path.key("ports").index(at), (owner, port), &known);
        }
    }
    let wanted = |name: &str| target.ports.as_ref().is_none_or(|ports| ports.iter().any(|port| port == name));
    let chosen = all.iter().filter(|port| wanted(port.name.as_str()));
    chosen.map(|port| EdgePort { number: port.number, protocol: port.protocol }).collect()
}

/// An edge that leaves the cluster. Policies see addresses, never names.
fn outward(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    (from, namespace): (&Peer, &DnsLabel),
    external: &ExternalService,
    namespaces: &[Namespace],
) -> Option<Edge> {
    let isolated = is_isolated((from, namespace), namespaces);
    if external.cidrs.is_empty() {
        if isolated {
            let message = format!(
                "namespace {namespace} is isolated, and nothing says which addresses `{}` has",
                external.host
            );
            let problem = Diagnostic::new(&EXTERNAL_NEEDS_ADDRESSES, message)
                .at(scope.span(path), "")
                .at(scope.span(&external.source.key("external")), "declared here")
                .hint("add `external.cidrs = [\"…/32\"]`: a network policy cannot name a host");
            scope.report(problem);
        }
        return None;
    }
    let port = EdgePort { number: external.port, protocol: Protocol::Tcp };
    let to = Peer::Addresses(external.cidrs.clone());
    Some(Edge { source: path.clone(), from: from.clone(), to, ports: vec![port] })
}

/// Whether policies close the end of an edge; a tenant's always do.
pub(super) fn is_isolated((from, namespace): (&Peer, &DnsLabel), namespaces: &[Namespace]) -> bool {
    *from == Peer::Tenants || namespaces.iter().any(|known| known.name == *namespace && known.isolated)
}

fn missing(scope: &mut Scope<'_>, path: &KeyPath, name: &str) {
    let spec = scope.spec;
    let database =
        spec.databases.as_ref().and_then(|databases| databases.get(name)).map(|found| found.enabled);
    let workload =
        spec.workloads.as_ref().and_then(|workloads| workloads.get(name)).map(|found| found.enabled);
    let neighbour =
        spec.externals.as_ref().and_then(|externals| externals.get(name)).map(|found| found.enabled);
    match database.or(workload).or(neighbour) {
        Some(Some(false)) => {
            let message = format!("`{path}` leads to `{name}`, which is not enabled, and is left out");
            let problem = Diagnostic::new(&DISABLED_TARGET, message).at(scope.span(path), "").about(path);
            scope.report(problem);
        }
        Some(_) => {} // What is wrong with it was reported there.
        None => {
            let mut known: Vec<String> =
                spec.databases.iter().flatten().map(|(key, _)| key.clone()).collect();
            known.extend(spec.workloads.iter().flatten().map(|(key, _)| key.clone()));
            known.extend(spec.externals.iter().flatten().map(|(key, _)| key.clone()));
            scope.unknown(path, &format!("database, workload or external `{name}`"), name, &known);
        }
    }
}

/// Reports every circle of `uses`: within one, nothing has an order in which it could start.
fn report_cycles(scope: &mut Scope<'_>) {
    let workloads = enabled(scope.spec.workloads.as_ref(), |workload| workload.enabled);
    let used = |workload: &spec::Workload| {
        workload.uses.iter().flatten().filter_map(|target| target.name.clone()).collect()
    };
    let graph = workloads.into_iter().map(|(key, workload)| (key.to_owned(), used(workload))).collect();
    for circle in circles(graph) {
        report_cycle(scope, &circle);
    }
}

fn report_cycle(scope: &mut Scope<'_>, circle: &[String]) {
    let message = match circle {
        [own] => format!("workload `{own}` uses itself"),
        _ => format!("workloads use one another in a circle: {}", shown(circle)),
    };
    let mut problem = Diagnostic::new(&USES_CYCLE, message);
    for (at, user) in circle.iter().enumerate().take(SHOWN) {
        let used = &circle[(at + 1) % circle.len()];
        let text = if circle.len() > 1 { format!("`{user}` uses `{used}`") } else { String::new() };
        problem = problem.at(edge_place(scope, user, used), text);
    }
    let hint = if circle.len() > 1 {
        "remove one of these edges: let it be called back through a queue or an event"
    } else {
        "remove it from its own `uses`"
    };
    scope.report(problem.hint(hint));
}

/// Where a workload says that it uses another.
fn edge_place(scope: &Scope<'_>, user: &str, used: &str) -> Option<Span> {
    let uses = scope.spec.workloads.as_ref()?.get(user)?.uses.as_ref()?;
    let at = uses.iter().position(|target| target.name.as_deref() == Some(used))?;
    scope.span(&KeyPath::of(["workloads", user, "uses"]).index(at))
}
