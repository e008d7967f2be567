//! Services that others run: where they are, the edges that lead to them, and who of them may call us.

use std::collections::BTreeMap;

use super::border::{OTHER_CLUSTER, OTHER_ENVIRONMENT, SHARED_CACHE};
use super::codes::{CONFLICTING_KEYS, EXTERNAL_NEEDS_ADDRESSES};
use super::edges::{Targets, is_isolated};
use super::scope::{Scope, enabled};
use super::{mentions, rollout};
use crate::diag::Diagnostic;
use crate::model::{Edge, EdgePort, External, Namespace, Pairs, Peer, Protocol, Reach, Workload};
use crate::names::{Cidr, DnsLabel, HostName, PortNumber, ServiceName};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::MISSING_KEY;

/// Words in the name of a Service by which a cache is known.
const CACHES: [&str; 3] = ["memcached", "redis", "valkey"];

/// Every external of the platform. Reports names that were agreed with others and are not kept to.
pub(super) fn build(scope: &mut Scope<'_>, namespaces: &[Namespace]) -> Vec<External> {
    rollout::check_names(scope, namespaces);
    let externals = enabled(scope.spec.externals.as_ref(), |external| external.enabled);
    let built: Vec<External> =
        externals.into_iter().filter_map(|(key, external)| one(scope, key, external)).collect();
    mentions::check(scope, &built);
    built
}

fn one(scope: &mut Scope<'_>, key: &str, external: &spec::Neighbour) -> Option<External> {
    let path = KeyPath::of(["externals", key]);
    let (reach, usual) = match (&external.host, &external.namespace) {
        (Some(host), _) => (outside(scope, &path, host, external.cidrs.as_ref()), 443),
        (None, Some(namespace)) => (inside(scope, &path, key, (namespace, external)), 80),
        (None, None) => {
            let message = format!("`{path}` needs `namespace`, where it runs, or `host`");
            let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.key_span(&path), "");
            scope.report(problem);
            (None, 80)
        }
    };
    let port = port(scope, &path.key("port"), external.port.unwrap_or(usual));
    let hosts = external.hosts.iter().flatten().enumerate();
    let hosts =
        hosts.filter_map(|(at, host)| scope.parse(&path.key("hosts").index(at), host, HostName::parse));
    let hosts = hosts.collect();
    Some(External { key: key.to_owned(), reach: reach?, port: port?, hosts, source: path })
}

fn port(scope: &mut Scope<'_>, path: &KeyPath, number: u16) -> Option<PortNumber> {
    scope.parse(path, &number.to_string(), PortNumber::parse)
}

fn outside(scope: &mut Scope<'_>, path: &KeyPath, host: &str, cidrs: Option<&Vec<String>>) -> Option<Reach> {
    let host = scope.parse(&path.key("host"), host, HostName::parse);
    let cidrs = cidrs.into_iter().flatten().enumerate();
    let cidrs = cidrs.filter_map(|(at, cidr)| scope.parse(&path.key("cidrs").index(at), cidr, Cidr::parse));
    let cidrs = cidrs.collect();
    Some(Reach::Host { host: host?, cidrs })
}

fn inside(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    key: &str,
    (namespace, external): (&str, &spec::Neighbour),
) -> Option<Reach> {
    let name = scope.namespace(path, Some(namespace))?;
    if !is_external(scope, namespace) {
        let message = format!("`{path}` is in `{namespace}`, which belongs to this platform");
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&path.key("namespace")), "");
        scope.report(
            problem.hint(format!("add `external = true` to `namespaces.{namespace}`, or declare a workload")),
        );
    }
    let service = external.service.as_deref().unwrap_or(key);
    let service = scope.parse(&path.key("service"), service, ServiceName::parse)?;
    let pod_port = external.pod_port.and_then(|number| port(scope, &path.key("pod-port"), number));
    let labels = external
        .labels
        .clone()
        .unwrap_or_else(|| Pairs::from([("app.kubernetes.io/name".to_owned(), service.to_string())]));
    belongs_here(scope, path, namespace);
    refuse_cache(scope, path, service.as_str(), [external.port, external.pod_port]);
    Some(Reach::Pods { namespace: name, service, labels, pod_port })
}

fn is_external(scope: &Scope<'_>, namespace: &str) -> bool {
    let namespaces = scope.spec.namespaces.as_ref();
    namespaces.and_then(|all| all.get(namespace)).is_some_and(|found| found.external == Some(true))
}

/// Reports an external namespace that this environment cannot reach or that does not serve it. The base is on no
/// cluster and stands for every environment, so nothing is out of its reach.
pub(super) fn belongs_here(scope: &mut Scope<'_>, path: &KeyPath, namespace: &str) {
    let Some(environment) = scope.spec.environment.as_ref() else { return };
    let Some(name) = environment.name.as_deref() else { return };
    let Some(found) = scope.spec.namespaces.as_ref().and_then(|all| all.get(namespace)) else { return };
    let own = found.name.as_deref().unwrap_or(namespace);
    let cluster = environment.cluster.as_ref().and_then(|cluster| cluster.name.as_deref());
    let declared = KeyPath::of(["namespaces", namespace]);
    if let Some(clusters) = found.clusters.as_ref().filter(|all| !contains(all, cluster.unwrap_or_default()))
    {
        let message = format!(
            "`{path}` leads to namespace {own}, which is on {} and not on {}",
            clusters.join(", "),
            cluster.unwrap_or("this cluster")
        );
        let problem = Diagnostic::new(&OTHER_CLUSTER, message).at(scope.span(path), "").about(path);
        let problem = problem.at(scope.span(&declared.key("clusters")), "it is on these");
        scope.report(problem.hint("give the external a `host` and `cidrs` here, or turn it off here"));
    }
    if let Some(served) = found.environments.as_ref().filter(|all| !contains(all, name)) {
        let message =
            format!("`{path}` leads to namespace {own}, which serves {} and not {name}", served.join(", "));
        let problem = Diagnostic::new(&OTHER_ENVIRONMENT, message).at(scope.span(path), "").about(path);
        let problem = problem.at(scope.span(&declared.key("environments")), "it serves these");
        scope.report(problem.hint(format!("name what serves {name}, or add {name} to the list")));
    }
}

fn contains(all: &[String], wanted: &str) -> bool {
    all.iter().any(|one| one == wanted)
}

/// Reports somebody else's cache, by the name of its Service or by the port of Redis or Memcached.
pub(super) fn refuse_cache(scope: &mut Scope<'_>, path: &KeyPath, service: &str, ports: [Option<u16>; 2]) {
    let by_name = CACHES.iter().any(|cache| service.contains(cache));
    let by_port = ports.into_iter().flatten().any(|port| matches!(port, 6379 | 11211));
    if by_name || by_port {
        let message = format!("`{path}` leads to `{service}`, a cache that others own");
        let problem = Diagnostic::new(&SHARED_CACHE, message).at(scope.span(path), "").about(path);
        scope.report(problem.hint("declare one in `[databases]` with `engine = \"redis\"`"));
    }
}

/// The edge from `from` to an external. In an isolated namespace it must be known what a policy is to name.
pub(super) fn edge(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    (from, namespace): (&Peer, &DnsLabel),
    external: &External,
    namespaces: &[Namespace],
) -> Option<Edge> {
    let isolated = is_isolated((from, namespace), namespaces);
    let (to, port) = match &external.reach {
        Reach::Pods { namespace, labels, pod_port, .. } => {
            let to = Peer::Pods { namespace: namespace.clone(), labels: labels.clone() };
            (Some(to), *pod_port)
        }
        Reach::Host { cidrs, .. } => {
            ((!cidrs.is_empty()).then(|| Peer::Addresses(cidrs.clone())), Some(external.port))
        }
    };
    let (Some(to), Some(number)) = (to, port) else {
        if isolated {
            report_unknown_end(scope, path, external);
        }
        return None;
    };
    let ports = vec![EdgePort { number, protocol: Protocol::Tcp }];
    Some(Edge { source: path.clone(), from: from.clone(), to, ports })
}

fn report_unknown_end(scope: &mut Scope<'_>, path: &KeyPath, external: &External) {
    let (code, message, hint) = match &external.reach {
        Reach::Pods { .. } => (
            &MISSING_KEY,
            format!("`{}` lacks `pod-port`, and an isolated namespace uses it", external.source),
            "add `pod-port = …`: a network policy sees the port of the pod, not that of the Service",
        ),
        Reach::Host { host, .. } => (
            &EXTERNAL_NEEDS_ADDRESSES,
            format!("an isolated namespace uses `{host}`, and nothing says which addresses it has"),
            "add `cidrs = [\"…/32\"]`: a network policy cannot name a host",
        ),
    };
    let problem = Diagnostic::new(code, message)
        .at(scope.key_span(&external.source), "")
        .at(scope.span(path), "used here");
    scope.report(problem.hint(hint));
}

/// The edges of every `used-by`: from pods that others own to ours.
pub(super) fn callers(scope: &mut Scope<'_>, targets: &Targets<'_>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (key, spec) in enabled(scope.spec.workloads.as_ref(), |workload| workload.enabled) {
        let path = KeyPath::of(["workloads", key]).key("used-by");
        let Some(own) = targets.workloads.get(key) else { continue };
        for (at, caller) in spec.used_by.iter().flatten().enumerate() {
            let path = path.index(at);
            let from = self::caller(scope, &path, caller, targets);
            edges.extend(from.map(|from| called(&path, from, own)));
        }
    }
    edges
}

fn called(path: &KeyPath, from: Peer, own: &Workload) -> Edge {
    let ports = own.containers.first().map_or(&[][..], |container| container.ports.as_slice());
    Edge {
        source: path.clone(),
        from,
        to: Peer::Workload { namespace: own.namespace.clone(), name: own.name.clone() },
        ports: ports.iter().map(|port| EdgePort { number: port.number, protocol: port.protocol }).collect(),
    }
}

fn caller(scope: &mut Scope<'_>, path: &KeyPath, caller: &str, targets: &Targets<'_>) -> Option<Peer> {
    if is_off(scope, caller) {
        return None;
    }
    if let Some(external) = targets.neighbours.get(caller) {
        return match &external.reach {
            Reach::Pods { namespace, labels, .. } => {
                Some(Peer::Pods { namespace: namespace.clone(), labels: labels.clone() })
            }
            Reach::Host { cidrs, .. } => Some(Peer::Addresses(cidrs.clone())),
        };
    }
    if let Some(name) = scope.namespaces.get(caller).cloned() {
        belongs_here(scope, path, caller);
        return Some(Peer::Namespace(name));
    }
    let mut known: Vec<String> = scope.namespaces.keys().cloned().collect();
    known.extend(targets.neighbours.keys().cloned());
    scope.unknown(path, &format!("namespace or external `{caller}`"), caller, &known);
    None
}

/// Whether an external of that key is declared and turned off here.
pub(super) fn is_off(scope: &Scope<'_>, key: &str) -> bool {
    let external = scope.spec.externals.as_ref().and_then(|all| all.get(key));
    external.is_some_and(|external| external.enabled == Some(false))
}

/// Externals by key.
pub(super) fn by_key(externals: &[External]) -> BTreeMap<String, &External> {
    externals.iter().map(|external| (external.key.clone(), external)).collect()
}

/// The URL of an external, as expressions give it.
pub(super) fn url(scope: &Scope<'_>, external: &External) -> String {
    let spec = scope.spec.externals.as_ref().and_then(|all| all.get(&external.key));
    let scheme = spec.and_then(|spec| spec.scheme.as_deref());
    let port = external.port.get();
    match &external.reach {
        Reach::Pods { namespace, service, .. } => {
            url_of(scheme.unwrap_or("http"), &format!("{service}.{namespace}.svc.cluster.local"), port)
        }
        Reach::Host { host, .. } => url_of(scheme.unwrap_or("https"), host.as_str(), port),
    }
}

/// A URL without the port that its scheme implies.
pub(super) fn url_of(scheme: &str, host: &str, port: u16) -> String {
    match (scheme, port) {
        ("http", 80) | ("https", 443) => format!("{scheme}://{host}"),
        _ => format!("{scheme}://{host}:{port}"),
    }
}
