//! What `<workload>:<port>` names, for paths and for middlewares that ask a workload; and the edge to it.

use super::Targets;
use crate::diag::Diagnostic;
use crate::model::{Edge, EdgePort, Peer, Workload};
use crate::names::PortName;
use crate::resolve::codes::{DISABLED_TARGET, UNKNOWN_PORT};
use crate::resolve::scope::Scope;
use crate::source::KeyPath;

/// The workload and port that `<workload>:<port>` names. A target that is not enabled is left out, with a note.
pub(super) fn target<'a>(
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

/// The edge from the controller to a port of a workload.
pub(super) fn edge(
    source: &KeyPath,
    gateway: Option<&Peer>,
    (workload, port): (&Workload, &PortName),
) -> Option<Edge> {
    let ports = workload.containers.first()?.ports.iter().filter(|known| known.name == *port);
    let to = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
    Some(Edge {
        source: source.clone(),
        from: gateway?.clone(),
        to,
        ports: ports.map(|port| EdgePort { number: port.number, protocol: port.protocol }).collect(),
    })
}
