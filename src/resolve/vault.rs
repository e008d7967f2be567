//! Secrets that Vault's injector writes into pods: what a workload reads becomes annotations and templates of its pods.
//!
//! A variable that comes from a secret becomes a file `/vault/secrets/<VARIABLE>` (`/openbao/secrets/` with OpenBao), and so does one whose text refers to
//! such a variable, since Kubernetes cannot put the two together any more. No Secret exists then. Secrets that must be
//! Secrets stay contracts: those that a database of the platform starts with, those that are mounted as they are, and
//! certificates of routes.
//!
//! The annotations are those of <https://developer.hashicorp.com/vault/docs/deploy/kubernetes/injector/annotations>.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::CONFLICTING_KEYS;
use super::scope::Scope;
use super::{container, externals};
use crate::diag::Diagnostic;
use crate::model::{
    Action, Container, Controller, Edge, EdgePort, EnvFrom, EnvSource, EnvVar, External, Namespace, Peer,
    Resources, Route, Routing, Secret, Vault, VaultGrant, VaultSecret, VolumeSource, Workload,
};
use crate::names::{ConfigKey, DnsLabel};
use crate::source::{KeyPath, Segment};
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// The prefix of every annotation of the injector, from its source: HashiCorp's `vault-k8s` and its fork `openbao-k8s` differ in
/// nothing else that is used here.
const fn prefix(injector: Option<spec::Injector>) -> &'static str {
    match injector {
        None | Some(spec::Injector::Vault) => "vault.hashicorp.com/",
        Some(spec::Injector::Openbao) => "openbao.openbao.org/",
    }
}

/// How long the name of a template may be: an annotation's name has 63 characters, and `agent-inject-template-` takes 22.
const LONGEST_NAME: usize = 41;

/// What the rest of the model offers.
pub(super) struct Parts<'a> {
    /// The workloads; those that read secrets are changed.
    pub workloads: &'a mut [Workload],
    /// The contracts; those that Vault keeps leave the list.
    pub secrets: &'a mut Vec<Secret>,
    /// The routes, and what stands round them, for the Secrets that controllers read.
    pub routes: (&'a [Route], &'a Routing),
    /// What others run.
    pub externals: &'a [External],
    /// The namespaces.
    pub namespaces: &'a [Namespace],
}

/// A secret by namespace and name in the cluster.
type Kept = BTreeSet<(DnsLabel, String)>;

/// Writes annotations for every workload that reads a secret from Vault, where the platform keeps its secrets there.
/// Gives the Vault, and adds the edges to it.
#[expect(clippy::needless_pass_by_value, reason = "the parts are borrowed for this one call")]
pub(super) fn inject(scope: &mut Scope<'_>, parts: Parts<'_>, edges: &mut Vec<Edge>) -> Option<Vault> {
    let store = scope.spec.secret_store.as_ref()?;
    let everybody = store.kind == Some(spec::StoreKind::VaultAgent);
    let injected = injected(scope, everybody, parts.workloads);
    if !everybody && injected.is_empty() {
        return None;
    }
    let path = KeyPath::of(["secret-store", "vault"]);
    let agent = store.vault.clone().unwrap_or_default();
    let server = find(scope, &path, &agent, &parts)?;
    let mut vault = describe(scope, &path, &agent, &server);
    let kept = kept(&parts, &injected);
    let mut taken = Kept::new();
    for workload in parts.workloads.iter_mut().filter(|workload| injected.contains(&workload.source)) {
        let reader = Reader { secrets: parts.secrets, kept: &kept, mount: &vault.mount };
        let Some(found) = read(scope, workload, &reader) else { continue };
        taken.extend(found.names.iter().map(|name| (workload.namespace.clone(), name.clone())));
        let role = role(&agent, workload);
        annotate(
            workload,
            (&vault, prefix(agent.injector)),
            (&role, agent.pre_populate_only == Some(true)),
            &found,
        );
        let from = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
        let end = (&from, &workload.namespace);
        edges.extend(edge(scope, &workload.source, end, (&server, parts.namespaces)));
        vault.grants.push(VaultGrant {
            role,
            namespace: workload.namespace.clone(),
            account: workload.name.clone(),
            secrets: found.secrets.into_iter().collect(),
        });
    }
    parts.secrets.retain(|secret| {
        let place = place_of(secret);
        secret.provided || kept.contains(&place) || !(everybody || taken.contains(&place))
    });
    Some(vault)
}

/// The workloads whose secrets the agent writes: those that say so, and where the store is an agent's, all others too.
fn injected(scope: &Scope<'_>, everybody: bool, workloads: &[Workload]) -> BTreeSet<KeyPath> {
    let wants = |workload: &&Workload| {
        let key = workload.source.last_key().unwrap_or_default();
        let spec = scope.spec.workloads.as_ref().and_then(|all| all.get(key));
        is_own(workload) && spec.and_then(|spec| spec.agent).unwrap_or(everybody)
    };
    workloads.iter().filter(wants).map(|workload| workload.source.clone()).collect()
}

/// Where the secrets are kept.
enum Server<'a> {
    /// At a Vault of others.
    External(&'a External),
    /// In this platform: its URL, its pods, and the port that they are asked on.
    Own(String, Peer, EdgePort),
}

fn find<'a>(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    agent: &spec::VaultAgent,
    parts: &Parts<'a>,
) -> Option<Server<'a>> {
    match (&agent.workload, &agent.external) {
        (Some(key), None) => own(scope, path, key, parts.workloads),
        (Some(_), Some(_)) => {
            scope.one_of(path, &["external", "workload"]);
            None
        }
        _ => find_external(scope, path, agent, parts.externals).map(Server::External),
    }
}

/// The first port of its Service is its API: OpenBao's other one is for its peers.
fn own<'a>(scope: &mut Scope<'_>, path: &KeyPath, key: &str, workloads: &[Workload]) -> Option<Server<'a>> {
    let source = KeyPath::of(["workloads", key]);
    let Some(workload) = workloads.iter().find(|workload| workload.source == source) else {
        let known: Vec<String> = scope.spec.workloads.iter().flatten().map(|(key, _)| key.clone()).collect();
        scope.unknown(&path.key("workload"), &format!("workload `{key}`"), key, &known);
        return None;
    };
    let service = workload.services.first();
    let port = service.and_then(|service| service.ports.first());
    let pods = workload.containers.first().map_or(&[][..], |container| container.ports.as_slice());
    let pod_port = port.and_then(|port| pods.iter().find(|pod| pod.name == port.name));
    let (Some(service), Some(port), Some(pod_port)) = (service, port, pod_port) else {
        scope.unknown_port(&path.key("workload"), (key, "http"), &[]);
        return None;
    };
    let url = format!("http://{}.{}.svc:{}", service.name, workload.namespace, port.number);
    let pods = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
    Some(Server::Own(url, pods, EdgePort { number: pod_port.number, protocol: pod_port.protocol }))
}

fn edge(
    scope: &mut Scope<'_>,
    source: &KeyPath,
    (from, namespace): (&Peer, &DnsLabel),
    (server, namespaces): (&Server<'_>, &[Namespace]),
) -> Option<Edge> {
    match server {
        Server::External(external) => externals::edge(scope, source, (from, namespace), external, namespaces),
        Server::Own(_, to, port) => {
            Some(Edge { source: source.clone(), from: from.clone(), to: to.clone(), ports: vec![*port] })
        }
    }
}

fn find_external<'a>(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    agent: &spec::VaultAgent,
    externals: &'a [External],
) -> Option<&'a External> {
    let key = scope.required(path, "external", agent.external.as_deref())?;
    let found = externals.iter().find(|external| external.key == key);
    if found.is_none() {
        let known: Vec<String> = externals.iter().map(|external| external.key.clone()).collect();
        scope.unknown(&path.key("external"), &format!("external `{key}`"), key, &known);
    }
    found
}

fn describe(scope: &mut Scope<'_>, path: &KeyPath, agent: &spec::VaultAgent, server: &Server<'_>) -> Vault {
    let small = spec::Resources {
        cpu: Some("25m..100m".to_owned()),
        memory: Some("64Mi..128Mi".to_owned()),
        ephemeral_storage: None,
    };
    Vault {
        address: match server {
            Server::External(external) => externals::url(scope, external),
            Server::Own(url, ..) => url.clone(),
        },
        auth_path: agent.auth_path.clone().unwrap_or_else(|| "auth/kubernetes".to_owned()),
        mount: agent.mount.clone().unwrap_or_else(|| "secret".to_owned()),
        resources: container::resources(scope, path, Some(agent.resources.as_ref().unwrap_or(&small))),
        grants: Vec::new(),
    }
}

/// One Vault serves many namespaces, so a role that were called as its workload alone would be shared by environments.
fn role(agent: &spec::VaultAgent, workload: &Workload) -> String {
    let pattern = agent.role.as_deref().unwrap_or("<namespace>-<workload>");
    pattern.replace("<namespace>", workload.namespace.as_str()).replace("<workload>", workload.name.as_str())
}

/// Whether it is a workload of the user's; what runs databases reads no files of an agent.
fn is_own(workload: &Workload) -> bool {
    matches!(workload.source.segments().first(), Some(Segment::Key(noun)) if noun == "workloads")
}

fn place_of(secret: &Secret) -> (DnsLabel, String) {
    (secret.namespace.clone(), secret.name.to_string())
}

/// The secrets that must exist in the cluster.
fn kept(parts: &Parts<'_>, injected: &BTreeSet<KeyPath>) -> Kept {
    let mut kept = Kept::new();
    for workload in parts.workloads.iter() {
        let volumes = workload.volumes.iter().filter_map(|volume| match &volume.source {
            VolumeSource::Secret(name) | VolumeSource::Guarded { name, .. } => Some(name.clone()),
            _ => None,
        });
        kept.extend(volumes.map(|name| (workload.namespace.clone(), name)));
        let whole = workload.containers.iter().flat_map(|container| &container.env_from);
        let whole = whole.filter_map(|source| match source {
            EnvFrom::Secret(name) => Some(name.clone()),
            EnvFrom::Config(_) => None,
        });
        kept.extend(whole.map(|name| (workload.namespace.clone(), name)));
        let containers = workload.init.iter().chain(&workload.containers);
        let variables = containers.flat_map(|container| &container.env);
        let by_itself = !injected.contains(&workload.source);
        let read = variables.filter(|_| by_itself).filter_map(|variable| match &variable.source {
            EnvSource::Secret { name, .. } => Some(name.clone()),
            _ => None,
        });
        kept.extend(read.map(|name| (workload.namespace.clone(), name)));
    }
    let (routes, routing) = parts.routes;
    for route in routes {
        let tls = route.tls.as_ref().filter(|tls| tls.issuer.is_none());
        let secret = tls.and_then(|tls| tls.secret.as_ref());
        kept.extend(secret.map(|secret| (route.namespace.clone(), secret.to_string())));
    }
    kept.extend(of_routing(routing));
    kept.extend(parts.secrets.iter().filter(|secret| secret.provided).map(place_of));
    kept
}

/// The Secrets of listeners and of middlewares.
fn of_routing(routing: &Routing) -> impl Iterator<Item = (DnsLabel, String)> {
    let listeners = routing.gateway.iter().flat_map(|gateway| {
        let secrets = gateway.listeners.iter().filter_map(|listener| listener.tls.as_ref());
        secrets.map(|(_, secret)| (gateway.namespace.clone(), secret.to_string()))
    });
    let middlewares = routing.middlewares.iter().filter_map(|middleware| match &middleware.action {
        Action::BasicAuth { secret, .. } => Some((middleware.namespace.clone(), secret.clone())),
        _ => None,
    });
    listeners.chain(middlewares)
}

/// What a workload needs to know to read a secret.
struct Reader<'a> {
    secrets: &'a [Secret],
    kept: &'a Kept,
    mount: &'a str,
}

impl Reader<'_> {
    /// Where a key of a Secret lies in Vault; `None` for what stays a Secret.
    fn locate(&self, namespace: &DnsLabel, name: &str, key: &ConfigKey) -> Option<VaultSecret> {
        if self.kept.contains(&(namespace.clone(), name.to_owned())) {
            return None;
        }
        let here = |secret: &&Secret| secret.namespace == *namespace && secret.name.as_str() == name;
        let secret = self.secrets.iter().find(here)?;
        let found = secret.keys.iter().find(|known| known.name == *key)?;
        let (path, field) = found.remote.split_once('#').unwrap_or((&found.remote, key.as_str()));
        let field = ConfigKey::parse(field).unwrap_or_else(|_| key.clone());
        Some(VaultSecret { path: path.to_owned(), field, description: found.description.clone() })
    }

    fn template(&self, secret: &VaultSecret) -> String {
        let (mount, path, field) = (self.mount, &secret.path, &secret.field);
        format!(
            "{{{{ with secret \"{mount}/data/{path}\" }}}}{{{{ index .Data.data \"{field}\" }}}}{{{{ end }}}}"
        )
    }
}

/// What the agent of a pod writes.
#[derive(Default)]
struct Found {
    /// Each file: the first secret in it, and its template.
    files: BTreeMap<String, (String, String)>,
    secrets: BTreeSet<VaultSecret>,
    /// The Secrets that need not be there for it.
    names: BTreeSet<String>,
    before_init: bool,
}

fn read(scope: &mut Scope<'_>, workload: &mut Workload, reader: &Reader<'_>) -> Option<Found> {
    let mut found = Found::default();
    let (source, namespace) = (workload.source.clone(), workload.namespace.clone());
    for container in &mut workload.init {
        take(scope, (&source, &namespace), container, reader, &mut found);
    }
    found.before_init = !found.files.is_empty();
    for container in &mut workload.containers {
        take(scope, (&source, &namespace), container, reader, &mut found);
    }
    (!found.files.is_empty()).then_some(found)
}

/// A variable that was looked at already.
enum Known {
    /// Its text.
    Plain(String),
    /// The path of a secret in it, and its template.
    Template(String, String),
    /// Something that only Kubernetes can put in: a Secret, a field of the pod.
    Opaque,
}

/// Takes the variables out of a container that an agent writes as files.
fn take(
    scope: &mut Scope<'_>,
    (source, namespace): (&KeyPath, &DnsLabel),
    container: &mut Container,
    reader: &Reader<'_>,
    found: &mut Found,
) {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let mut left = Vec::new();
    for variable in std::mem::take(&mut container.env) {
        let name = variable.name.to_string();
        let became = look(scope, (source, namespace), &variable, reader, (&known, found));
        match &became {
            Known::Template(path, template) => {
                add(scope, source, &name, (path, template), found);
            }
            Known::Plain(_) | Known::Opaque => left.push(variable),
        }
        known.insert(name, became);
    }
    container.env = left;
}

fn look(
    scope: &mut Scope<'_>,
    (source, namespace): (&KeyPath, &DnsLabel),
    variable: &EnvVar,
    reader: &Reader<'_>,
    (known, found): (&BTreeMap<String, Known>, &mut Found),
) -> Known {
    match &variable.source {
        EnvSource::Secret { name, key } => match reader.locate(namespace, name, key) {
            Some(secret) => {
                let template = reader.template(&secret);
                let path = format!("{}/data/{}", reader.mount, secret.path);
                found.secrets.insert(secret);
                found.names.insert(name.clone());
                Known::Template(path, template)
            }
            None => Known::Opaque,
        },
        EnvSource::Value(text) => match compose(text, known) {
            Composed::Plain => Known::Plain(text.clone()),
            Composed::Template(path, template) => Known::Template(path, template),
            Composed::Mixed(other) => {
                let at = source.key("env").key(variable.name.as_str());
                let message = format!("`{at}` puts together a secret of Vault and `{other}`, which is none");
                let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&at), "");
                scope.report(problem.hint("keep both in one place, or let the program put them together"));
                Known::Opaque
            }
        },
        _ => Known::Opaque,
    }
}

/// What a text with `$(OTHER)` in it becomes.
enum Composed {
    Plain,
    Template(String, String),
    Mixed(String),
}

fn compose(text: &str, known: &BTreeMap<String, Known>) -> Composed {
    let mut template = String::new();
    let mut path = None;
    let mut opaque = None;
    let mut rest = text;
    while let Some((before, name, after)) = reference(rest) {
        template.push_str(&literal(before));
        match known.get(name) {
            Some(Known::Template(of, other)) => {
                template.push_str(other);
                path.get_or_insert_with(|| of.clone());
            }
            Some(Known::Plain(value)) => template.push_str(&literal(value)),
            Some(Known::Opaque) => opaque = Some(name.to_owned()),
            None => template.push_str(&literal(&format!("$({name})"))),
        }
        rest = after;
    }
    template.push_str(&literal(rest));
    match (path, opaque) {
        (None, _) => Composed::Plain,
        (Some(_), Some(other)) => Composed::Mixed(other),
        (Some(path), None) => Composed::Template(path, template),
    }
}

/// The first `$(NAME)` of a text: what stands before it, the name, and what stands after.
fn reference(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("$(")?;
    let (name, after) = rest.split_once(')')?;
    Some((before, name, after))
}

/// A text as a Go template that gives it.
fn literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn add(
    scope: &mut Scope<'_>,
    source: &KeyPath,
    name: &str,
    (path, template): (&str, &str),
    found: &mut Found,
) {
    let at = source.key("env").key(name);
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.len() > LONGEST_NAME || !name.chars().all(legal) {
        let message = format!("`{at}` is no name that an annotation of Vault's injector can hold");
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&at), "");
        scope.report(problem.hint(format!("use at most {LONGEST_NAME} letters, digits and `-_.`")));
    }
    let file = (path.to_owned(), template.to_owned());
    if found.files.get(name).is_some_and(|other| *other != file) {
        let message = format!("two containers of `{source}` read different secrets as `{name}`");
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&at), "");
        scope.report(problem.hint("all containers of a pod share the files: use two names"));
    }
    found.files.insert(name.to_owned(), file);
}

/// The agent runs in the pod, so it needs the token of the pod's service account. A Job's agent must end with it.
fn annotate(
    workload: &mut Workload,
    (vault, prefix): (&Vault, &str),
    (role, once): (&str, bool),
    found: &Found,
) {
    workload.api_access = true;
    let once = once || matches!(workload.controller, Controller::Job | Controller::CronJob { .. });
    let mut set = |name: &str, value: &str| {
        workload.pod_annotations.insert(format!("{prefix}{name}"), value.to_owned());
    };
    set("agent-inject", "true");
    set("service", &vault.address);
    set("auth-path", &vault.auth_path);
    set("role", role);
    set("preserve-secret-case", "true");
    if once {
        set("agent-pre-populate-only", "true");
    }
    if found.before_init {
        set("agent-init-first", "true");
    }
    for (name, value) in resources(&vault.resources) {
        set(&name, &value);
    }
    for (name, (path, template)) in &found.files {
        set(&format!("agent-inject-secret-{name}"), path);
        set(&format!("agent-inject-template-{name}"), template);
    }
}

fn resources(resources: &Resources) -> Vec<(String, String)> {
    let side = |side: &'static str, amounts: &[(&'static str, crate::names::Quantity)]| {
        let named = amounts.iter().filter_map(move |(name, amount)| {
            let word = match *name {
                "cpu" => "cpu",
                "memory" => "mem",
                _ => return None,
            };
            Some((format!("agent-{side}-{word}"), amount.to_string()))
        });
        named.collect::<Vec<_>>()
    };
    [side("requests", &resources.requests), side("limits", &resources.limits)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_put_together_by_the_agent_where_a_part_of_it_is_a_secret() {
        let known = BTreeMap::from([
            ("P".to_owned(), Known::Template("s/data/x".to_owned(), "{{ p }}".to_owned())),
            ("H".to_owned(), Known::Plain("db".to_owned())),
            ("O".to_owned(), Known::Opaque),
        ]);
        let Composed::Template(path, text) = compose("h=$(H);p=$(P);q=$(Q);{{", &known) else {
            panic!("a secret makes a template")
        };
        assert_eq!((path.as_str(), text.as_str()), ("s/data/x", "h=db;p={{ p }};q=$(Q);{{ \"{{\" }}"));
        assert!(matches!(compose("h=$(H)", &known), Composed::Plain));
        assert!(matches!(compose("$(P)$(O)", &known), Composed::Mixed(name) if name == "O"));
    }
}
