//! Databases: an engine's shape with the user's fields, or a name in the cluster for one that runs outside.

mod client;
pub(super) mod elsewhere;
mod job;
mod schemas;
mod users;

use super::border::TOO_LITTLE_MEMORY;
use super::codes::{LIVENESS_WITHOUT_STARTUP, UNKNOWN_REFERENCE};
use super::container::{self, Place};
use super::scope::{Scope, enabled};
use super::storage::{self, Claims};
pub(super) use super::workloads::Built;
use super::workloads::{controller, governing, is_headless, security, selector, service_type};
use super::{engine, env, probes, secrets};
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{
    Container, ContainerPort, EnvVar, ExternalService, Probes, Protocol, Service, ServicePort, ServiceType,
    Workload,
};
use crate::names::{
    Cidr, ConfigKey, DnsLabel, DnsSubdomain, EnvName, HostName, ImageRef, PortName, PortNumber, ServiceName,
};
use crate::source::KeyPath;
use crate::spec;

/// Every database of the platform: what runs here, and what runs outside.
pub(super) fn build(scope: &mut Scope<'_>, claims: &mut Claims) -> Built {
    let mut built = Built::default();
    for (key, database) in enabled(scope.spec.databases.as_ref(), |database| database.enabled) {
        if let Some(external) = database.external.as_ref().filter(|external| external.enabled != Some(false))
        {
            built.external.extend(outside(scope, key, database, external));
            elsewhere::check(scope, &KeyPath::of(["databases", key]), key, database);
            continue;
        }
        // Its parts are workloads, which are built with the others.
        if database.engine.as_deref().is_some_and(|name| engine::topology::find(name).is_some()) {
            continue;
        }
        let Some((server, jobs)) = inside(scope, key, database, claims) else { continue };
        built.edges.extend(jobs.iter().filter_map(|job| job::edge(job, &server)));
        built.jobs.extend(jobs);
        let beside = client::build(scope, key, database, &server);
        built.edges.extend(beside.workloads.iter().filter_map(|client| job::edge(client, &server)));
        built.jobs.extend(beside.workloads);
        built.configs.extend(beside.config);
        claims.extend(beside.claim);
        built.workloads.push(server);
    }
    built
}

/// Whether a database has a password: every engine's has, unless the user says that it runs without.
pub(super) fn has_password(database: &spec::Database) -> bool {
    database.credentials.as_ref().is_none_or(|credentials| credentials.enabled != Some(false))
}

/// The secret with the password of a database, by its key in `[secrets]` or by the name of a derived one, and the key
/// of the password within it.
pub(super) fn credentials(key: &str, database: &spec::Database) -> (String, String) {
    let credentials = database.credentials.as_ref();
    let secret = credentials.and_then(|credentials| credentials.secret.clone());
    let password = credentials.and_then(|credentials| credentials.password.clone());
    let own = || format!("{}-credentials", database.name.as_deref().unwrap_or(key));
    (secret.unwrap_or_else(own), password.unwrap_or_else(|| "password".to_owned()))
}

fn place(scope: &mut Scope<'_>, path: &KeyPath, database: &spec::Database) -> Option<(Place, DnsLabel)> {
    let name = scope.name(path, database.name.as_deref(), DnsLabel::parse);
    let component = scope.component(path, database.component.as_deref());
    let namespace = scope.namespace(path, database.namespace.as_deref());
    Some((Place { source: path.clone(), namespace: namespace?, name: name? }, component?))
}

/// The name of the Service: the same text, for which Kubernetes has a narrower rule.
fn service_name(scope: &mut Scope<'_>, place: &Place, database: &spec::Database) -> Option<ServiceName> {
    scope.name(&place.source, database.name.as_deref(), ServiceName::parse)
}

fn outside(
    scope: &mut Scope<'_>,
    key: &str,
    database: &spec::Database,
    external: &spec::External,
) -> Option<ExternalService> {
    let path = KeyPath::of(["databases", key]);
    let at = path.key("external");
    let host = scope.parse_required(&at, "host", external.host.as_deref(), HostName::parse);
    let port = scope.required(&path, "port", external.port.or(database.port));
    let port = port.and_then(|port| scope.parse(&at.key("port"), &port.to_string(), PortNumber::parse));
    let cidrs = external.cidrs.iter().flatten().enumerate();
    let cidrs: Vec<Cidr> = cidrs
        .filter_map(|(index, cidr)| scope.parse(&at.key("cidrs").index(index), cidr, Cidr::parse))
        .collect();
    let (place, component) = place(scope, &path, database)?;
    let name = service_name(scope, &place, database)?;
    Some(ExternalService {
        source: path,
        name,
        namespace: place.namespace,
        component,
        host: host?,
        port: port?,
        cidrs,
    })
}

fn find_engine(scope: &mut Scope<'_>, path: &KeyPath, name: &str) -> Option<&'static engine::Engine> {
    let found = engine::find(name);
    if found.is_none() {
        let topologies = engine::topology::TOPOLOGIES.iter().map(|topology| topology.name);
        let mut names: Vec<&str> =
            engine::ENGINES.iter().map(|engine| engine.name).chain(topologies).collect();
        names.sort_unstable();
        let hint = did_you_mean(name, names.iter().copied()).map_or_else(
            || format!("the engines are: {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let problem = Diagnostic::new(&UNKNOWN_REFERENCE, format!("there is no engine `{name}`"));
        scope.report(problem.at(scope.span(&path.key("engine")), "").hint(hint));
    }
    found
}

fn inside(
    scope: &mut Scope<'_>,
    key: &str,
    database: &spec::Database,
    claims: &mut Claims,
) -> Option<(Workload, Vec<Workload>)> {
    let path = KeyPath::of(["databases", key]);
    let engine = scope.required(&path, "engine", database.engine.as_deref());
    let engine = engine.and_then(|name| find_engine(scope, &path, name));
    let image = scope.parse_required(&path, "image", database.image.as_deref(), ImageRef::parse);
    let (place, component) = place(scope, &path, database)?;
    let name = service_name(scope, &place, database);
    let password = password(scope, &place, key, database);
    let (engine, name) = (engine?, name?);
    let port = scope.required(&path, "port", database.port)?;
    let number = scope.parse(&path.key("port"), &port.to_string(), PortNumber::parse)?;
    let resources = container::resources(scope, &path, database.resources.as_ref());
    let memory_limit = memory_limit(scope, &path, engine, &resources);
    let instance = engine::Instance {
        host: place.name.as_str(),
        memory_limit,
        user: database.user.as_deref().unwrap_or_default(),
        database: database.database.as_deref().unwrap_or_default(),
        port,
        password: password.as_ref().map(|(secret, key)| (secret, key)),
    };
    let shape = (engine.shape)(&instance);
    let port = ContainerPort {
        name: PortName::parse(shape.port_name).ok()?,
        number,
        protocol: Protocol::Tcp,
        on_host: false,
    };
    let own = storage::own_claim(scope, &path, &place, (database.storage.as_ref(), &component));
    let mut mounts: Vec<_> = own.iter().filter_map(|claim| storage::claim_mount(claim, shape.data)).collect();
    mounts.extend(shape.scratch.iter().filter_map(|path| container::scratch(path)));
    let container = main_container(scope, &path, &place, database, (image?, &shape, port.clone()));
    let container = Container { resources, ..container };
    check_recovery(scope, &path, &shape, &container.probes);
    let (mounts, volumes) = container::split(mounts);
    let mut container = Container { mounts, ..container };
    users::add(scope, &place, database, &mut container);
    let job =
        shape.job.as_ref().and_then(|job| job::build(scope, database, (&place, &component), job, &container));
    let server =
        schemas::Server { engine, instance, place: &place, component: &component, container: &container };
    let jobs = job.into_iter().chain(schemas::build(scope, database, &server)).collect();
    let selector = selector(scope, &path, (database.labels.as_ref(), database.selector.as_ref()));
    let draft = Draft { place, component, container, volumes, name, port, own, selector, smoke: shape.smoke };
    Some((finish(scope, database, draft, claims), jobs))
}

/// The memory limit in bytes, or a report that the engine's server needs more.
fn memory_limit(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    engine: &engine::Engine,
    resources: &crate::model::Resources,
) -> Option<u64> {
    let limit = resources.limits.iter().find(|(name, _)| *name == "memory").map(|(_, amount)| amount)?;
    let bytes = u64::try_from(limit.units()).unwrap_or(u64::MAX);
    if bytes < engine.least_memory {
        let least = engine.least_memory / 1_000_000;
        let message = format!(
            "`{path}` may take {limit} of memory, and {} does not start with less than {least}M",
            engine.name
        );
        let problem = Diagnostic::new(&TOO_LITTLE_MEMORY, message).about(path);
        let place = scope.span(&path.key("resources").key("memory"));
        scope.report(
            problem.at(place, "").hint(format!("raise the limit: `resources.memory = \"..{least}M\"`")),
        );
    }
    Some(bytes)
}

/// A liveness probe that no startup probe holds back counts a long recovery as a death, and begins it anew.
fn check_recovery(scope: &mut Scope<'_>, path: &KeyPath, shape: &engine::Shape, probes: &Probes) {
    let (Some(liveness), None) = (&probes.liveness, &probes.startup) else { return };
    if !shape.silent_in_recovery {
        return;
    }
    let seconds = liveness.initial_delay.saturating_add(liveness.period.saturating_mul(liveness.failures));
    let message = format!("`{path}` is restarted when it has not recovered after {seconds} seconds");
    let hint = "add `probes.startup = { period = 10, failures = 360 }`, or say in `[[allow]]` why it is always faster";
    let problem = Diagnostic::new(&LIVENESS_WITHOUT_STARTUP, message).at(scope.key_span(path), "");
    scope.report(problem.about(path).hint(hint));
}

fn password(
    scope: &mut Scope<'_>,
    place: &Place,
    key: &str,
    database: &spec::Database,
) -> Option<(DnsSubdomain, ConfigKey)> {
    if !has_password(database) {
        return None;
    }
    let at = place.source.key("credentials");
    let (owner, password) = credentials(key, database);
    let declared = database.credentials.as_ref().is_some_and(|credentials| credentials.secret.is_some());
    let name = if declared {
        secrets::key_of(scope, &at, place, (&owner, Some(&password)))?.0
    } else {
        secrets::name_for(scope, &at, place, key)?
    };
    let name = scope.parse(&at, &name, DnsSubdomain::parse)?;
    Some((name, scope.parse(&at.key("password"), &password, ConfigKey::parse)?))
}

fn main_container(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    database: &spec::Database,
    (image, shape, port): (ImageRef, &engine::Shape, ContainerPort),
) -> Container {
    let more = shape.env.iter().map(|(name, _)| (*name).to_owned()).collect();
    let args = database.args.as_ref();
    let texts = env::Texts { env: database.env.as_ref(), command: None, args, more };
    env::check_references(scope, path, &texts);
    // What the user sets takes the place of what the engine would.
    let own = |name: &str| database.env.as_ref().is_some_and(|env| env.contains_key(name));
    let mut variables: Vec<EnvVar> = self::variables(shape.env.iter().filter(|(name, _)| !own(name)));
    variables.extend(env::env(scope, path, place, database.env.as_ref()));
    let ports = vec![port];
    let context = probes::Context { ports: &ports, ping: Some(&shape.ping) };
    let security = database.security.as_ref();
    Container {
        name: container::main_name(scope, path, place, database.container.as_deref()),
        image,
        command: Vec::new(),
        args: shape.args.iter().cloned().chain(database.args.iter().flatten().cloned()).collect(),
        probes: probes::build(scope, path, database.probes.as_ref(), context),
        pre_stop: Vec::new(),
        env: variables,
        env_from: Vec::new(),
        resources: crate::model::Resources::default(),
        ports,
        mounts: Vec::new(),
        read_only_root: security.and_then(|security| security.read_only_root).unwrap_or(false),
        capabilities: security.and_then(|security| security.capabilities.clone()).unwrap_or_default(),
    }
}

/// Variables of an engine.
fn variables<'a>(env: impl IntoIterator<Item = &'a (&'static str, crate::model::EnvSource)>) -> Vec<EnvVar> {
    let variable = |(name, source): &(&'static str, crate::model::EnvSource)| {
        Some(EnvVar { name: EnvName::parse(name).ok()?, source: source.clone() })
    };
    env.into_iter().filter_map(variable).collect()
}

/// What a database is made of before its controller is chosen.
struct Draft {
    place: Place,
    component: DnsLabel,
    container: Container,
    volumes: Vec<crate::model::Volume>,
    name: ServiceName,
    port: ContainerPort,
    own: Option<crate::model::Claim>,
    selector: crate::model::Pairs,
    smoke: Vec<String>,
}

fn finish(scope: &mut Scope<'_>, database: &spec::Database, draft: Draft, claims: &mut Claims) -> Workload {
    let kind = database.kind.unwrap_or(spec::Kind::Statefulset);
    let plan = super::workloads::Plan {
        place: &draft.place,
        kind,
        replicas: database.replicas,
        autoscaled: false,
        strategy: None,
        own: draft.own,
        governing: governing(&draft.place, database.service.as_ref()),
        schedule: None,
    };
    let mut volumes = draft.volumes;
    let controller = controller(scope, plan, &mut volumes, claims);
    let port =
        ServicePort { name: draft.port.name.clone(), number: draft.port.number, protocol: Protocol::Tcp };
    Workload {
        source: draft.place.source.clone(),
        services: services(&draft.name, &port, (kind, database.service.as_ref())),
        name: draft.place.name,
        namespace: draft.place.namespace,
        component: draft.component,
        labels: database.labels.clone().unwrap_or_default(),
        selector: draft.selector,
        annotations: database.annotations.clone().unwrap_or_default(),
        pod_annotations: std::collections::BTreeMap::new(),
        controller,
        init: Vec::new(),
        containers: vec![draft.container],
        volumes,
        security: security(database.security.as_ref()),
        identity: None,
        api_access: false,
        budget: None,
        autoscaler: None,
        spread: false,
        node_selector: std::collections::BTreeMap::new(),
        tolerations: Vec::new(),
        grace_period: 60,
        smoke: vec![draft.smoke],
    }
}

/// The Service that applications use and, for a StatefulSet, the headless one that gives its pods their names.
fn services(
    name: &ServiceName,
    port: &ServicePort,
    (kind, wanted): (spec::Kind, Option<&spec::Service>),
) -> Vec<Service> {
    let service = |name: ServiceName, r#type| Service {
        name,
        r#type,
        ports: vec![port.clone()],
        annotations: wanted.and_then(|wanted| wanted.annotations.clone()).unwrap_or_default(),
    };
    let mut services = vec![service(name.clone(), service_type(wanted))];
    if kind == spec::Kind::Statefulset && !is_headless(wanted) {
        services.extend(super::workloads::headless(name).map(|name| service(name, ServiceType::Headless)));
    }
    services
}

#[cfg(test)]
mod tests {
    use crate::resolve::testing::platform;

    fn warnings(engine: &str, more: &str) -> Vec<String> {
        let text = format!(
            "[platform]\nname = \"shop\"\nkubernetes = \"1.35\"\n[namespaces.data]\n\
             [databases.main]\nnamespace = \"data\"\nengine = \"{engine}\"\nversion = \"7\"\n\
             image = \"registry.example/engine:7\"\nstorage = \"1Gi\"\n{more}\n"
        );
        let (platform, found) = platform(&text, None);
        assert!(platform.is_some(), "{found:?}");
        found.into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn an_engine_that_is_silent_in_recovery_wants_a_startup_probe() {
        let message = "`databases.main` is restarted when it has not recovered after 60 seconds";
        assert_eq!(warnings("postgres", ""), [message]);
        assert_eq!(warnings("postgres", "probes.startup = { failures = 360 }"), Vec::<String>::new());
        assert_eq!(warnings("postgres", "probes.liveness.enabled = false"), Vec::<String>::new());
        assert_eq!(warnings("redis", ""), Vec::<String>::new());
    }
}
