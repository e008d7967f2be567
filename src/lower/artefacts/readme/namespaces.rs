//! The namespaces: what each is called where, what runs in it, and how the first service gets into an empty one.

use std::collections::{BTreeMap, BTreeSet};

use super::super::markdown::{Page, code, codes};
use super::super::template::one_line;
use super::environment;
use crate::model::{Namespace, Peer, Platform, Workload};
use crate::source::KeyPath;

pub(super) fn section(page: &mut Page, base: &Platform, environments: &[&Platform]) {
    page.heading(2, "Namespaces");
    table(page, base, environments);
    let empty: Vec<&Namespace> = base.namespaces.iter().filter(|namespace| namespace.placeholder).collect();
    if empty.is_empty() {
        return;
    }
    page.heading(3, "Placeholder namespaces");
    page.paragraph(&format!(
        "{} {} so with the label `status: placeholder`: the place, its isolation and its limits are \
         settled before the service is written. Declaring the service in `platform.toml` and running `bayplan render` \
         fills it; the label goes with the next render, and no namespace has to be made.",
        codes(empty.iter().map(|namespace| namespace.name.as_str())),
        if empty.len() == 1 { "holds nothing yet and says" } else { "hold nothing yet and say" },
    ));
    for namespace in empty {
        deploying(page, base, environments, namespace);
    }
}

fn table(page: &mut Page, base: &Platform, environments: &[&Platform]) {
    let names: Vec<String> =
        environments.iter().map(|platform| format!("in {}", environment(platform))).collect();
    let mut header = vec!["namespace"];
    header.extend(names.iter().map(String::as_str));
    header.extend(["runs", "pod security", "traffic"]);
    let by_key: Vec<(&str, BTreeMap<&str, &Namespace>)> =
        environments.iter().map(|platform| (environment(platform), by_key(platform))).collect();
    let runs = runs(base);
    let row = |namespace: &Namespace| {
        let name = |known: &BTreeMap<&str, &Namespace>| {
            known.get(namespace.key.as_str()).map_or(String::new(), |found| code(found.name.as_str()))
        };
        let mut row = vec![code(&namespace.key)];
        row.extend(by_key.iter().map(|(_, known)| name(known)));
        let inside = runs.get(namespace.name.as_str()).map_or(&[][..], Vec::as_slice);
        row.push(what_runs(namespace, inside));
        row.push(namespace.pod_security.as_str().to_owned());
        row.push(traffic(namespace, &by_key));
        row
    };
    let rows: Vec<Vec<String>> = base.namespaces.iter().map(row).collect();
    page.table(&header, &rows);
}

fn by_key(platform: &Platform) -> BTreeMap<&str, &Namespace> {
    platform.namespaces.iter().map(|namespace| (namespace.key.as_str(), namespace)).collect()
}

fn runs(platform: &Platform) -> BTreeMap<&str, Vec<&str>> {
    let mut runs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for workload in &platform.workloads {
        runs.entry(workload.namespace.as_str()).or_default().push(workload.name.as_str());
    }
    runs
}

fn what_runs(namespace: &Namespace, inside: &[&str]) -> String {
    let service = service(namespace);
    match () {
        () if namespace.external => "belongs to somebody else".to_owned(),
        () if namespace.placeholder => {
            format!("nothing yet: [deploying {service}](#{})", anchor(&heading(service)))
        }
        () => codes(inside),
    }
}

fn traffic(namespace: &Namespace, environments: &[(&str, BTreeMap<&str, &Namespace>)]) -> String {
    let isolated = |known: &BTreeMap<&str, &Namespace>| {
        known.get(namespace.key.as_str()).is_some_and(|found| found.isolated)
    };
    let names: Vec<&str> =
        environments.iter().filter(|(_, known)| isolated(known)).map(|(name, _)| *name).collect();
    match names.len() {
        0 if !namespace.isolated => "open".to_owned(),
        count if count == environments.len() => "declared edges only".to_owned(),
        _ => format!("declared edges only in {}", codes(names)),
    }
}

/// What a placeholder waits for: the label `service` says it, else the key.
fn service(namespace: &Namespace) -> &str {
    namespace.labels.get("service").map_or(namespace.key.as_str(), String::as_str)
}

fn heading(service: &str) -> String {
    format!("Deploying {service}")
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading.to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn deploying(page: &mut Page, base: &Platform, environments: &[&Platform], namespace: &Namespace) {
    let service = service(namespace);
    page.heading(3, &heading(service));
    let description = namespace.annotations.get("description").map(|text| one_line(text));
    let waits = description.map_or(String::new(), |text| format!("{text}. "));
    page.paragraph(&format!(
        "{waits}Declare it in `platform.toml` with its own image, port and paths, or set `enabled = true` where it is declared \
         already, and run `bayplan render`:"
    ));
    page.code("toml", &example(base, environments, namespace, service));
    page.paragraph(
        "It becomes a Deployment with a rolling update, a Service, a ServiceAccount, a path of the Ingress, and a network \
         policy for each name in `uses` wherever the namespace is isolated.",
    );
}

/// What is known of a kind of service, to make its example read like the service.
struct Habits {
    port: u16,
    liveness: &'static str,
    readiness: &'static str,
    path: String,
    is_client: bool,
}

/// By the words of the description, since a placeholder has nothing else to go by. It is an example: all is to be edited.
fn habits(namespace: &Namespace) -> Habits {
    let description =
        namespace.annotations.get("description").map_or(String::new(), |text| text.to_lowercase());
    let says = |word: &str| description.contains(word);
    let own = format!("/{}/", namespace.key);
    if says("react") || says("web client") || says("frontend") {
        return Habits { port: 8080, liveness: "/", readiness: "/", path: "/".to_owned(), is_client: true };
    }
    if says("nest.js") || says("nestjs") {
        let (liveness, readiness) = ("/health/live", "/health/ready");
        return Habits { port: 3000, liveness, readiness, path: "/api/".to_owned(), is_client: false };
    }
    let port = if says("fastapi") { 8000 } else { 8080 };
    Habits { port, liveness: "/health", readiness: "/ready", path: own, is_client: false }
}

fn example(base: &Platform, environments: &[&Platform], namespace: &Namespace, service: &str) -> String {
    let habits = habits(namespace);
    let workload = KeyPath::of(["workloads", service]);
    let route = KeyPath::of(["routes", service]);
    let mut lines = vec![
        format!("[{workload}]"),
        format!("namespace = {:?}", namespace.key),
        format!("image = \"registry.example/{service}:1.0.0@sha256:…\""),
        "replicas = 2".to_owned(),
        format!("ports = {{ http = {} }}", habits.port),
    ];
    let uses = if habits.is_client { Vec::new() } else { uses(environments, namespace) };
    if !uses.is_empty() {
        lines.push(format!("uses = {uses:?}"));
    }
    lines
        .push(format!("probes = {{ liveness = {:?}, readiness = {:?} }}", habits.liveness, habits.readiness));
    lines.push("resources = { cpu = \"100m..500m\", memory = \"128Mi..512Mi\" }".to_owned());
    lines.push(String::new());
    lines.push(format!("[{route}]"));
    lines.push(format!("host = {:?}", host(base, environments)));
    lines.push(format!("paths = {{ {:?} = \"{service}:http\" }}", habits.path));
    lines.join("\n")
}

/// What every pod of the namespace may use already, by key.
fn uses(environments: &[&Platform], namespace: &Namespace) -> Vec<String> {
    let mut uses: Vec<String> =
        environments.iter().flat_map(|platform| uses_in(platform, namespace)).collect();
    uses.sort();
    uses.dedup();
    uses
}

fn uses_in(platform: &Platform, namespace: &Namespace) -> Vec<String> {
    let Some(own) = platform.namespaces.iter().find(|known| known.key == namespace.key) else {
        return Vec::new();
    };
    let workloads: BTreeMap<_, &Workload> =
        platform.workloads.iter().map(|workload| ((&workload.namespace, &workload.name), workload)).collect();
    let from_here = platform.edges.iter().filter(|edge| edge.from == Peer::Namespace(own.name.clone()));
    let target = from_here.filter_map(|edge| match &edge.to {
        Peer::Workload { namespace, name } => workloads.get(&(namespace, name)),
        Peer::Namespace(_) | Peer::Pods { .. } | Peer::Tenants | Peer::Addresses(_) => None,
    });
    target.filter_map(|workload| workload.source.last_key().map(str::to_owned)).collect()
}

/// The host that routes lead from already; a variable where it is another in each environment.
fn host(base: &Platform, environments: &[&Platform]) -> String {
    let all = std::iter::once(base).chain(environments.iter().copied());
    let routed = all.flat_map(|platform| &platform.routes).flat_map(|route| &route.hosts);
    let hosts: BTreeSet<&str> = routed.map(|host| host.host.as_str()).collect();
    match hosts.into_iter().collect::<Vec<_>>().as_slice() {
        [] => "app.example.com".to_owned(),
        [only] => (*only).to_owned(),
        _ => "{{ vars.host }}".to_owned(),
    }
}
