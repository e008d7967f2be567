//! Probes: from what a user or an engine says to handlers with every timing given.

use super::codes::UNKNOWN_PORT;
use super::scope::Scope;
use crate::diag::Diagnostic;
use crate::model::{ContainerPort, Handler, Probe, Probes};
use crate::names::PortName;
use crate::source::KeyPath;
use crate::spec;

/// What probes may refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// The ports of the container.
    pub ports: &'a [ContainerPort],
    /// What is tried where the user names nothing: an engine's command.
    pub ping: Option<&'a [String]>,
}

/// The probes of a container. An absent probe is none at all.
pub(super) fn build(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    probes: Option<&spec::Probes>,
    context: Context<'_>,
) -> Probes {
    let Some(probes) = probes else { return Probes::default() };
    let path = path.key("probes");
    let mut one = |key: &str, probe: &Option<spec::Probe>| {
        let probe = probe.as_ref().filter(|probe| probe.enabled != Some(false))?;
        build_one(scope, &path.key(key), probe, context)
    };
    let mut built = Probes {
        liveness: one("liveness", &probes.liveness),
        readiness: one("readiness", &probes.readiness),
        startup: one("startup", &probes.startup),
    };
    let is_said = probes.liveness.as_ref().is_some_and(|probe| probe.failures.is_some());
    if built.liveness.is_some() && built.liveness == built.readiness && !is_said {
        wait_longer(&mut built);
    }
    built
}

/// A process that answers both probes in the same way gets no more requests before it is restarted, and not at the same
/// moment: it has as long again to recover.
fn wait_longer(probes: &mut Probes) {
    if let Some(liveness) = &mut probes.liveness {
        liveness.failures = liveness.failures.saturating_mul(2);
    }
}

fn build_one(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    probe: &spec::Probe,
    context: Context<'_>,
) -> Option<Probe> {
    let handler = handler(scope, path, probe, context)?;
    // The figures that the API server fills in (Kubernetes API reference, core/v1 Probe), written out so that a
    // reader sees them.
    Some(Probe {
        handler,
        initial_delay: probe.initial_delay.unwrap_or(0),
        period: probe.period.unwrap_or(10),
        timeout: probe.timeout.unwrap_or(1),
        failures: probe.failures.unwrap_or(3),
        successes: probe.successes.unwrap_or(1),
    })
}

fn handler(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    probe: &spec::Probe,
    context: Context<'_>,
) -> Option<Handler> {
    match (&probe.http, &probe.exec, &probe.tcp, &probe.grpc) {
        (Some(http), None, None, None) => {
            let port = http_port(scope, path, probe.port.as_deref(), context.ports)?;
            Some(Handler::Http { path: http.clone(), port })
        }
        (None, Some(command), None, None) => Some(Handler::Exec(command.clone())),
        (None, None, Some(port), None) => {
            named(scope, &path.key("tcp"), port, context.ports).map(|p| Handler::Tcp(p.name))
        }
        (None, None, None, Some(port)) => {
            named(scope, &path.key("grpc"), port, context.ports).map(|p| Handler::Grpc(p.number))
        }
        (None, None, None, None) if context.ping.is_some() => {
            context.ping.map(|ping| Handler::Exec(ping.to_vec()))
        }
        _ => {
            scope.one_of(path, &["http", "exec", "tcp", "grpc"]);
            None
        }
    }
}

fn http_port(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    port: Option<&str>,
    ports: &[ContainerPort],
) -> Option<PortName> {
    match (port, ports) {
        (Some(port), ports) => named(scope, &path.key("port"), port, ports).map(|port| port.name),
        (None, [only]) => Some(only.name.clone()),
        (None, ports) => {
            let http = ports.iter().find(|port| port.name.as_str() == "http");
            if http.is_none() && !scope.is_lost("ports") {
                let hint = match ports {
                    [] => "add `ports = { http = 3000 }` to the workload",
                    _ => "add `port = \"…\"` to the probe, or call one of the ports `http`",
                };
                let message =
                    format!("`{}` does not say on which port; there is {}", scope.written(path), list(ports));
                let problem = Diagnostic::new(&UNKNOWN_PORT, message).at(scope.span(path), "");
                scope.report(problem.hint(hint));
            }
            http.map(|port| port.name.clone())
        }
    }
}

fn named(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    name: &str,
    ports: &[ContainerPort],
) -> Option<ContainerPort> {
    let found = ports.iter().find(|port| port.name.as_str() == name).cloned();
    if found.is_none() {
        let known: Vec<&str> = ports.iter().map(|port| port.name.as_str()).collect();
        let owner = path.segments().iter().take(2).cloned().collect::<KeyPath>();
        scope.unknown_port(path, (owner.last_key().unwrap_or_default(), name), &known);
    }
    found
}

fn list(ports: &[ContainerPort]) -> String {
    if ports.is_empty() {
        return "none".to_owned();
    }
    ports.iter().map(|port| format!("`{}`", port.name.as_str())).collect::<Vec<_>>().join(", ")
}
