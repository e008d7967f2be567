//! Docker Compose: a file of the Compose Specification becomes a platform.
//!
//! Takes the texts of Compose files, the later over the earlier, and of the files beside them; gives the project that they
//! mean ([`Project`], which `bayplan parity` compares with a platform too) and from it the types of `platform.toml`. What has
//! no counterpart is named with its line. The value of a secret is never passed on: what is one by its name, by its form or
//! as the password of a URL becomes a key of a contract.

mod amounts;
mod codes;
mod databases;
mod draft;
mod edges;
mod engines;
mod hidden;
mod merge;
mod mounts;
mod project;
mod read;
mod routes;
mod secrets;
mod variables;
mod workloads;

use std::collections::BTreeMap;

use crate::diag::Diagnostic;
use crate::manifest;
use crate::source::{Layer, Node, Sources, Span};
use crate::spec;

pub use codes::CODES;
pub use project::{
    Condition, ConfigSource, Dependency, Grant, Health, Mount, MountKind, Port, Project, Resources, Service,
    Text, Variable, Words,
};
pub use variables::env_file;

use draft::Draft;

/// What is known besides the Compose files.
pub struct Given {
    /// What the platform is called, where no group is given.
    pub name: String,
    /// The group that everything belongs to: the result is a file for `include`.
    pub group: Option<String>,
    /// Values of variables.
    pub values: BTreeMap<String, String>,
    /// The texts of files that the Compose files name, by the path that they name.
    pub files: BTreeMap<String, String>,
    /// Whether a text has the form of a token or a key.
    pub is_token: fn(&str) -> bool,
}

/// A platform from elsewhere, and what there is to say of it.
#[derive(Debug)]
pub struct Imported {
    /// The platform, or the file of a group.
    pub file: spec::File,
    /// What could not be carried over, was assumed or left out.
    pub notes: Vec<Diagnostic>,
}

/// Reads Compose files, the later over the earlier. What is added to `sources`, and so what people are shown, has stars in place
/// of secret values.
///
/// # Errors
/// Everything that keeps them from being Compose files.
pub fn read(
    sources: &mut Sources,
    files: &[(String, String)],
    values: &BTreeMap<String, String>,
    is_token: fn(&str) -> bool,
) -> Result<(Project, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut root = Node::empty_table(Layer::Entity);
    let mut problems = Vec::new();
    for (name, text) in files {
        let file = sources.add(name.clone(), hidden::hide(text, is_token));
        match manifest::tree(text, file) {
            Ok(mut tree) => {
                merge::prepare(&mut tree);
                merge::over(&mut root, tree);
            }
            Err(mistake) => {
                let at = Span { file, start: mistake.at.start, end: mistake.at.end };
                let problem =
                    Diagnostic::new(&codes::INVALID, format!("this is no YAML: {}", mistake.message));
                problems
                    .push(problem.at(Some(at), "").hint("let Compose look at it: docker compose config -q"));
            }
        }
        if root.get("services").and_then(Node::as_table).is_none_or(BTreeMap::is_empty) && problems.is_empty()
        {
            let at = Span { file, start: 0, end: text.lines().next().map_or(0, str::len) };
            let problem = Diagnostic::new(&codes::INVALID, format!("`{name}` has no services"));
            problems.push(problem.at(Some(at), "").hint("name a Compose file: it has a mapping `services`"));
        }
    }
    merge::extend(&mut root, &mut problems);
    let project = read::project(&root, values, &mut problems);
    let (errors, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(Diagnostic::is_error);
    if errors.is_empty() { Ok((project, warnings)) } else { Err(errors) }
}

/// The files that a project names, by the path that it names: files of variables, and those that are mounted.
#[must_use]
pub fn named_files(project: &Project, values: &BTreeMap<String, String>) -> Vec<String> {
    let services = project.services.values();
    let variables = services.clone().flat_map(|service| &service.env_files).map(|it| it.text.clone());
    let mounted = services.flat_map(|service| &service.mounts).filter_map(|mount| match &mount.kind {
        MountKind::Bind(path) => Some(path.clone()),
        _ => None,
    });
    let configs = project.configs.values().filter_map(|config| match config {
        ConfigSource::File(file) => Some(file.text.clone()),
        _ => None,
    });
    let all = variables.chain(mounted).chain(configs);
    all.map(|path| variables::plain(&path, values, &mut Vec::new())).collect()
}

/// A name for a platform that is as near to that of a project as can be.
#[must_use]
pub fn platform_name(name: &str) -> String {
    draft::label(name)
}

/// The platform that a project becomes.
#[must_use]
pub fn convert(project: &Project, given: &Given) -> Imported {
    let mut draft = Draft::new(project, given);
    databases::note_passwords(&mut draft);
    let edges = edges::edges(&mut draft);
    let mut file = spec::File::default();
    let (mut databases, mut workloads, mut routes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (name, service) in &project.services {
        let key = draft.key(name);
        if draft.proxies.contains(name.as_str()) {
            let hint =
                "an ingress controller of the cluster takes its place: its routes are below `[routes]`";
            draft.not_carried(service.span, format!("`{name}` is a reverse proxy"), hint);
        } else if let Some(engine) = draft.engines.get(name.as_str()).cloned() {
            databases.insert(key, databases::database(&mut draft, name, service, &engine));
        } else {
            let workload = workloads::workload(&mut draft, name, service, &edges);
            routes.extend(routes::routes(&mut draft, (name, service), &workload));
            workloads.insert(key, workload);
        }
        say_the_rest(&mut draft, name, service);
    }
    let volumes = mounts::volumes(&mut draft, &volumes_of(&workloads));
    say_once(&mut draft);
    file.configs = workloads::some(draft.configs());
    file.secrets = workloads::some(draft.contracts());
    file.vars = workloads::some(std::mem::take(&mut draft.vars));
    (file.databases, file.workloads) = (workloads::some(databases), workloads::some(workloads));
    (file.routes, file.volumes) = (workloads::some(routes), workloads::some(volumes));
    surround(&mut file, given);
    Imported { file, notes: draft.notes }
}

/// The volumes that mounts name, and who mounts each.
fn volumes_of(workloads: &BTreeMap<String, spec::Workload>) -> BTreeMap<String, Vec<(String, bool)>> {
    let mut found: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for (key, workload) in workloads {
        for mount in workload.mounts.iter().flat_map(BTreeMap::values) {
            let volume = mount.name.as_deref().filter(|name| *name != "scratch" && mount.sub_path.is_none());
            if let Some(volume) = volume {
                found
                    .entry(volume.to_owned())
                    .or_default()
                    .push((key.clone(), mount.read_only == Some(true)));
            }
        }
    }
    found
}

/// The keys of a service that nothing was made of.
fn say_the_rest(draft: &mut Draft<'_>, name: &str, service: &Service) {
    for key in &service.others {
        let hint = match key.text.as_str() {
            "privileged" | "cap_drop" | "security_opt" => {
                "containers have no capability and no way to more unless `security` says so"
            }
            "network_mode" | "pid" | "ipc" => {
                "a container has the node's own only in a namespace with `pod-security = \"privileged\"`"
            }
            "extra_hosts" | "external_links" | "dns" => "name what others run in `[externals]`, and use it",
            "logging" => "what a container writes to its output is collected by the cluster",
            "working_dir" => "begin the command with `cd`, or set it in the image",
            "deploy.placement" => "say it with `node-selector` or `spread`",
            "deploy.update_config" | "deploy.rollback_config" => "say it with `strategy` and `disruption`",
            "ulimits" | "sysctls" | "shm_size" | "devices" => {
                "say it with `patch`, where the cluster allows it"
            }
            _ => "it has no counterpart; leave it, or say it with `patch`",
        };
        draft.not_carried(key.span, format!("`{}` of `{name}` has no counterpart", key.text), hint);
    }
    let published: Vec<String> = service
        .ports
        .iter()
        .filter(|port| port.published.is_some())
        .map(|port| port.container.to_string())
        .collect();
    let routed = service.labels.keys().any(|key| key.starts_with("traefik.http.routers."));
    if !published.is_empty() && !routed && !draft.proxies.contains(name) {
        let message = format!("`{name}` is reached from outside the machine on {}", published.join(", "));
        let hint = "nothing of a platform is unless a route says so: write `[routes]`, or `service.type = \"load-balancer\"`";
        draft.not_carried(service.ports.first().and_then(|port| port.span), message, hint);
    }
}

/// What holds for several services is said once.
fn say_once(draft: &mut Draft<'_>) {
    let project = draft.project;
    let place = project.services.values().find_map(|service| service.span);
    if !draft.sized.is_empty() {
        let named = draft.sized.join(", ");
        draft.assumed(
            place,
            format!("volumes are {} each, since the file says no size: {named}", databases::SIZE),
            "see what they hold now: docker system df -v",
        );
    }
    let proxies = draft.proxies.clone();
    let running = |(name, _): &(&String, &Service)| !proxies.contains(name.as_str());
    let unlimited: Vec<&str> = project
        .services
        .iter()
        .filter(running)
        .filter(|(_, it)| it.resources == Resources::default())
        .map(|(name, _)| name.as_str())
        .collect();
    if !unlimited.is_empty() {
        let message = format!("the file does not say what these may use: {}", unlimited.join(", "));
        draft.assumed(
            place,
            message,
            "see what they use now (docker stats), and correct `[defaults]` or `resources`",
        );
    }
    let open: Vec<&str> = project
        .services
        .iter()
        .filter(running)
        .filter(|(_, it)| it.networks.iter().any(|network| !project.internal_networks.contains(network)))
        .map(|(name, _)| name.as_str())
        .collect();
    if !open.is_empty() {
        let message =
            format!("these could reach the Internet, and reach only what they use now: {}", open.join(", "));
        draft.assumed(
            place,
            message,
            "declare what a program calls outside in `[externals]`, and name it in `uses`",
        );
    }
}

/// What every platform needs round its entities.
fn surround(file: &mut spec::File, given: &Given) {
    let namespace = given.group.clone().unwrap_or_else(|| given.name.clone());
    let named = Some(namespace.clone());
    let resources = spec::Resources {
        cpu: Some("50m..500m".to_owned()),
        memory: Some("64Mi..512Mi".to_owned()),
        ..Default::default()
    };
    let waits = file
        .workloads
        .iter()
        .flatten()
        .flat_map(|(_, it)| it.uses.iter().flatten())
        .any(|it| it.wait.is_some());
    let workload = spec::Workload {
        namespace: named.clone(),
        resources: Some(resources.clone()),
        wait_image: waits.then(|| "docker.io/library/busybox:1.37.0".to_owned()),
        ..Default::default()
    };
    let database =
        spec::Database { namespace: named.clone(), resources: Some(resources), ..Default::default() };
    let volume = spec::Volume { namespace: named.clone(), ..Default::default() };
    let defaults = spec::Defaults {
        workloads: file.workloads.is_some().then(|| Box::new(workload)),
        databases: file.databases.is_some().then(|| Box::new(database)),
        volumes: file.volumes.is_some().then(|| Box::new(volume)),
        ..Default::default()
    };
    for secret in file.secrets.iter_mut().flat_map(BTreeMap::values_mut) {
        secret.namespace.clone_from(&named);
    }
    for config in file.configs.iter_mut().flat_map(BTreeMap::values_mut) {
        config.namespace.clone_from(&named);
    }
    let own = spec::Namespace { isolated: Some(true), ..Default::default() };
    let mut namespaces = BTreeMap::from([(namespace.clone(), own)]);
    if let Some(group) = &given.group {
        let made = spec::Group { namespace: named, defaults: Some(Box::new(defaults)), ..Default::default() };
        file.group = Some(group.clone());
        file.groups = Some(BTreeMap::from([(group.clone(), made)]));
    } else {
        file.platform = Some(spec::Info {
            name: Some(given.name.clone()),
            description: Some("Imported from Docker Compose".to_owned()),
            kubernetes: Some("1.35".to_owned()),
            ..Default::default()
        });
        file.defaults = Some(defaults);
        // Something to render, for a cluster of which nothing is known yet.
        let cluster = spec::Cluster { kind: Some("generic".to_owned()), ..Default::default() };
        let production = spec::EnvironmentFile { cluster: Some(cluster), ..Default::default() };
        file.environments = Some(BTreeMap::from([("production".to_owned(), production)]));
        if file.routes.is_some() {
            let outside = spec::Namespace { external: Some(true), ..Default::default() };
            namespaces.insert("ingress".to_owned(), outside);
            file.ingress = Some(spec::Ingress {
                controller: Some(spec::Controller::Traefik),
                namespace: Some("ingress".to_owned()),
                class: Some("traefik".to_owned()),
                labels: Some(BTreeMap::from([("app.kubernetes.io/name".to_owned(), "traefik".to_owned())])),
                ..Default::default()
            });
        }
    }
    file.namespaces = Some(namespaces);
}
