//! Services that are programs, as `[workloads.<name>]`.

use std::collections::{BTreeMap, BTreeSet};

use super::amounts;
use super::draft::{Draft, Reads};
use super::edges::Edges;
use super::project::{Health, Port, Resources, Service, Text};
use crate::source::Span;
use crate::spec;

/// Ports whose protocol everybody knows, and what it is called.
const KNOWN_PORTS: [(u16, &str); 12] = [
    (22, "ssh"),
    (25, "smtp"),
    (53, "dns"),
    (443, "https"),
    (587, "submission"),
    (1883, "mqtt"),
    (4222, "nats"),
    (5672, "amqp"),
    (8443, "https"),
    (9092, "kafka"),
    (27017, "mongodb"),
    (50051, "grpc"),
];

/// The workload that a service becomes.
pub(super) fn workload(
    draft: &mut Draft<'_>,
    name: &str,
    service: &Service,
    edges: &Edges,
) -> spec::Workload {
    let (command, args) = (words(draft, service.entrypoint.as_ref()), words(draft, service.command.as_ref()));
    let environment = draft.environment(name, &[]);
    let ports = ports(service, edges.ports.get(name));
    let is_job = edges.jobs.contains(name);
    let (mut mounts, storage) = super::mounts::mounts(draft, name, service);
    super::mounts::grants(draft, name, service, &mut mounts);
    let kind = match (is_job, service.global, &storage) {
        (true, ..) => Some(spec::Kind::Job),
        (_, true, _) => Some(spec::Kind::Daemonset),
        (.., Some(_)) => Some(spec::Kind::Statefulset),
        _ => None,
    };
    let joins = edges.joins.get(name).map(|targets| targets.iter().map(|it| draft.key(it)).collect());
    spec::Workload {
        enabled: service.optional.then_some(false),
        kind,
        image: Some(image(draft, name, service)),
        build: build(service),
        command,
        args,
        uses: edges.uses_of(draft, name),
        joins,
        env: some(environment.env),
        settings: some(environment.settings),
        replicas: replicas(draft, service),
        resources: resources(draft, name, &service.resources),
        probes: (!is_job).then(|| probes(draft, name, service, &ports)).flatten(),
        ports: some(ports),
        mounts: some(mounts),
        storage,
        security: security(draft, name, service),
        grace_period: service.grace_period.as_ref().and_then(|it| amounts::seconds(&it.text)).map(i64::from),
        ..Default::default()
    }
}

pub(super) fn some<K: Ord, V>(map: BTreeMap<K, V>) -> Option<BTreeMap<K, V>> {
    (!map.is_empty()).then_some(map)
}

fn image(draft: &mut Draft<'_>, name: &str, service: &Service) -> String {
    if let Some(image) = &service.image {
        let filled = draft.filled(&image.text);
        let versioned = crate::names::ImageRef::parse(&filled).is_ok_and(|image| image.is_versioned());
        if !versioned && !filled.ends_with(':') {
            let message = format!("the image of `{name}` names no version");
            draft.not_carried(image.span, message, "pin it: a tag that moves is another program tomorrow");
        }
        return draft.text(&image.text, Reads::Plainly, image.span);
    }
    let assumed =
        "`vars.registry` and `vars.version` are assumed; say where the image is pushed to, and its version";
    draft.assumed(
        service.span,
        format!("the image of `{name}` is built, and the file does not say what it is called"),
        assumed,
    );
    draft.vars.entry("registry".to_owned()).or_insert_with(|| text("registry.example"));
    draft.vars.entry("version".to_owned()).or_insert_with(|| text("0.0.0"));
    format!("{{{{ vars.registry }}}}/{}:{{{{ vars.version }}}}", draft.key(name))
}

fn text(text: &str) -> spec::Scalar {
    spec::Scalar::Text(text.to_owned())
}

fn build(service: &Service) -> Option<spec::Build> {
    let (context, dockerfile) = service.build.as_ref()?;
    let folder = context.text.trim_start_matches("./").trim_end_matches('/');
    let folder = if folder.is_empty() { "." } else { folder };
    Some(spec::Build {
        context: Some(folder.to_owned()),
        dockerfile: dockerfile.as_ref().map(|it| it.text.clone()),
        ..Default::default()
    })
}

fn words(draft: &mut Draft<'_>, given: Option<&super::project::Words>) -> Option<Vec<String>> {
    let given = given?;
    Some(given.words.iter().map(|word| draft.text(word, Reads::Expanding, given.span)).collect())
}

fn replicas(draft: &Draft<'_>, service: &Service) -> Option<i32> {
    let count: i32 = draft.filled(&service.replicas.as_ref()?.text).parse().ok()?;
    (count != 1 && count >= 0).then_some(count)
}

/// The ports by name: those that the file states, and those that other services name.
fn ports(service: &Service, named: Option<&BTreeSet<u16>>) -> BTreeMap<String, spec::Port> {
    let known: BTreeSet<u16> = service.ports.iter().map(|port| port.container).collect();
    let named = named.into_iter().flatten().filter(|number| !known.contains(number)).map(|number| Port {
        container: *number,
        published: None,
        protocol: "TCP".to_owned(),
        span: None,
    });
    let mut ports = BTreeMap::new();
    for port in service.ports.iter().cloned().chain(named) {
        let tcp = port.protocol == "TCP";
        let usual = KNOWN_PORTS.iter().find(|(number, _)| *number == port.container).map(|(_, name)| *name);
        let wanted = usual.unwrap_or(if tcp { "http" } else { "udp" });
        let taken = ports.contains_key(wanted);
        let kept = if taken {
            format!("{}-{}", port.protocol.to_lowercase(), port.container)
        } else {
            wanted.to_owned()
        };
        let protocol = (!tcp).then(|| port.protocol.clone());
        ports.insert(kept, spec::Port { container: Some(port.container), protocol, ..Default::default() });
    }
    ports
}

/// CPU and memory as `request..limit`. What the file does not state is left to the defaults.
pub(super) fn resources(draft: &mut Draft<'_>, name: &str, given: &Resources) -> Option<spec::Resources> {
    let cpu = (given.cpu_request.as_ref(), given.cpu_limit.as_ref());
    let memory = (given.memory_request.as_ref(), given.memory_limit.as_ref());
    let cpu = range(draft, name, cpu, amounts::cpu);
    let memory = range(draft, name, memory, amounts::memory);
    (cpu.is_some() || memory.is_some()).then(|| spec::Resources { cpu, memory, ..Default::default() })
}

/// A request above the limit of the defaults, or a limit below their request, would not compile: one side stands for both.
fn range(
    draft: &mut Draft<'_>,
    name: &str,
    (low, high): (Option<&Text>, Option<&Text>),
    read: fn(&str) -> Option<String>,
) -> Option<String> {
    let mut amount = |it: &Text| {
        let found = read(&draft.filled(&it.text));
        if found.is_none() {
            let message = format!("`{}` is no amount for `{name}`", it.text);
            draft.not_carried(it.span, message, "write it in `resources`");
        }
        found
    };
    let (low, high) = (low.and_then(&mut amount), high.and_then(&mut amount));
    let (low, high) = (low.clone().or_else(|| high.clone())?, high.or(low)?);
    Some(format!("{low}..{high}"))
}

/// Docker's health check says whether a container is fit for traffic, and restarts nothing: a readiness probe.
fn probes(
    draft: &mut Draft<'_>,
    name: &str,
    service: &Service,
    ports: &BTreeMap<String, spec::Port>,
) -> Option<spec::Probes> {
    let health = service.health.as_ref()?;
    let handler = handler(draft, health, ports);
    let Some(handler) = handler else {
        draft.not_carried(
            health.span,
            format!("the health check of `{name}` runs nothing"),
            "write `probes.readiness`",
        );
        return None;
    };
    let figure = |text: Option<&String>| text.map(|text| draft.filled(text));
    let time = |text: Option<&String>| figure(text).and_then(|text| amounts::seconds(&text));
    let readiness = spec::Probe {
        period: Some(time(health.interval.as_ref()).unwrap_or(30)),
        timeout: Some(time(health.timeout.as_ref()).unwrap_or(30)),
        failures: Some(
            figure(health.retries.as_ref())
                .and_then(|text| text.parse().ok())
                .filter(|count| *count > 0)
                .unwrap_or(3),
        ),
        ..handler
    };
    Some(spec::Probes { readiness: Some(readiness), ..Default::default() })
}

fn handler(
    draft: &mut Draft<'_>,
    health: &Health,
    ports: &BTreeMap<String, spec::Port>,
) -> Option<spec::Probe> {
    let (first, rest) = health.test.split_first()?;
    let line = rest.join(" ");
    if let Some((port, path)) = local_url(&draft.filled(&line)) {
        let port = ports.iter().find(|(_, it)| it.container == Some(port));
        if let Some((port, _)) = port.filter(|_| !line.contains('|') || line.contains("||")) {
            let port = (ports.len() > 1).then(|| port.clone());
            return Some(spec::Probe { http: Some(path), port, ..Default::default() });
        }
    }
    let mut word = |word: &String| draft.text(word, Reads::Expanding, health.span);
    let words: Vec<String> = match first.as_str() {
        "CMD" => rest.iter().map(word).collect(),
        "CMD-SHELL" => vec!["/bin/sh".to_owned(), "-c".to_owned(), word(&line)],
        _ => return None,
    };
    let command_runs = words.iter().any(|word| !word.trim().is_empty());
    command_runs.then(|| spec::Probe { exec: Some(words), ..Default::default() })
}

/// The port and the path of the first URL of the container itself: `curl -f http://localhost:3000/health || exit 1`.
fn local_url(line: &str) -> Option<(u16, String)> {
    let asks = ["curl", "wget"].iter().any(|program| line.contains(program));
    let url = line.split([' ', '\'', '"']).find_map(|word| word.strip_prefix("http://")).filter(|_| asks)?;
    let (authority, path) = url.split_once('/').map_or((url, ""), |(authority, path)| (authority, path));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let own = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"].contains(&host);
    let path = path.trim_end_matches([';', ')']);
    own.then(|| Some((port.parse().ok()?, format!("/{path}")))).flatten()
}

fn security(draft: &mut Draft<'_>, name: &str, service: &Service) -> Option<spec::Security> {
    let given = service.user.as_ref().map(|it| (draft.filled(&it.text), it.span));
    let (user, group) = match &given {
        None => (None, None),
        Some((text, span)) => user_and_group(draft, name, text, *span),
    };
    let capabilities: Vec<String> =
        service.capabilities.iter().map(|it| it.trim_start_matches("CAP_").to_uppercase()).collect();
    let security = spec::Security {
        user,
        group,
        read_only_root: service.read_only.then_some(true),
        capabilities: (!capabilities.is_empty()).then_some(capabilities),
        ..Default::default()
    };
    (security != spec::Security::default()).then_some(security)
}

fn user_and_group(
    draft: &mut Draft<'_>,
    name: &str,
    text: &str,
    span: Option<Span>,
) -> (Option<i64>, Option<i64>) {
    let (user, group) = text.split_once(':').map_or((text, None), |(user, group)| (user, Some(group)));
    let number = |text: &str| text.parse::<i64>().ok().filter(|id| (1..=i64::from(i32::MAX)).contains(id));
    if number(user).is_none() {
        let message = format!("`{name}` runs as `{user}`, which Kubernetes cannot tell from root");
        draft.not_carried(
            span,
            message,
            "say its number in `security.user`; root needs `pod-security = \"baseline\"`",
        );
    }
    (number(user), group.and_then(number))
}
