//! The root of the model: every noun built in the order in which they depend on one another.

use std::collections::BTreeMap;

use super::regions::residence;
use super::scope::{Scope, enabled};
use super::workloads::Built;
use super::{
    access, cluster, configs, controller, databases, delivery, development, edges, externals, helm_charts,
    hot_settings, identity, kafkas, monitoring, namespaces, oidc, operators, rbac, rollout, routes, secrets,
    storage, tenants, vault, workloads,
};
use crate::diag::Diagnostic;
use crate::model::{
    Access, Claim, Cluster, Config, Decision, Edge, External, ExternalService, Namespace, Operated,
    Operators, Patch, Platform, Raw, Residence, StorageClass, Surroundings, Workload,
};
use crate::names::{DnsLabel, KubernetesVersion};
use crate::source::{KeyPath, Segment};
use crate::spec;
use crate::spec::codes::MISSING_KEY;

/// The platform, or `None` where something essential is wrong (everything that is wrong is in the scope).
pub(super) fn build(scope: &mut Scope<'_>) -> Option<Platform> {
    let (name, kubernetes) = identity(scope);
    let cluster = cluster::build(scope, name.as_ref().map_or("platform", DnsLabel::as_str));
    let mut namespaces = namespaces::build(scope);
    let neighbours = externals::build(scope, &namespaces);
    let mut claims = storage::volumes(scope);
    let configs = configs::build(scope);
    let Built { mut workloads, external, jobs, edges: of_jobs, configs: of_databases } =
        databases::build(scope, &mut claims);
    workloads.extend(workloads::build(scope, &mut claims));
    workloads::check_sharing(scope, &workloads, &claims);
    let mut gateway = controller::build(scope, cluster.as_ref());
    let targets = route_targets(&workloads, &mut gateway);
    let routes::Built { routes, routing, mut edges } = routes::build(scope, &targets);
    let of_clouds = identity::edges(&workloads);
    let (monitoring, read) = monitoring::build(scope, &targets.workloads);
    let around = (external.as_slice(), neighbours.as_slice(), namespaces.as_slice());
    let mut connections = connections(scope, targets.workloads, around);
    edges.extend(connections.edges.drain(..).chain(of_jobs).chain(read).chain(of_clouds));
    workloads.extend(jobs.into_iter().chain(gateway.workload.take()));
    tenants::settle(&mut namespaces, &mut connections.tenants);
    let development = development::build(scope, cluster.as_ref());
    let kafkas::Built { kafkas, operated, edges: of_kafkas } = kafkas::build(scope, &by_key(&workloads));
    edges.extend(of_kafkas);
    let residence = reside(scope, (&workloads, &claims), &edges, &operated);
    namespaces::settle(scope, &mut namespaces, &workloads);
    let rights = rights(scope, &namespaces, (&workloads, &configs), gateway.access);
    let (storage_classes, provided_storage_classes) = classes(scope, &claims, &workloads);
    let operators = Operators { monitoring, ..operators::build(scope, &namespaces) };
    let mut secrets = secrets::build(scope);
    let parts = vault::Parts {
        workloads: &mut workloads,
        secrets: &mut secrets,
        routes: (&routes, &routing),
        externals: &neighbours,
        namespaces: &namespaces,
    };
    let vault = vault::inject(scope, parts, &mut edges);
    let clients = oidc::build(scope, &neighbours);
    let frame = frame(scope, (name, kubernetes), cluster);
    Some(Platform {
        namespaces,
        workloads,
        external_services: external,
        claims,
        storage_classes,
        provided_storage_classes,
        configs: configs.into_iter().chain(of_databases).chain(gateway.config).collect(),
        secrets,
        routes,
        routing,
        ingress_class: gateway.class,
        access: rights.access,
        cluster_roles: rights.roles,
        bindings: rights.bindings,
        edges,
        development,
        kafkas,
        operated,
        residence,
        operators,
        surroundings: Surroundings { externals: neighbours, vault, clients },
        ..frame?
    })
}

/// The platform with what depends on no entity, and with nothing in it yet.
fn frame(
    scope: &mut Scope<'_>,
    (name, kubernetes): (Option<DnsLabel>, Option<KubernetesVersion>),
    cluster: Option<Cluster>,
) -> Option<Platform> {
    let secret_store = secrets::store(scope);
    let delivery = delivery::build(scope, name.as_ref().map_or("platform", DnsLabel::as_str));
    let raw = raw(scope);
    let (rollout, helm_charts) = (rollout::build(scope), helm_charts::build(scope));
    Some(Platform {
        description: description(scope.spec),
        environment: environment(scope.spec),
        delivery,
        rollout,
        raw,
        helm_charts,
        patches: patches(scope.spec),
        decisions: decisions(scope.spec),
        ..Platform::bare(name?, kubernetes?, cluster?, secret_store?)
    })
}

/// Where routes may lead, and who brings requests there.
fn route_targets<'a>(workloads: &'a [Workload], gateway: &mut controller::Gateway) -> routes::Targets<'a> {
    routes::Targets {
        workloads: by_key(workloads),
        gateway: gateway.peer.take(),
        namespace: gateway.namespace.take(),
    }
}

/// Which region everything is bound to, and that nothing leaves it.
fn reside(
    scope: &mut Scope<'_>,
    (workloads, claims): (&[Workload], &[Claim]),
    edges: &[Edge],
    operated: &[Operated],
) -> Residence {
    let residence = residence::build(scope, workloads, operated);
    let carriers = residence::Carriers { workloads, claims, edges, operated };
    residence::prove(scope, &residence, &carriers);
    residence
}

/// The edges of everything that uses something, and the connections of tenants.
fn connections(
    scope: &mut Scope<'_>,
    workloads: BTreeMap<String, &Workload>,
    (external, neighbours, namespaces): (&[ExternalService], &[External], &[Namespace]),
) -> tenants::Connections {
    let targets = edges::Targets {
        workloads,
        external: external.iter().map(|service| (key_of(&service.source), service)).collect(),
        neighbours: externals::by_key(neighbours),
        namespaces,
    };
    let mut edges = edges::build(scope, &targets);
    let mut connections = tenants::connect(scope, &targets);
    edges.append(&mut connections.edges);
    tenants::Connections { edges, ..connections }
}

fn description(spec: &spec::Platform) -> String {
    spec.platform.as_ref().and_then(|info| info.description.clone()).unwrap_or_default()
}

/// The environment; a name that is none was reported when the layers were merged.
fn environment(spec: &spec::Platform) -> Option<DnsLabel> {
    let name = spec.environment.as_ref()?.name.as_deref()?;
    DnsLabel::parse(name).ok()
}

/// Who may do what: what the platform gives away, and `more` that its parts bring along.
fn rights(
    scope: &mut Scope<'_>,
    namespaces: &[Namespace],
    (workloads, configs): (&[Workload], &[Config]),
    more: Vec<Access>,
) -> rbac::Built {
    let mut rights = rbac::build(scope, workloads);
    hot_settings::check_references(scope);
    hot_settings::check(scope, workloads, configs, &rights);
    let mut access = access::build(scope, namespaces, &mut rights.bindings);
    access.append(&mut rights.access);
    access.extend(more);
    rbac::Built { access, ..rights }
}

/// The name of the platform, and the version of Kubernetes that it is for.
fn identity(scope: &mut Scope<'_>) -> (Option<DnsLabel>, Option<KubernetesVersion>) {
    let path = KeyPath::of(["platform"]);
    let Some(info) = scope.spec.platform.as_ref() else {
        if !scope.is_lost("platform") {
            let problem = Diagnostic::new(&MISSING_KEY, "there is no table `[platform]`");
            let hint = "begin with these lines:\n[platform]\nname = \"shop\"\nkubernetes = \"1.35\"";
            scope.report(problem.at(scope.span(&KeyPath::root()), "").hint(hint));
        }
        return (None, None);
    };
    let name = scope.parse_required(&path, "name", info.name.as_deref(), DnsLabel::parse);
    let version = info.kubernetes.as_deref();
    (name, scope.parse_required(&path, "kubernetes", version, KubernetesVersion::parse))
}

/// The key of the entity that something comes from.
pub(super) fn key_of(source: &KeyPath) -> String {
    source.last_key().unwrap_or_default().to_owned()
}

/// Workloads by the key of the entity that they come from. A database comes before the Jobs that it brings along, and is
/// what its key means.
pub(super) fn by_key(workloads: &[Workload]) -> BTreeMap<String, &Workload> {
    workloads.iter().rev().map(|workload| (key_of(&workload.source), workload)).collect()
}

fn classes(
    scope: &mut Scope<'_>,
    claims: &[Claim],
    workloads: &[Workload],
) -> (Vec<StorageClass>, Vec<String>) {
    let claimed = claims.iter().map(|claim| &claim.class).chain(workloads.iter().flat_map(template_classes));
    storage::classes(scope, claimed)
}

fn template_classes(workload: &Workload) -> impl Iterator<Item = &Option<String>> {
    let claims = match &workload.controller {
        crate::model::Controller::StatefulSet { claims, .. } => claims.as_slice(),
        _ => &[],
    };
    claims.iter().map(|claim| &claim.class)
}

fn raw(scope: &mut Scope<'_>) -> Vec<Raw> {
    let Ok(fallback) = DnsLabel::parse("resources") else { return Vec::new() };
    let mut built = Vec::new();
    for (at, resource) in scope.spec.resources.iter().flatten().enumerate() {
        let path = KeyPath::of(["resources"]).index(at);
        let component =
            scope.optional(&path.key("component"), resource.component.as_deref(), DnsLabel::parse);
        let component = component.unwrap_or_else(|| fallback.clone());
        let objects = match (&resource.object, &resource.template) {
            (Some(object), None) => vec![object.clone()],
            (None, Some(text)) => super::raw::read(scope, &path, text),
            _ => {
                scope.one_of(&path, &["object", "template"]);
                Vec::new()
            }
        };
        built.extend(objects.into_iter().map(|object| Raw {
            source: path.clone(),
            component: component.clone(),
            object,
        }));
    }
    built
}

/// The `patch` of every entity, each with the entity that it belongs to.
fn patches(spec: &spec::Platform) -> Vec<Patch> {
    let databases = enabled(spec.databases.as_ref(), |database| database.enabled);
    let workloads = enabled(spec.workloads.as_ref(), |workload| workload.enabled);
    let volumes = enabled(spec.volumes.as_ref(), |volume| volume.enabled);
    let databases = databases.into_iter().map(|(key, database)| ("databases", key, &database.patch));
    let workloads = workloads.into_iter().map(|(key, workload)| ("workloads", key, &workload.patch));
    let volumes = volumes.into_iter().map(|(key, volume)| ("volumes", key, &volume.patch));
    databases
        .chain(workloads)
        .chain(volumes)
        .flat_map(|(noun, key, patch)| {
            let source: KeyPath = [noun, key].into_iter().map(|key| Segment::Key(key.to_owned())).collect();
            patch.iter().flatten().map(move |(target, fields)| Patch {
                source: source.clone(),
                target: target.clone(),
                fields: fields.clone(),
            })
        })
        .collect()
}

fn decisions(spec: &spec::Platform) -> Vec<Decision> {
    let decisions = spec.decisions.iter().flatten();
    decisions
        .map(|decision| Decision {
            title: decision.title.clone(),
            rationale: decision.rationale.clone(),
            date: decision.date.clone().unwrap_or_default(),
            status: decision.status.clone().unwrap_or_default(),
        })
        .collect()
}
