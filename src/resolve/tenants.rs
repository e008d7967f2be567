//! Tenants: each is a namespace, its limits, its isolation and its owner, over the shape that `[tenant]` gives.
//!
//! Takes `[tenants.<name>]` with `[tenant]` laid under each of them; gives namespaces with a [`Tenancy`], the edges at the
//! platform's own end, and a database of a tenant's own as one of `[databases]`. What one tenant gets depends on that tenant and
//! the shape alone, and what the platform gets depends on the shape: so one more tenant changes nothing that others have.

use std::collections::BTreeMap;

use super::edges::{self, Targets};
use super::scope::{Scope, enabled};
use super::tenant_codes::{NAMESPACE_TAKEN, TENANT_WITHOUT_QUOTA};
use super::{layers, namespaces};
use crate::diag::Diagnostic;
use crate::model::{Edge, EdgePort, Namespace, Opening, Peer, Protocol, Tenancy};
use crate::names::{DnsLabel, PortNumber};
use crate::source::{KeyPath, Layer, Node, NodeValue};
use crate::spec;
use crate::value::json;

/// The role that owners have unless the platform says otherwise.
pub(super) const OWNER_ROLE: &str = "tenant-owner";

/// The label that a workload's pods are selected by where it says nothing else.
const NAME: &str = "app.kubernetes.io/name";

/// What every tenant is unless somebody says otherwise.
pub(super) fn preset() -> crate::value::Value {
    json!({
        "namespace": "org-{{ tenant.name }}",
        "pod-security": "restricted",
        "role": OWNER_ROLE,
        "internal-traffic": true,
    })
}

/// The owner's role: the day's work, reading the limits, and nothing by which the limits or the isolation could be undone.
/// Routes are missing on purpose: an Ingress may claim any host, also another tenant's.
pub(super) fn owner_role() -> crate::value::Value {
    let all = ["get", "list", "watch", "create", "update", "patch", "delete"];
    let read = ["get", "list", "watch"];
    json!({"cluster": true, "rules": [
        {"resources": ["pods", "services", "configmaps", "secrets", "persistentvolumeclaims", "serviceaccounts"], "verbs": all},
        {"resources": ["pods/exec", "pods/portforward"], "verbs": ["create"]},
        {"resources": ["pods/log", "events", "resourcequotas", "limitranges"], "verbs": read},
        {"groups": ["apps"], "resources": ["deployments", "statefulsets", "replicasets"], "verbs": all},
        {"groups": ["batch"], "resources": ["jobs", "cronjobs"], "verbs": all},
        {"groups": ["autoscaling"], "resources": ["horizontalpodautoscalers"], "verbs": all},
        {"groups": ["policy"], "resources": ["poddisruptionbudgets"], "verbs": all},
        {"groups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": read},
        {"groups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"], "verbs": read},
    ]})
}

/// Whether a document speaks of tenants.
pub(super) fn are_meant(document: &BTreeMap<String, Node>) -> bool {
    document.contains_key("tenant") || document.contains_key("tenants")
}

/// The key in [`Scope::namespaces`] of a tenant's namespace; no key of `[namespaces]` holds a dot unquoted.
pub(super) fn key(tenant: &str) -> String {
    format!("tenants.{tenant}")
}

/// What a tenant's own database is called among the databases.
fn database_key(tenant: &str, database: &Node) -> String {
    let text = |key: &str| database.get(key).and_then(Node::as_str);
    format!("{tenant}-{}", text("name").or_else(|| text("engine")).unwrap_or("database"))
}

/// Adds the databases that tenants have to themselves to those of the platform.
pub(super) fn expand(document: &mut Node) {
    let defaults = document.get("defaults").and_then(|defaults| defaults.get("databases")).cloned();
    let tenants = document.get("tenants").and_then(Node::as_table).into_iter().flatten();
    let off = |node: &Node| node.get("enabled").is_some_and(|on| on.value == NodeValue::Bool(false));
    let own: Vec<(String, Node)> = tenants
        .filter(|(_, tenant)| !off(tenant))
        .filter_map(|(name, tenant)| {
            let own = tenant.get("database").filter(|database| !off(database))?;
            let mut merged = layers::database(defaults.as_ref(), own);
            let place = json!({"name": database_key(name, own), "namespace": key(name)});
            merged.overlay(&Node::from_json(&place, &Layer::Builtin));
            Some((database_key(name, own), merged))
        })
        .collect();
    let Some(fields) = document.as_table_mut().filter(|_| !own.is_empty()) else { return };
    let databases = fields.entry("databases".to_owned()).or_insert_with(|| Node::empty_table(Layer::Builtin));
    let Some(databases) = databases.as_table_mut() else { return };
    for (key, database) in own {
        // A database of the platform keeps its key; the tenant's is then missing where its own services look for it.
        databases.entry(key).or_insert(database);
    }
}

/// The tenants that exist, by key.
pub(super) fn all<'a>(scope: &Scope<'a>) -> Vec<(&'a str, &'a spec::Tenant)> {
    enabled(scope.spec.tenants.as_ref(), |tenant| tenant.enabled)
}

/// The namespace of every tenant.
pub(super) fn namespaces(scope: &mut Scope<'_>, own: &[Namespace]) -> Vec<Namespace> {
    let tenants = all(scope);
    let mut built: Vec<Namespace> = Vec::with_capacity(tenants.len());
    let mut taken: BTreeMap<DnsLabel, KeyPath> =
        own.iter().map(|namespace| (namespace.name.clone(), namespace.source.clone())).collect();
    for (name, tenant) in tenants {
        let Some(namespace) = one(scope, name, tenant) else { continue };
        if let Some(first) = taken.get(&namespace.name) {
            report_taken(scope, &namespace, first);
            continue;
        }
        taken.insert(namespace.name.clone(), namespace.source.clone());
        built.push(namespace);
    }
    built
}

fn one(scope: &mut Scope<'_>, name: &str, tenant: &spec::Tenant) -> Option<Namespace> {
    let path = KeyPath::of(["tenants", name]);
    let label = scope.parse_key(&path, DnsLabel::parse)?;
    let namespace = scope.parse_required(&path, "namespace", tenant.namespace.as_deref(), DnsLabel::parse);
    if tenant.quota.as_ref().is_none_or(|quota| quota.enabled == Some(false)) {
        let message = format!("tenant `{name}` has no quota: it may take what all the others need");
        let problem = Diagnostic::new(&TENANT_WITHOUT_QUOTA, message).at(scope.key_span(&path), "");
        let hint =
            "add `[tenant.quota]` with `cpu`, `memory` and `storage`, which then holds for every tenant";
        scope.report(problem.about(&path).hint(hint));
    }
    let mut annotations = tenant.annotations.clone().unwrap_or_default();
    annotations.extend(tenant.title.clone().map(|title| (TITLE.to_owned(), title)));
    Some(Namespace {
        source: path,
        key: key(name),
        name: namespace?,
        external: false,
        labels: tenant.labels.clone().unwrap_or_default(),
        annotations,
        pod_security: namespaces::level(tenant.pod_security),
        placeholder: false,
        isolated: true,
        quota: None,
        tenancy: Some(Tenancy {
            name: label,
            internal: tenant.internal_traffic.unwrap_or(true),
            uses: Vec::new(),
            callers: Vec::new(),
        }),
    })
}

/// The annotation with what people call a tenant; its label is a DNS label and cannot say it.
const TITLE: &str = "bayplan.dev/title";

fn report_taken(scope: &mut Scope<'_>, namespace: &Namespace, first: &KeyPath) {
    let message = format!("`{}` is given the namespace {}, which is taken", namespace.source, namespace.name);
    let problem = Diagnostic::new(&NAMESPACE_TAKEN, message)
        .about(&namespace.source)
        .at(scope.key_span(&namespace.source), "")
        .at(scope.key_span(first), "it is this one's already");
    scope.report(problem.hint("let `tenant.namespace` hold `{{ tenant.name }}`, or rename one of them"));
}

/// What all tenants share, and what single ones add.
#[derive(Debug, Default)]
pub(super) struct Connections {
    /// The edges at the platform's own end.
    pub edges: Vec<Edge>,
    /// What the pods of each tenant may reach and who may call them, by the source of its namespace.
    pub tenants: BTreeMap<KeyPath, (Vec<Opening>, Vec<Opening>)>,
}

/// The connections of the shape, worked out once, and those of every tenant that differs from it.
pub(super) fn connect(scope: &mut Scope<'_>, targets: &Targets<'_>) -> Connections {
    let shape = scope.spec.tenant.as_deref().cloned().unwrap_or_default();
    let path = KeyPath::of(["tenant"]);
    let Some(first) = targets.namespaces.iter().find(|namespace| namespace.tenancy.is_some()) else {
        return Connections::default();
    };
    let mut edges = edges::uses(scope, &path, (shape.uses.as_ref(), &Peer::Tenants, &first.name), targets);
    let of_shape = openings(&edges, targets);
    let of_callers = callers(scope, &path, &shape, targets);
    edges.extend(of_callers.iter().filter_map(|caller| edge_to(&path, caller, &Peer::Tenants)));
    let mut tenants = BTreeMap::new();
    for namespace in targets.namespaces.iter().filter(|namespace| namespace.tenancy.is_some()) {
        let Some(tenant) = find(scope, &namespace.source) else { continue };
        let end = Peer::Namespace(namespace.name.clone());
        let mut own = of_shape.clone();
        if tenant.uses != shape.uses {
            let (own_uses, name) = (tenant.uses.as_ref(), &namespace.name);
            let more = edges::uses(scope, &namespace.source, (own_uses, &end, name), targets);
            own = openings(&more, targets);
            let new = more.into_iter().zip(&own).filter(|(_, opening)| !of_shape.contains(opening));
            edges.extend(new.map(|(edge, _)| edge));
        }
        let mut calling = of_callers.clone();
        if tenant.callers != shape.callers {
            calling = callers(scope, &namespace.source, tenant, targets);
            let new = calling.iter().filter(|one| !of_callers.contains(one));
            edges.extend(new.filter_map(|caller| edge_to(&namespace.source, caller, &end)));
        }
        let calling =
            calling.into_iter().map(|(peer, ports)| Opening { peer: by_labels(&peer, targets), ports });
        tenants.insert(namespace.source.clone(), (own, calling.collect()));
    }
    Connections { edges, tenants }
}

/// The tenant that a namespace comes from.
pub(super) fn find<'a>(scope: &Scope<'a>, source: &KeyPath) -> Option<&'a spec::Tenant> {
    scope.spec.tenants.as_ref()?.get(source.last_key()?)
}

/// The far ends of edges, by the labels of their pods: a tenant must be known without knowing the platform's workloads.
fn openings(edges: &[Edge], targets: &Targets<'_>) -> Vec<Opening> {
    let open = |edge: &Edge| Opening { peer: by_labels(&edge.to, targets), ports: edge.ports.clone() };
    edges.iter().map(open).collect()
}

fn by_labels(peer: &Peer, targets: &Targets<'_>) -> Peer {
    let Peer::Workload { namespace, name } = peer else { return peer.clone() };
    let mut all = targets.workloads.values();
    let found = all.find(|one| one.namespace == *namespace && one.name == *name);
    let selector = found.map(|workload| workload.selector.clone()).filter(|labels| !labels.is_empty());
    let labels = selector.unwrap_or_else(|| [(NAME.to_owned(), name.to_string())].into());
    Peer::Pods { namespace: namespace.clone(), labels }
}

/// Whoever may call a tenant's pods: a workload, or every pod of a namespace.
fn callers(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    tenant: &spec::Tenant,
    targets: &Targets<'_>,
) -> Vec<(Peer, Vec<EdgePort>)> {
    let mut built = Vec::new();
    for (key, numbers) in tenant.callers.iter().flatten() {
        let path = path.key("callers").key(key);
        let ports: Vec<EdgePort> = numbers
            .iter()
            .filter_map(|number| scope.parse(&path, &number.to_string(), PortNumber::parse))
            .map(|number| EdgePort { number, protocol: Protocol::Tcp })
            .collect();
        let workload = targets
            .workloads
            .get(key)
            .map(|found| Peer::Workload { namespace: found.namespace.clone(), name: found.name.clone() });
        let peer = workload.or_else(|| scope.namespaces.get(key).cloned().map(Peer::Namespace));
        match peer {
            Some(peer) => built.push((peer, ports)),
            None => unknown_caller(scope, &path, key, targets),
        }
    }
    built
}

fn unknown_caller(scope: &mut Scope<'_>, path: &KeyPath, key: &str, targets: &Targets<'_>) {
    let own = scope.namespaces.keys().filter(|key| !key.starts_with("tenants."));
    let known: Vec<String> = targets.workloads.keys().chain(own).cloned().collect();
    scope.unknown(path, &format!("workload or namespace `{key}`"), key, &known);
}

/// The caller's own end of a call, where the caller is a workload of the platform.
fn edge_to(source: &KeyPath, (peer, ports): &(Peer, Vec<EdgePort>), to: &Peer) -> Option<Edge> {
    matches!(peer, Peer::Workload { .. }).then(|| Edge {
        source: source.key("callers"),
        from: peer.clone(),
        to: to.clone(),
        ports: ports.clone(),
    })
}

/// Gives each tenant's namespace its connections.
pub(super) fn settle(
    namespaces: &mut [Namespace],
    connections: &mut BTreeMap<KeyPath, (Vec<Opening>, Vec<Opening>)>,
) {
    for namespace in namespaces {
        let Some((uses, callers)) = connections.remove(&namespace.source) else { continue };
        if let Some(tenancy) = &mut namespace.tenancy {
            tenancy.uses = uses;
            tenancy.callers = callers;
        }
    }
}
