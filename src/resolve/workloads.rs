//! Workloads: containers, controller, Service and the policies round them.

use std::collections::BTreeSet;

use super::codes::{CONFLICTING_KEYS, SHARED_VOLUME};
use super::container::{self, Place};
use super::env::{self, Texts};
use super::probes;
use super::scope::{Scope, enabled};
use super::storage::{self, Claims};
use super::waits;
use crate::diag::Diagnostic;
use crate::model::{
    Autoscaler, Budget, Claim, Container, Controller, Edge, ExternalService, Pairs, Replicas, Security,
    Service, ServicePort, ServiceType, Strategy, Volume, VolumeSource, Workload,
};
use crate::names::{CronSchedule, DnsLabel, ImageRef, ServiceName};
use crate::source::{KeyPath, Layer};
use crate::spec;

/// What a noun became.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// ConfigMaps that belong to databases: the files of their bootstrap Jobs.
    pub configs: Vec<crate::model::Config>,
    /// What runs here.
    pub workloads: Vec<Workload>,
    /// What runs outside.
    pub external: Vec<ExternalService>,
    /// What engines run once beside their servers.
    pub jobs: Vec<Workload>,
    /// The edges from those Jobs to their servers.
    pub edges: Vec<Edge>,
}

/// Every workload of the platform.
pub(super) fn build(scope: &mut Scope<'_>, claims: &mut Claims) -> Vec<Workload> {
    let workloads = enabled(scope.spec.workloads.as_ref(), |workload| workload.enabled);
    workloads.into_iter().filter_map(|(key, workload)| one(scope, key, workload, claims)).collect()
}

fn one(scope: &mut Scope<'_>, key: &str, spec: &spec::Workload, claims: &mut Claims) -> Option<Workload> {
    let path = KeyPath::of(["workloads", key]);
    let name = scope.name(&path, spec.name.as_deref(), DnsLabel::parse);
    let component = scope.component(&path, spec.component.as_deref());
    let namespace = scope.namespace(&path, spec.namespace.as_deref());
    let image = scope.parse_required(&path, "image", spec.image.as_deref(), ImageRef::parse);
    let (container_ports, service_ports): (Vec<_>, Vec<_>) =
        container::ports(scope, &path, spec.ports.as_ref()).into_iter().unzip();
    let (name, component) = (name?, component?);
    let place = Place { source: path.clone(), namespace: namespace?, name };
    let own = storage::own_claim(scope, &path, &place, (spec.storage.as_ref(), &component));
    let mut mounted = container::mounts(scope, &path, &place, spec.mounts.as_ref());
    if let (Some(claim), Some(storage)) = (&own, &spec.storage) {
        let at = scope.required(&path.key("storage"), "mount", storage.mount.as_deref());
        mounted.extend(at.and_then(|at| storage::claim_mount(claim, at)));
    }
    let (mounts, mut volumes) = container::split(mounted);
    let main = Main { image: image?, ports: container_ports, mounts };
    let main = main_container(scope, &path, &place, spec, main);
    let init = more_containers(scope, &place, "init", (spec.init.as_ref(), &main), &mut volumes);
    let waits = waits::build(scope, &place, spec, &main);
    let sidecars = more_containers(scope, &place, "sidecars", (spec.sidecars.as_ref(), &main), &mut volumes);
    let autoscaler = autoscaler(scope, &path, spec);
    let services = services(scope, &path, spec, &service_ports);
    check_kind(scope, &path, spec);
    super::node_access::check_user(scope, &place, spec.security.as_ref());
    let plan = Plan {
        place: &place,
        kind: spec.kind.unwrap_or(spec::Kind::Deployment),
        replicas: spec.replicas,
        autoscaled: autoscaler.is_some(),
        strategy: spec.strategy,
        own,
        governing: governing(&place, spec.service.as_ref()),
        schedule: spec.schedule.as_deref(),
    };
    let controller = controller(scope, plan, &mut volumes, claims);
    let spread = spread(scope, spec, &controller, autoscaler.as_ref());
    let identity = super::identity::build(scope, &path, spec.identity.as_ref());
    let selector = selector(scope, &path, (spec.labels.as_ref(), spec.selector.as_ref()));
    Some(Workload {
        budget: budget(scope, &path, spec),
        source: path,
        namespace: place.namespace,
        name: place.name,
        component,
        labels: spec.labels.clone().unwrap_or_default(),
        selector,
        annotations: spec.annotations.clone().unwrap_or_default(),
        pod_annotations: spec.pod_annotations.clone().unwrap_or_default(),
        controller,
        init: waits.into_iter().chain(init).collect(),
        containers: std::iter::once(main).chain(sidecars).collect(),
        volumes,
        security: security(spec.security.as_ref()),
        identity,
        api_access: spec.api_access.unwrap_or(false),
        services,
        autoscaler,
        spread,
        node_selector: spec.node_selector.clone().unwrap_or_default(),
        tolerations: spec.tolerations.clone().unwrap_or_default(),
        grace_period: spec.grace_period.unwrap_or(30),
        smoke: Vec::new(),
    })
}

struct Main {
    image: ImageRef,
    ports: Vec<crate::model::ContainerPort>,
    mounts: Vec<crate::model::Mount>,
}

fn main_container(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    spec: &spec::Workload,
    main: Main,
) -> Container {
    let context = probes::Context { ports: &main.ports, ping: None };
    let security = spec.security.as_ref();
    let sources = spec.env_from.iter().flatten().enumerate();
    let env_from = sources
        .filter_map(|(at, key)| env::source(scope, &path.key("env-from").index(at), place, key))
        .collect();
    let more = env::names_from(scope, spec.env_from.as_ref());
    let (command, args) = (spec.command.as_ref(), spec.args.as_ref());
    env::check_references(scope, path, &Texts { env: spec.env.as_ref(), command, args, more });
    Container {
        name: container::main_name(scope, path, place, spec.container.as_deref()),
        image: main.image,
        command: spec.command.clone().unwrap_or_default(),
        args: spec.args.clone().unwrap_or_default(),
        probes: probes::build(scope, path, spec.probes.as_ref(), context),
        pre_stop: Vec::new(),
        ports: main.ports,
        env: env::env(scope, path, place, spec.env.as_ref()),
        env_from,
        resources: container::resources(scope, path, spec.resources.as_ref()),
        mounts: main.mounts,
        read_only_root: security.and_then(|security| security.read_only_root).unwrap_or(false),
        capabilities: security.and_then(|security| security.capabilities.clone()).unwrap_or_default(),
    }
}

/// Init containers or sidecars: what they do not say, they take from the main container.
fn more_containers(
    scope: &mut Scope<'_>,
    place: &Place,
    noun: &str,
    (containers, main): (Option<&Vec<spec::Container>>, &Container),
    volumes: &mut Vec<Volume>,
) -> Vec<Container> {
    let path = place.source.key(noun);
    let mut built = Vec::new();
    for (at, spec) in containers.into_iter().flatten().enumerate() {
        let path = path.index(at);
        let Some(name) = scope.parse_required(&path, "name", spec.name.as_deref(), DnsLabel::parse) else {
            continue;
        };
        let image = scope.optional(&path.key("image"), spec.image.as_deref(), ImageRef::parse);
        let (mounts, more) = container::split(container::mounts(scope, &path, place, spec.mounts.as_ref()));
        volumes.extend(
            more.into_iter()
                .filter(|volume| volumes.iter().all(|known| known.name != volume.name))
                .collect::<Vec<_>>(),
        );
        let (command, args) = (spec.command.as_ref(), spec.args.as_ref());
        let texts = Texts { env: spec.env.as_ref(), command, args, more: BTreeSet::new() };
        env::check_references(scope, &path, &texts);
        let resources = spec.resources.as_ref().map(|own| container::resources(scope, &path, Some(own)));
        built.push(Container {
            name,
            image: image.unwrap_or_else(|| main.image.clone()),
            command: spec.command.clone().unwrap_or_default(),
            args: spec.args.clone().unwrap_or_default(),
            ports: Vec::new(),
            env: env::env(scope, &path, place, spec.env.as_ref()),
            env_from: Vec::new(),
            resources: resources.unwrap_or_else(|| main.resources.clone()),
            probes: crate::model::Probes::default(),
            pre_stop: Vec::new(),
            mounts,
            read_only_root: main.read_only_root,
            capabilities: Vec::new(),
        });
    }
    built
}

/// What decides on a controller.
pub(super) struct Plan<'a> {
    /// The place of the entity.
    pub place: &'a Place,
    /// The kind that was asked for.
    pub kind: spec::Kind,
    /// How many pods were asked for.
    pub replicas: Option<i32>,
    /// Whether an autoscaler chooses that.
    pub autoscaled: bool,
    /// How pods are replaced, if the user says.
    pub strategy: Option<spec::Strategy>,
    /// The claim that the entity has for itself.
    pub own: Option<Claim>,
    /// The headless Service that gives the pods of a StatefulSet their names.
    pub governing: Option<ServiceName>,
    /// When it runs, for a CronJob.
    pub schedule: Option<&'a str>,
}

/// The controller. A claim of one's own becomes a template of a StatefulSet, and a claim beside a Deployment.
pub(super) fn controller(
    scope: &mut Scope<'_>,
    plan: Plan<'_>,
    volumes: &mut Vec<Volume>,
    claims: &mut Claims,
) -> Controller {
    let path = &plan.place.source;
    let count = plan.replicas.unwrap_or(1);
    if count < 0 {
        let problem =
            Diagnostic::new(&spec::codes::BAD_VALUE, format!("`{path}.replicas` cannot be {count}"));
        let place = scope.span(&path.key("replicas"));
        scope.report(problem.at(place, "").hint("a number of pods is 0 or more"));
    }
    let replicas = if plan.autoscaled { Replicas::Autoscaled } else { Replicas::Fixed(count) };
    match plan.kind {
        spec::Kind::Statefulset => {
            if let Some(claim) = &plan.own {
                volumes.retain(|volume| volume.name != claim.name);
            }
            match plan.governing {
                Some(service) => {
                    Controller::StatefulSet { replicas, service, claims: plan.own.into_iter().collect() }
                }
                None => Controller::Deployment { replicas, strategy: Strategy::Recreate },
            }
        }
        spec::Kind::Deployment => {
            let strategy = strategy(scope, &plan, count);
            claims.extend(plan.own);
            Controller::Deployment { replicas, strategy }
        }
        spec::Kind::Daemonset => Controller::DaemonSet,
        spec::Kind::Job => Controller::Job,
        spec::Kind::Cronjob => {
            let schedule = scope.parse_required(path, "schedule", plan.schedule, CronSchedule::parse);
            schedule.map_or(Controller::Job, |schedule| Controller::CronJob { schedule })
        }
    }
}

/// A volume that one node may mount cannot be handed over while the old pod holds it.
fn strategy(scope: &mut Scope<'_>, plan: &Plan<'_>, count: i32) -> Strategy {
    if plan.own.is_some() && (count > 1 || plan.autoscaled) {
        let path = &plan.place.source;
        let message = format!("`{path}` shares one ReadWriteOnce volume among {count} pods");
        let place = scope.span(&path.key("replicas"));
        let hint = "run one pod, or a StatefulSet, whose pods have a volume each";
        scope.report(Diagnostic::new(&SHARED_VOLUME, message).at(place, "").hint(hint));
    }
    let recreate = plan.strategy.map_or(plan.own.is_some(), |wanted| wanted == spec::Strategy::Recreate);
    if recreate { Strategy::Recreate } else { Strategy::Rolling }
}

/// The headless Service of a StatefulSet: its one Service, where that is headless, or one beside it.
pub(super) fn governing(place: &Place, service: Option<&spec::Service>) -> Option<ServiceName> {
    let name = ServiceName::parse(place.name.as_str()).ok()?;
    if is_headless(service) { Some(name) } else { headless(&name) }
}

/// Whether the one Service is headless.
pub(super) fn is_headless(service: Option<&spec::Service>) -> bool {
    let r#type = service.filter(|service| service.enabled != Some(false)).and_then(|service| service.r#type);
    r#type == Some(spec::ServiceType::Headless)
}

/// The name of a headless Service beside another one.
pub(super) fn headless(name: &ServiceName) -> Option<ServiceName> {
    ServiceName::parse(&format!("{name}-headless")).ok()
}

/// The Services of a workload. A StatefulSet always has the headless one that its pods are named by.
fn services(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    spec: &spec::Workload,
    ports: &[ServicePort],
) -> Vec<Service> {
    let wanted = spec.service.as_ref();
    let serves = !ports.is_empty() && wanted.is_none_or(|service| service.enabled != Some(false));
    let governed = spec.kind == Some(spec::Kind::Statefulset);
    if !serves && !governed {
        return Vec::new();
    }
    let Some(name) = scope.name(path, spec.name.as_deref(), ServiceName::parse) else { return Vec::new() };
    let annotations = wanted.and_then(|service| service.annotations.clone()).unwrap_or_default();
    let service =
        |name, r#type| Service { name, r#type, ports: ports.to_vec(), annotations: annotations.clone() };
    let governing = if governed && !is_headless(wanted) { headless(&name) } else { None };
    let governing = governing.map(|name| service(name, ServiceType::Headless));
    let main = serves.then(|| service(name, service_type(wanted)));
    main.into_iter().chain(governing).collect()
}

/// The type of Service that is wanted; one with an address in the cluster unless the user says otherwise.
pub(super) fn service_type(wanted: Option<&spec::Service>) -> ServiceType {
    match wanted.and_then(|service| service.r#type) {
        None | Some(spec::ServiceType::ClusterIp) => ServiceType::ClusterIp,
        Some(spec::ServiceType::Headless) => ServiceType::Headless,
        Some(spec::ServiceType::NodePort) => ServiceType::NodePort,
        Some(spec::ServiceType::LoadBalancer) => ServiceType::LoadBalancer,
    }
}

/// The labels that select the pods, from the keys that are named.
pub(super) fn selector(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    (labels, keys): (Option<&Pairs>, Option<&Vec<String>>),
) -> Pairs {
    let mut selector = Pairs::new();
    for (at, key) in keys.into_iter().flatten().enumerate() {
        if let Some(value) = labels.and_then(|labels| labels.get(key)) {
            selector.insert(key.clone(), value.clone());
        } else {
            let known: Vec<String> = labels.into_iter().flatten().map(|(key, _)| key.clone()).collect();
            let what = format!("label `{key}` to select by");
            scope.unknown(&path.key("selector").index(at), &what, key, &known);
        }
    }
    selector
}

/// User and groups, as the user gave them.
pub(super) fn security(security: Option<&spec::Security>) -> Security {
    Security {
        user: security.and_then(|security| security.user),
        group: security.and_then(|security| security.group),
        volume_group: security.and_then(|security| security.volume_group),
    }
}

fn autoscaler(scope: &mut Scope<'_>, path: &KeyPath, spec: &spec::Workload) -> Option<Autoscaler> {
    let autoscale = spec.autoscale.as_ref().filter(|autoscale| autoscale.enabled != Some(false))?;
    let at = path.key("autoscale");
    if spec.replicas.is_some() {
        let message = format!("`{path}` has `replicas` and `autoscale`, of which only one can hold");
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message)
            .at(scope.span(&path.key("replicas")), "")
            .at(scope.span(&at), "this chooses the number of pods");
        scope.report(problem.hint("remove `replicas`"));
    }
    let (min, max) = (autoscale.min.unwrap_or(1), scope.required(&at, "max", autoscale.max)?);
    let all = [("cpu", autoscale.cpu), ("memory", autoscale.memory)];
    let targets: Vec<(&'static str, i32)> =
        all.into_iter().filter_map(|(name, target)| target.map(|target| (name, target))).collect();
    let resources = spec.resources.as_ref();
    for (resource, _) in &targets {
        let range =
            resources.and_then(|r| if *resource == "cpu" { r.cpu.as_deref() } else { r.memory.as_deref() });
        let requested = range.and_then(super::layers::sides).is_some_and(|(request, _)| !request.is_empty());
        if !requested && !scope.is_lost(resource) {
            let message = format!("`{at}.{resource}` is a share of a request that `{path}` does not make");
            let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&at.key(*resource)), "");
            let example = super::examples::example(resource).unwrap_or("\"…\"");
            scope.report(problem.hint(format!("add `resources.{resource} = {example}` to `{path}`")));
        }
    }
    if targets.is_empty() {
        scope.one_of(&at, &["cpu", "memory"]);
    }
    check_bounds(scope, &at, min, max);
    Some(Autoscaler { min, max, targets })
}

fn check_bounds(scope: &mut Scope<'_>, at: &KeyPath, min: i32, max: i32) {
    let (message, hint) = if min < 1 {
        (format!("`{at}.min` is {min}, and 1 is the least"), "write `min = 1`".to_owned())
    } else if min > max {
        let hint = format!("write `min = {max}` and `max = {min}`, or raise `max`");
        (format!("`{at}` has at least {min} pods and at most {max}"), hint)
    } else {
        return;
    };
    let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&at.key("min")), "");
    scope.report(problem.at(scope.span(&at.key("max")), "").hint(hint));
}

/// Reports what the workload says itself and its kind has no use for. A default may be meant for the others.
fn check_kind(scope: &mut Scope<'_>, path: &KeyPath, spec: &spec::Workload) {
    let kind = spec.kind.unwrap_or(spec::Kind::Deployment);
    let counted = matches!(kind, spec::Kind::Deployment | spec::Kind::Statefulset);
    let idle = [
        ("schedule", spec.schedule.is_some() && kind != spec::Kind::Cronjob, "add `kind = \"cronjob\"`"),
        ("replicas", spec.replicas.is_some() && !counted, "remove `replicas`"),
        ("autoscale", spec.autoscale.is_some() && !counted, "remove `autoscale`"),
        ("strategy", spec.strategy.is_some() && kind != spec::Kind::Deployment, "remove `strategy`"),
    ];
    for (key, _, hint) in idle.into_iter().filter(|(_, idle, _)| *idle) {
        let at = path.key(key);
        if matches!(scope.layer(&at), Some(Layer::Defaults | Layer::Builtin)) || scope.is_lost("kind") {
            continue;
        }
        let message = format!("`{at}` has no meaning for a {}", word(kind));
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message)
            .at(scope.key_span(&at), "")
            .at(scope.written_span(&path.key("kind")), "the kind");
        scope.report(problem.hint(hint));
    }
}

/// The kind as the language spells it.
const fn word(kind: spec::Kind) -> &'static str {
    match kind {
        spec::Kind::Deployment => "deployment",
        spec::Kind::Statefulset => "statefulset",
        spec::Kind::Daemonset => "daemonset",
        spec::Kind::Job => "job",
        spec::Kind::Cronjob => "cronjob",
    }
}

fn budget(scope: &mut Scope<'_>, path: &KeyPath, spec: &spec::Workload) -> Option<Budget> {
    let disruption = spec.disruption.as_ref().filter(|disruption| disruption.enabled != Some(false))?;
    match (&disruption.max_unavailable, &disruption.min_available) {
        (Some(max), None) => Some(Budget::MaxUnavailable(max.to_string())),
        (None, Some(min)) => Some(Budget::MinAvailable(min.to_string())),
        _ => {
            scope.one_of(&path.key("disruption"), &["max-unavailable", "min-available"]);
            None
        }
    }
}

fn spread(
    scope: &Scope<'_>,
    spec: &spec::Workload,
    controller: &Controller,
    autoscaler: Option<&Autoscaler>,
) -> bool {
    let count = match controller {
        Controller::Deployment { replicas, .. } | Controller::StatefulSet { replicas, .. } => *replicas,
        _ => return false,
    };
    let several = match count {
        Replicas::Fixed(count) => count > 1,
        Replicas::Autoscaled => autoscaler.is_some_and(|autoscaler| autoscaler.max > 1),
    };
    spec.spread.unwrap_or(several && nodes(scope) > 1)
}

/// How many nodes the cluster has.
pub(super) fn nodes(scope: &Scope<'_>) -> u32 {
    let cluster = scope.spec.environment.as_ref().and_then(|environment| environment.cluster.as_ref());
    cluster.and_then(|cluster| cluster.nodes).unwrap_or(1)
}

/// Reports claims that pods on several nodes would fight for.
pub(super) fn check_sharing(scope: &mut Scope<'_>, workloads: &[Workload], claims: &[Claim]) {
    if nodes(scope) < 2 {
        return;
    }
    for claim in claims.iter().filter(|claim| claim.access == crate::model::AccessMode::ReadWriteOnce) {
        let mounts = |workload: &&Workload| {
            workload.namespace == claim.namespace
                && workload
                    .volumes
                    .iter()
                    .any(|volume| volume.source == VolumeSource::Claim(claim.name.to_string()))
        };
        let users: Vec<&Workload> = workloads.iter().filter(mounts).collect();
        let pods: i32 = users.iter().map(|workload| most_pods(workload)).sum();
        let own = users.iter().any(|workload| workload.source == claim.source);
        if pods > 1 && !own {
            let names: Vec<String> = users.iter().map(|user| format!("`{}`", user.name)).collect();
            let message = format!(
                "volume `{}` is ReadWriteOnce, and {} of {} may land on different nodes",
                claim.name,
                if users.iter().any(|user| user.controller == Controller::DaemonSet) {
                    "the pods".to_owned()
                } else {
                    format!("{pods} pods")
                },
                names.join(" and ")
            );
            let place = scope.span(&claim.source.key("access"));
            let hint = "set `access = \"ReadWriteMany\"`, or keep the files in object storage";
            scope.report(Diagnostic::new(&SHARED_VOLUME, message).at(place, "").hint(hint));
        }
    }
}

fn most_pods(workload: &Workload) -> i32 {
    match &workload.controller {
        Controller::Deployment { replicas, .. } | Controller::StatefulSet { replicas, .. } => {
            match replicas {
                Replicas::Fixed(count) => *count,
                Replicas::Autoscaled => workload.autoscaler.as_ref().map_or(1, |autoscaler| autoscaler.max),
            }
        }
        Controller::DaemonSet => i32::MAX / 1024,
        Controller::Job | Controller::CronJob { .. } => 1,
    }
}
