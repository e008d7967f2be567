//! The scripts of a local cluster: set up, deploy, smoke test, tear down. POSIX shell, checked with `sh -n`.

use std::collections::{BTreeMap, BTreeSet};

use super::local::Tool;
use super::order::by_dependency;
use super::template::{command, fill, word};
use super::{Artefact, encryption, secrets};
use crate::lower::{labels, metallb, workload::kind};
use crate::model::{
    Controller, Handler, Platform, Probe, Route, RouteHost, RoutePath, SecretStore, ServiceType, Workload,
};

/// The scripts of the environment, in the order in which one runs them.
pub(super) fn scripts(platform: &Platform, tool: Tool, tenants: Tenants) -> [Artefact; 4] {
    let script = |name: &str, text| Artefact::script(format!("scripts/k8s-{name}.sh"), text);
    [
        script("setup", setup(platform, tool)),
        script("deploy", deploy(platform, tool, tenants)),
        script("smoke-test", smoke_test(platform, tool)),
        script("teardown", teardown(platform, tool)),
    ]
}

/// Whether the platform has tenants: each is a folder that `kubectl apply -k` takes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tenants {
    /// There are some.
    Some,
    /// There is none.
    None,
}

impl Tenants {
    pub(super) fn of(platform: &Platform) -> Self {
        if crate::lower::tenants::any(platform) { Self::Some } else { Self::None }
    }

    fn commands(self) -> String {
        match self {
            Self::Some => "\nfor tenant in tenants/*/; do\n  kube apply -k \"$tenant\"\ndone".to_owned(),
            Self::None => String::new(),
        }
    }
}

fn setup(platform: &Platform, tool: Tool) -> String {
    let cluster = &platform.cluster;
    let data = if cluster.data_folder.is_empty() {
        "  # Volumes live and die with the cluster.".to_owned()
    } else {
        format!("  mkdir -p -- {}", word(&cluster.data_folder))
    };
    let data = if cluster.encrypt_secrets { format!("{data}\n{}", encryption::make_key()) } else { data };
    let values = [
        ("context", word(&tool.context(cluster))),
        ("kubernetes", platform.kubernetes.to_string()),
        ("program", tool.program().to_owned()),
        ("exists", tool.exists(cluster)),
        ("data", data),
        ("create", tool.create()),
        ("metallb", install_metallb(platform)),
    ];
    filled(include_str!("setup.sh"), &values)
}

/// `MetalLB`'s own manifest of the pinned release (<https://metallb.io/installation/>).
fn install_metallb(platform: &Platform) -> String {
    let Some(metallb) = &platform.cluster.metallb else {
        return "# Nothing else has to be installed.".to_owned();
    };
    let manifest = format!(
        "https://raw.githubusercontent.com/metallb/metallb/{}/config/manifests/metallb-native.yaml",
        metallb.version
    );
    let namespace = metallb::NAMESPACE;
    let status = |what| format!("kube -n {namespace} rollout status {what} --timeout=5m");
    [
        "# The pools of addresses are part of the overlay; their kinds and MetalLB itself are not."
            .to_owned(),
        format!("kube apply -f {}", word(&manifest)),
        status("deployment/controller"),
        status("daemonset/speaker"),
    ]
    .join("\n")
}

fn deploy(platform: &Platform, tool: Tool, tenants: Tenants) -> String {
    let files = secret_files(platform);
    let wanted = files.keys().map(|name| format!("wanted {}", word(name)));
    let namespaces: BTreeSet<&str> = files.values().flatten().copied().collect();
    let namespaces = namespaces.into_iter().map(|name| format!("namespace {}", word(name)));
    let applied = files.keys().map(|name| format!("secret {}", word(name)));
    let jobs = platform.workloads.iter().filter(|workload| workload.controller == Controller::Job);
    let jobs = jobs.map(|job| command(&["remove_job", job.namespace.as_str(), job.name.as_str()]));
    let values = [
        ("context", word(&tool.context(&platform.cluster))),
        ("placeholder", secrets::PLACEHOLDER.to_owned()),
        ("wanted", lines(wanted)),
        ("secrets", lines(namespaces.chain(applied))),
        ("jobs", lines(jobs)),
        ("tenants", tenants.commands()),
        ("ready", lines(by_dependency(platform).into_iter().filter_map(ready))),
    ];
    filled(include_str!("deploy.sh"), &values)
}

/// The Secrets that a person fills in, by the name of their file, and the namespaces that each lies in.
fn secret_files(platform: &Platform) -> BTreeMap<&str, BTreeSet<&str>> {
    if platform.secret_store != SecretStore::Kubernetes {
        return BTreeMap::new();
    }
    let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for secret in platform.secrets.iter().filter(|secret| !secret.provided) {
        files.entry(secret.name.as_str()).or_default().insert(secret.namespace.as_str());
    }
    files
}

/// The call that waits for a workload. What runs by the clock is never awaited.
fn ready(workload: &Workload) -> Option<String> {
    let verb = match workload.controller {
        Controller::CronJob { .. } => return None,
        Controller::Job => "completed",
        Controller::Deployment { .. } | Controller::StatefulSet { .. } | Controller::DaemonSet => {
            "rolled_out"
        }
    };
    Some(command(&[verb, workload.namespace.as_str(), &object(workload)]))
}

fn object(workload: &Workload) -> String {
    format!("{}/{}", kind(workload).to_ascii_lowercase(), workload.name)
}

fn smoke_test(platform: &Platform, tool: Tool) -> String {
    let order = by_dependency(platform);
    let runs =
        |workload: &&&Workload| !matches!(workload.controller, Controller::Job | Controller::CronJob { .. });
    let namespaces: BTreeSet<&str> = order.iter().map(|workload| workload.namespace.as_str()).collect();
    let pods = namespaces.into_iter().map(|namespace| format!("kube get pods -n {}", word(namespace)));
    let ready = order
        .iter()
        .filter(runs)
        .map(|workload| command(&["pods_ready", workload.namespace.as_str(), workload.name.as_str()]));
    let values = [
        ("context", word(&tool.context(&platform.cluster))),
        ("label", labels::NAME.to_owned()),
        ("pods", lines(pods)),
        ("ready", lines(ready)),
        ("commands", lines(order.iter().filter(runs).flat_map(|workload| commands(workload)))),
        ("address", address(platform)),
        ("routes", lines(routes(platform).iter().map(|(url, place)| command(&["answers", url, place])))),
    ];
    filled(include_str!("smoke_test.sh"), &values)
}

/// The commands of a workload, run in its main container.
fn commands(workload: &Workload) -> Vec<String> {
    workload.smoke.iter().map(|words| in_container(workload, words)).collect()
}

fn in_container(workload: &Workload, words: &[String]) -> String {
    let pod = match workload.controller {
        Controller::StatefulSet { .. } => format!("{}-0", workload.name),
        Controller::Deployment { .. } => format!("deploy/{}", workload.name),
        _ => object(workload),
    };
    let title = format!("{}: {}", workload.name, command(words));
    let mut call = vec!["check", &title, "kube", "exec", &pod, "-n", workload.namespace.as_str()];
    if let [main, _, ..] = workload.containers.as_slice() {
        call.extend(["-c", main.name.as_str()]);
    }
    call.push("--");
    call.extend(words.iter().map(String::as_str));
    command(&call)
}

/// The address that requests from this machine go to: the machine's own ports, or what `MetalLB` gave the controller.
fn address(platform: &Platform) -> String {
    let balanced = platform.workloads.iter().find_map(|workload| {
        let service = workload.services.iter().find(|service| service.r#type == ServiceType::LoadBalancer)?;
        Some((workload.namespace.as_str(), service.name.as_str()))
    });
    match balanced {
        Some((namespace, service)) if !platform.cluster.host_ports => {
            let path = "jsonpath='{.status.loadBalancer.ingress[0].ip}'";
            format!("$(kube get service {service} -n {namespace} -o {path})")
        }
        _ => "127.0.0.1".to_owned(),
    }
}

/// The URLs that must answer, each with the host and port that it leads to.
pub(super) fn routes(platform: &Platform) -> Vec<(String, String)> {
    let mut behind: BTreeMap<(&str, &str), &Workload> = BTreeMap::new();
    for workload in &platform.workloads {
        for service in &workload.services {
            behind.insert((workload.namespace.as_str(), service.name.as_str()), workload);
        }
    }
    let of_route = |route: &Route| -> Vec<(String, String)> {
        let paths = route.hosts.iter().flat_map(|host| host.paths.iter().map(move |path| (host, path)));
        let url = |(host, path): (&RouteHost, &RoutePath)| {
            let workload = behind.get(&(route.namespace.as_str(), path.backend.service.as_str()));
            self::route(scheme_of(route), host, path, workload.copied())
        };
        paths.map(url).collect()
    };
    platform.routes.iter().flat_map(of_route).collect()
}

/// A route is asked for the path of the readiness probe where it leads there, else for its own path.
fn route(
    (scheme, port): (&str, u16),
    host: &RouteHost,
    path: &RoutePath,
    workload: Option<&Workload>,
) -> (String, String) {
    let probed = workload.and_then(probe_path).filter(|probed| probed.starts_with(&path.path) && !path.exact);
    (format!("{scheme}://{}{}", host.host, probed.unwrap_or(&path.path)), format!("{}:{port}", host.host))
}

/// The scheme of a route and the port of it.
const fn scheme_of(route: &Route) -> (&'static str, u16) {
    if route.tls.is_some() { ("https", 443) } else { ("http", 80) }
}

/// The path that a workload is asked for its health at.
fn probe_path(workload: &Workload) -> Option<&str> {
    let probes = &workload.containers.first()?.probes;
    let asked = [&probes.readiness, &probes.startup, &probes.liveness];
    asked.into_iter().flatten().find_map(|probe: &Probe| match &probe.handler {
        Handler::Http { path, .. } => Some(path.as_str()),
        Handler::Exec(_) | Handler::Tcp(_) | Handler::Grpc(_) => None,
    })
}

fn teardown(platform: &Platform, tool: Tool) -> String {
    let cluster = &platform.cluster;
    let data = if cluster.data_folder.is_empty() {
        String::new()
    } else {
        command(&["echo", &format!("the volumes stay in {}", cluster.data_folder)])
    };
    let values = [
        ("cluster", word(&cluster.name)),
        ("exists", tool.exists(cluster)),
        ("delete", tool.delete(cluster)),
        ("data", data),
    ];
    filled(include_str!("teardown.sh"), &values)
}

fn filled(template: &str, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(template, &values).trim_end().to_owned() + "\n"
}

/// One call a line, or a comment that says that there is none.
fn lines(calls: impl IntoIterator<Item = String>) -> String {
    let calls: Vec<String> = calls.into_iter().collect();
    if calls.is_empty() { "# None here.".to_owned() } else { calls.join("\n") }
}
