//! A document tree as a Compose project: long forms and short ones become the same.
//!
//! Takes one tree, in which files that stand over others are merged already; gives the project and what is wrong with it. A
//! key that it does not know is kept by its name, so that whoever goes on can say that it was left out.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::INVALID;
use super::project::{
    Condition, ConfigSource, Dependency, Grant, Health, Mount, MountKind, Port, Project, Resources, Service,
    Text, Variable, Words, place,
};
use super::variables::plain;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{Node, NodeValue, Span};

/// The keys of a service whose meaning is read here.
const KNOWN: [&str; 34] = [
    "build",
    "cap_add",
    "command",
    "configs",
    "container_name",
    "cpus",
    "depends_on",
    "deploy",
    "entrypoint",
    "env_file",
    "environment",
    "expose",
    "healthcheck",
    "hostname",
    "image",
    "init",
    "labels",
    "links",
    "mem_limit",
    "mem_reservation",
    "networks",
    "ports",
    "profiles",
    "pull_policy",
    "read_only",
    "restart",
    "scale",
    "secrets",
    "stdin_open",
    "stop_grace_period",
    "tmpfs",
    "tty",
    "user",
    "volumes",
];

/// Reads a project. `values` fills in variables where a figure is needed.
pub(super) fn project(
    root: &Node,
    values: &BTreeMap<String, String>,
    problems: &mut Vec<Diagnostic>,
) -> Project {
    let mut reader = Reader { values, problems };
    let mut project =
        Project { name: root.get("name").and_then(Node::as_str).map(str::to_owned), ..Project::default() };
    for (name, node) in fields(root.get("services")) {
        if node.as_table().is_none() {
            reader.invalid(node, format!("the service `{name}` is no mapping"));
            continue;
        }
        let service = reader.service(name, node);
        project.services.insert(name.clone(), service);
    }
    for (name, node) in fields(root.get("networks")) {
        if is_true(node.get("internal")) {
            project.internal_networks.insert(name.clone());
        }
    }
    for (name, node) in fields(root.get("volumes")) {
        if node.get("external").is_some_and(|node| !is_false(node)) {
            project.external_volumes.insert(name.clone());
        }
    }
    for (name, node) in fields(root.get("secrets")) {
        project.secrets.insert(name.clone(), node.get("file").and_then(text));
    }
    for (name, node) in fields(root.get("configs")) {
        let file = node.get("file").and_then(text).map(ConfigSource::File);
        let content = node.get("content").and_then(text).map(ConfigSource::Content);
        project.configs.insert(name.clone(), file.or(content).unwrap_or(ConfigSource::Elsewhere));
    }
    reader.check(&project);
    project
}

struct Reader<'a> {
    values: &'a BTreeMap<String, String>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn service(&mut self, name: &str, node: &Node) -> Service {
        let deploy = node.get("deploy");
        let get = |key: &str| node.get(key).and_then(text);
        let deployed = |key: &str| deploy.and_then(|deploy| deploy.get(key)).and_then(text);
        Service {
            span: node.origin.key.or(node.origin.span),
            image: get("image"),
            build: node.get("build").and_then(build),
            command: node.get("command").and_then(words),
            entrypoint: node.get("entrypoint").and_then(words),
            environment: node.get("environment").map(pairs).unwrap_or_default(),
            env_files: node.get("env_file").map(|node| texts_of(node, "path")).unwrap_or_default(),
            ports: self.ports(name, node),
            mounts: self.mounts(name, node),
            networks: networks(node),
            aliases: aliases(node),
            depends_on: dependencies(node),
            health: node.get("healthcheck").and_then(health),
            resources: resources(node),
            replicas: deployed("replicas").or_else(|| get("scale")),
            global: deployed("mode").is_some_and(|mode| mode.text == "global"),
            secrets: grants(node.get("secrets")),
            configs: grants(node.get("configs")),
            user: get("user"),
            restart: get("restart"),
            labels: labels(
                node.get("labels").into_iter().chain(deploy.and_then(|deploy| deploy.get("labels"))),
            ),
            optional: node.get("profiles").is_some_and(|node| !texts(node).is_empty()),
            read_only: is_true(node.get("read_only")),
            capabilities: node
                .get("cap_add")
                .map(texts)
                .unwrap_or_default()
                .into_iter()
                .map(|it| it.text)
                .collect(),
            grace_period: get("stop_grace_period"),
            others: others(node),
        }
    }

    fn ports(&mut self, service: &str, node: &Node) -> Vec<Port> {
        let mut ports = Vec::new();
        for node in items(node.get("ports")) {
            match self.port(node) {
                Some(mut found) => ports.append(&mut found),
                None => self.invalid(node, format!("a port of `{service}` is of no form that Compose knows")),
            }
        }
        for node in items(node.get("expose")) {
            let found = node.as_str().and_then(|text| self.range(text, None, node.origin.span));
            match found {
                Some(mut found) => ports.append(&mut found),
                None => self.invalid(node, format!("a port that `{service}` exposes is no port")),
            }
        }
        let mut seen = BTreeSet::new();
        ports.sort_by_key(|port| port.published.is_none());
        ports.retain(|port| seen.insert((port.container, port.protocol.clone())));
        ports
    }

    /// The ports of one entry: `[[address:]published:]container[/protocol]`, each a number or a range, or a mapping.
    fn port(&mut self, node: &Node) -> Option<Vec<Port>> {
        if node.as_table().is_some() {
            let get = |key: &str| node.get(key).and_then(Node::as_str);
            let target = self.fill(get("target")?);
            let protocol = get("protocol").unwrap_or("tcp");
            let published = get("published").map_or_else(String::new, |published| self.fill(published));
            let published = (!get("host_ip").is_some_and(is_loopback)).then_some(published);
            return self.range(&format!("{target}/{protocol}"), published.as_deref(), place(node));
        }
        let filled = self.fill(node.as_str()?);
        let (front, container) = filled.rsplit_once(':').unwrap_or(("", &filled));
        let (address, published) = front.rsplit_once(':').unwrap_or(("", front));
        // What only the machine itself reaches is published to nobody.
        self.range(container, (!is_loopback(address)).then_some(published), place(node))
    }

    /// `8000`, `8000-8010`, `53/udp`.
    fn range(&mut self, text: &str, published: Option<&str>, span: Option<Span>) -> Option<Vec<Port>> {
        let filled = self.fill(text);
        let (numbers, protocol) = filled.split_once('/').unwrap_or((&filled, "tcp"));
        let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
        let (first, last): (u16, u16) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if first == 0 || last < first || last - first > 1000 || !["tcp", "udp"].contains(&protocol) {
            return None;
        }
        let port = |container| Port {
            container,
            published: published.map(str::to_owned),
            protocol: protocol.to_uppercase(),
            span,
        };
        Some((first..=last).map(port).collect())
    }

    fn mounts(&mut self, service: &str, node: &Node) -> Vec<Mount> {
        let mut mounts = Vec::new();
        for node in items(node.get("volumes")) {
            match self.mount(node) {
                Some(mount) => mounts.push(mount),
                None => {
                    self.invalid(node, format!("a volume of `{service}` is of no form that Compose knows"));
                }
            }
        }
        for found in node.get("tmpfs").map(texts).unwrap_or_default() {
            let target = found.text.split(':').next().unwrap_or_default().to_owned();
            mounts.push(Mount { kind: MountKind::Memory, target, read_only: false, span: found.span });
        }
        mounts
    }

    fn mount(&mut self, node: &Node) -> Option<Mount> {
        let span = place(node);
        if node.as_table().is_some() {
            let get = |key: &str| node.get(key).and_then(Node::as_str);
            let source = get("source").map(|source| self.fill(source));
            let target = self.fill(get("target")?);
            let kind = match (get("type").unwrap_or("volume"), source) {
                ("volume", Some(source)) => MountKind::Volume(source),
                ("volume", None) => MountKind::Anonymous,
                ("bind", Some(source)) => MountKind::Bind(source),
                ("tmpfs", _) => MountKind::Memory,
                _ => return None,
            };
            return Some(Mount { kind, target, read_only: is_true(node.get("read_only")), span });
        }
        let filled = self.fill(node.as_str()?);
        let parts: Vec<&str> = filled.split(':').collect();
        let (source, target, mode) = match parts.as_slice() {
            [target] => (None, *target, ""),
            [source, target] => (Some(*source), *target, ""),
            [source, target, mode] => (Some(*source), *target, *mode),
            _ => return None,
        };
        let kind = match source {
            None => MountKind::Anonymous,
            Some(path) if path.starts_with(['.', '/', '~']) => MountKind::Bind(path.to_owned()),
            Some("") => return None,
            Some(name) => MountKind::Volume(name.to_owned()),
        };
        let read_only = mode.split(',').any(|word| word == "ro");
        target.starts_with('/').then(|| Mount { kind, target: target.to_owned(), read_only, span })
    }

    /// What names something that is not there.
    fn check(&mut self, project: &Project) {
        for (name, service) in &project.services {
            for dependency in &service.depends_on {
                if !project.services.contains_key(&dependency.service) {
                    let near = did_you_mean(&dependency.service, project.services.keys().map(String::as_str));
                    let message =
                        format!("`{name}` depends on `{}`, which is no service", dependency.service);
                    let problem = Diagnostic::new(&INVALID, message).at(dependency.span, "");
                    self.problems.push(problem.hint(near.map_or_else(
                        || "add the service, or take the name out".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    )));
                }
            }
        }
    }

    fn fill(&mut self, text: &str) -> String {
        // What has no value is said where it is used as a text; a figure without one is no figure.
        plain(text, self.values, &mut Vec::new())
    }

    fn invalid(&mut self, node: &Node, message: String) {
        let problem = Diagnostic::new(&INVALID, message)
            .at(node.origin.span.or(node.origin.key), "")
            .hint("see https://docs.docker.com/reference/compose-file/services/");
        self.problems.push(problem);
    }
}

fn fields(node: Option<&Node>) -> impl Iterator<Item = (&String, &Node)> {
    node.and_then(Node::as_table).into_iter().flatten()
}

fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.value) {
        Some(NodeValue::Array(items)) => items,
        _ => &[],
    }
}

fn text(node: &Node) -> Option<Text> {
    Some(Text { text: node.as_str()?.to_owned(), span: node.origin.span })
}

/// A text or a list of texts.
fn texts(node: &Node) -> Vec<Text> {
    texts_of(node, "")
}

/// A text, or a list of texts and of mappings that have one under `key`.
fn texts_of(node: &Node, key: &str) -> Vec<Text> {
    let one = text(node).into_iter();
    one.chain(items(Some(node)).iter().filter_map(|item| text(item).or_else(|| item.get(key).and_then(text))))
        .collect()
}

pub(super) fn is_true(node: Option<&Node>) -> bool {
    node.and_then(Node::as_str).is_some_and(|text| ["true", "yes", "on", "True", "TRUE"].contains(&text))
}

fn is_loopback(address: &str) -> bool {
    address.starts_with("127.") || matches!(address, "[::1]" | "::1" | "localhost")
}

fn is_false(node: &Node) -> bool {
    node.as_str().is_some_and(|text| ["false", "no", "off"].contains(&text))
}

/// `NAME=value` and `NAME: value`. A name by itself has its value from whoever starts Compose.
fn pairs(node: &Node) -> BTreeMap<String, Variable> {
    let listed = items(Some(node)).iter().filter_map(|item| {
        let (name, value) = match item.as_str()?.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (item.as_str()?, None),
        };
        Some((name.to_owned(), Variable { value, span: item.origin.span }))
    });
    let mapped = fields(Some(node)).map(|(name, item)| {
        let value = item.as_str().map(str::to_owned);
        (name.clone(), Variable { value, span: item.origin.span.or(item.origin.key) })
    });
    listed.chain(mapped).collect()
}

fn labels<'a>(nodes: impl Iterator<Item = &'a Node>) -> BTreeMap<String, Text> {
    let all = nodes.flat_map(pairs);
    all.map(|(key, it)| (key, Text { text: it.value.unwrap_or_default(), span: it.span })).collect()
}

fn build(node: &Node) -> Option<(Text, Option<Text>)> {
    if let Some(context) = text(node) {
        return Some((context, None));
    }
    let context = node.get("context").and_then(text);
    let here = Text { text: ".".to_owned(), span: node.origin.key };
    node.as_table().map(|_| (context.unwrap_or(here), node.get("dockerfile").and_then(text)))
}

/// A list as it is; a line is split as a shell would, without running one.
fn words(node: &Node) -> Option<Words> {
    let span = node.origin.span;
    match node.as_str() {
        Some(line) => Some(Words { words: split(line), span }),
        None if items(Some(node)).is_empty() => None,
        None => {
            let words = items(Some(node)).iter().filter_map(Node::as_str).map(str::to_owned).collect();
            Some(Words { words, span })
        }
    }
}

/// The words of a line: quotes keep words together, a backslash keeps the character after it.
pub(super) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut open, mut begun) = (String::new(), None, false);
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match (open, c) {
            (None, '\'' | '"') => (open, begun) = (Some(c), true),
            (Some(quote), c) if c == quote => open = None,
            (None | Some('"'), '\\') => word.extend(rest.next()),
            (None, c) if c.is_whitespace() => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (_, c) => word.push(c),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

fn networks(node: &Node) -> BTreeSet<String> {
    if let Some(mode) = node.get("network_mode").and_then(Node::as_str) {
        return BTreeSet::from([format!("network_mode: {mode}")]);
    }
    let Some(node) = node.get("networks") else { return BTreeSet::from(["default".to_owned()]) };
    let mapped = fields(Some(node)).map(|(name, _)| name.clone());
    let found: BTreeSet<String> = texts(node).into_iter().map(|it| it.text).chain(mapped).collect();
    if found.is_empty() { BTreeSet::from(["default".to_owned()]) } else { found }
}

fn aliases(node: &Node) -> BTreeSet<String> {
    let named = ["container_name", "hostname"].into_iter().filter_map(|key| node.get(key)).filter_map(text);
    let networks =
        fields(node.get("networks")).filter_map(|(_, network)| network.get("aliases")).flat_map(texts);
    named.chain(networks).map(|it| it.text).collect()
}

fn dependencies(node: &Node) -> Vec<Dependency> {
    let started = |it: Text| Dependency {
        service: it.text.split(':').next().unwrap_or_default().to_owned(),
        condition: Condition::Started,
        span: it.span,
    };
    let listed = node.get("depends_on").into_iter().flat_map(texts).map(started);
    let linked = node.get("links").into_iter().flat_map(texts).map(started);
    let mapped = fields(node.get("depends_on")).map(|(name, node)| Dependency {
        service: name.clone(),
        condition: match node.get("condition").and_then(Node::as_str) {
            Some("service_healthy") => Condition::Healthy,
            Some("service_completed_successfully") => Condition::Completed,
            _ => Condition::Started,
        },
        span: node.origin.key,
    });
    listed.chain(mapped).chain(linked).collect()
}

fn health(node: &Node) -> Option<Health> {
    if is_true(node.get("disable")) {
        return None;
    }
    let get = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let test = node.get("test")?;
    let words = match test.as_str() {
        Some(line) => vec!["CMD-SHELL".to_owned(), line.to_owned()],
        None => texts(test).into_iter().map(|it| it.text).collect(),
    };
    (words.first().map(String::as_str) != Some("NONE")).then(|| Health {
        test: words,
        interval: get("interval"),
        timeout: get("timeout"),
        retries: get("retries"),
        span: node.origin.key,
    })
}

fn resources(node: &Node) -> Resources {
    let deploy = node.get("deploy").and_then(|deploy| deploy.get("resources"));
    let of =
        |part: &str, key: &str| deploy.and_then(|it| it.get(part)).and_then(|it| it.get(key)).and_then(text);
    let get = |key: &str| node.get(key).and_then(text);
    Resources {
        cpu_request: of("reservations", "cpus"),
        cpu_limit: of("limits", "cpus").or_else(|| get("cpus")),
        memory_request: of("reservations", "memory").or_else(|| get("mem_reservation")),
        memory_limit: of("limits", "memory").or_else(|| get("mem_limit")),
    }
}

fn grants(node: Option<&Node>) -> Vec<Grant> {
    let grant = |item: &Node| {
        let source = item.as_str().or_else(|| item.get("source").and_then(Node::as_str))?;
        let target = item.get("target").and_then(Node::as_str).map(str::to_owned);
        Some(Grant { source: source.to_owned(), target, span: item.origin.span.or(item.origin.key) })
    };
    items(node).iter().filter_map(grant).collect()
}

/// The keys that are not read here, but for extensions, which mean nothing to Compose either.
fn others(node: &Node) -> Vec<Text> {
    let unknown =
        fields(Some(node)).filter(|(key, _)| !KNOWN.contains(&key.as_str()) && !key.starts_with("x-"));
    let own = unknown.map(|(key, node)| (key.clone(), node));
    let deploy = fields(node.get("deploy"))
        .filter(|(key, _)| !["labels", "mode", "replicas", "resources"].contains(&key.as_str()))
        .map(|(key, node)| (format!("deploy.{key}"), node));
    own.chain(deploy).map(|(text, node)| Text { text, span: node.origin.key.or(node.origin.span) }).collect()
}
