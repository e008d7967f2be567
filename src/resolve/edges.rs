//! Edges from `uses`: who may connect to whom, on which ports of the pods.

use std::collections::BTreeMap;

use super::codes::{DISABLED_TARGET, EXTERNAL_NEEDS_ADDRESSES, UNKNOWN_PORT, USES_CYCLE};
use super::scope::{Scope, enabled};
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{Edge, EdgePort, ExternalService, Namespace, Peer, Protocol, Workload};
use crate::names::DnsLabel;
use crate::source::KeyPath;
use crate::spec;

/// What `uses` may lead to, by key.
pub(super) struct Targets<'a> {
    /// Databases and workloads that run here.
    pub workloads: BTreeMap<String, &'a Workload>,
    /// Databases that run outside.
    pub external: BTreeMap<String, &'a ExternalService>,
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
    }
    for (key, namespace) in enabled(scope.spec.namespaces.as_ref(), |namespace| namespace.enabled) {
        let path = KeyPath::of(["namespaces", key]);
        let Some(name) = scope.namespaces.get(key).cloned() else { continue };
        let from = Peer::Namespace(name.clone());
        edges.extend(uses(scope, &path, (namespace.uses.as_ref(), &from, &name), targets));
    }
    report_cycle(scope);
    edges
}

fn uses(
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
        } else {
            missing(scope, &path, name);
        }
    }
    edges
}

fn ports(scope: &mut Scope<'_>, path: &KeyPath, target: &spec::Use, workload: &Workload) -> Vec<EdgePort> {
    let all = workload.containers.first().map_or(&[][..], |container| container.ports.as_slice());
    for port in target.ports.iter().flatten() {
        if all.iter().all(|known| known.name.as_str() != port) {
            let near = did_you_mean(port, all.iter().map(|port| port.name.as_str()));
            let message = format!("`{path}`: `{}` has no port `{port}`", workload.name);
            let problem = Diagnostic::new(&UNKNOWN_PORT, message).at(scope.span(path), "");
            scope.report(problem.maybe_hint(near.map(|near| format!("did you mean `{near}`?"))));
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
    let isolated = namespaces.iter().any(|known| known.name == *namespace && known.isolated);
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

fn missing(scope: &mut Scope<'_>, path: &KeyPath, name: &str) {
    let spec = scope.spec;
    let database =
        spec.databases.as_ref().and_then(|databases| databases.get(name)).map(|found| found.enabled);
    let workload =
        spec.workloads.as_ref().and_then(|workloads| workloads.get(name)).map(|found| found.enabled);
    match database.or(workload) {
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
            scope.unknown(path, &format!("database or workload `{name}`"), name, &known);
        }
    }
}

/// Reports the first circle of `uses`, if there is one: then nothing has an order in which it could start.
fn report_cycle(scope: &mut Scope<'_>) {
    let workloads = enabled(scope.spec.workloads.as_ref(), |workload| workload.enabled);
    let graph: BTreeMap<&str, Vec<&str>> = workloads
        .into_iter()
        .map(|(key, workload)| {
            (key, workload.uses.iter().flatten().filter_map(|target| target.name.as_deref()).collect())
        })
        .collect();
    let Some(circle) = find_cycle(&graph) else { return };
    let Some(first) = circle.first() else { return };
    let path = KeyPath::of(["workloads", *first]).key("uses");
    let shown: Vec<&str> = circle.iter().copied().chain(circle.first().copied()).collect();
    let message = format!("workloads use one another in a circle: {}", shown.join(" -> "));
    let mut problem = Diagnostic::new(&USES_CYCLE, message).at(scope.span(&path), "");
    for other in &circle[1..] {
        problem = problem.at(scope.span(&KeyPath::of(["workloads", *other]).key("uses")), "and here");
    }
    scope.report(problem.hint("let one of them be called back through a queue or an event"));
}

/// A circle of the graph, by depth-first search with an explicit stack, so that no depth of nesting can overflow.
fn find_cycle<'a>(graph: &BTreeMap<&'a str, Vec<&'a str>>) -> Option<Vec<&'a str>> {
    let mut done: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    for start in graph.keys() {
        let mut path: Vec<(&'a str, usize)> = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let (node, at) = (*node, *next);
            *next += 1;
            match graph.get(node).and_then(|targets| targets.get(at)) {
                _ if done.contains(node) => drop(path.pop()),
                None => {
                    done.insert(node);
                    path.pop();
                }
                Some(target) => {
                    if let Some(from) = path.iter().position(|(known, _)| known == target) {
                        return Some(path[from..].iter().map(|(name, _)| *name).collect());
                    }
                    if graph.contains_key(target) {
                        path.push((target, 0));
                    }
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_found_and_a_diamond_is_none() {
        let diamond =
            BTreeMap::from([("a", vec!["b", "c"]), ("b", vec!["d"]), ("c", vec!["d"]), ("d", vec![])]);
        assert_eq!(find_cycle(&diamond), None);
        let circle = BTreeMap::from([("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["b"])]);
        assert_eq!(find_cycle(&circle), Some(vec!["b", "c"]));
        assert_eq!(find_cycle(&BTreeMap::from([("a", vec!["a"])])), Some(vec!["a"]));
    }
}
