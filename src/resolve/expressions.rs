//! Evaluates the expressions in the strings of a merged document.
//!
//! First the variables, then what entities are called, then everything else, which may refer to entities. Expressions
//! are fuelled and see no file. A template file is evaluated with the same values.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde_json::{Map, Value, json};

use super::Input;
use super::codes::{TEMPLATE_ENDLESS, TEMPLATE_ERROR, UNDEFINED_VARIABLE};
use super::{engine, externals};
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{FileId, KeyPath, Node, NodeValue, Segment, Sources, Span};

/// Enough for a template of some ten thousand steps; a real one takes a few hundred.
const FUEL: u64 = 200_000;

/// What an entity is called: the keys that are evaluated before entities can be referred to.
const IDENTITY: [(&str, &[&str]); 6] = [
    ("namespaces", &["name"]),
    ("databases", &["name", "namespace", "user", "database", "external"]),
    ("workloads", &["name", "namespace"]),
    ("routes", &["host"]),
    ("externals", &["namespace", "service", "host", "hosts", "public-url", "scheme"]),
    ("oidc-clients", &["provider", "realm", "client-id", "audience"]),
];

/// Evaluates every expression of the document in place and gives what went wrong.
pub(super) fn evaluate(document: &mut Node, input: Input<'_>) -> Vec<Diagnostic> {
    let mut evaluator = Evaluator::new(input.sources);
    let mut values = evaluator.variables(document);
    let known = Known::new(values.clone());
    for (noun, keys) in IDENTITY {
        let entities =
            document.as_table_mut().and_then(|fields| fields.get_mut(noun)).and_then(Node::as_table_mut);
        for (name, entity) in entities.into_iter().flatten() {
            let fields =
                entity.as_table_mut().into_iter().flatten().filter(|(key, _)| keys.contains(&key.as_str()));
            fields.for_each(|(key, field)| evaluator.walk(field, &KeyPath::of([noun, name, key]), &known));
        }
    }
    if evaluator.problems.is_empty() {
        add_entities(&mut values, document);
        let known = Known::new(values);
        evaluator.walk(document, &KeyPath::root(), &known);
        if evaluator.problems.is_empty() {
            evaluator.files(document, input, &known);
        }
    }
    evaluator.problems
}

/// What expressions may use: as minijinja reads it, and as plain JSON for suggestions.
struct Known {
    json: Value,
    jinja: minijinja::Value,
}

impl Known {
    fn new(json: Value) -> Self {
        Self { jinja: context(&json), json }
    }
}

fn context(json: &Value) -> minijinja::Value {
    minijinja::Value::from(minijinja::value::Serde(json))
}

struct Evaluator<'a> {
    jinja: Environment<'static>,
    sources: &'a Sources,
    problems: Vec<Diagnostic>,
}

impl<'a> Evaluator<'a> {
    fn new(sources: &'a Sources) -> Self {
        let mut jinja = Environment::new();
        jinja.set_undefined_behavior(UndefinedBehavior::Strict);
        jinja.set_fuel(Some(FUEL));
        if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
            jinja.set_syntax(syntax);
        }
        jinja.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        Self { jinja, sources, problems: Vec::new() }
    }

    /// Evaluates `[vars]`, which may refer to one another in any order, and gives what expressions may use so far.
    fn variables(&mut self, document: &mut Node) -> Value {
        let mut known = json!({
            "platform": document.get("platform").map_or_else(|| json!({}), Node::to_json),
            "env": environment(document),
            "vars": {},
        });
        let Some(vars) =
            document.as_table_mut().and_then(|fields| fields.get_mut("vars")).and_then(Node::as_table_mut)
        else {
            return known;
        };
        let mut waiting: Vec<&String> = vars.keys().collect();
        let mut values: BTreeMap<String, Node> = BTreeMap::new();
        loop {
            let before = waiting.len();
            waiting.retain(|name| {
                let mut attempt = vars[*name].clone();
                let ready = self.attempt(&mut attempt, &known).is_ok();
                if ready {
                    insert_aliased(&mut known["vars"], name, attempt.to_json());
                    values.insert((*name).clone(), attempt);
                }
                !ready
            });
            if waiting.len() == before || waiting.is_empty() {
                break;
            }
        }
        let so_far = Known::new(known);
        for name in waiting {
            self.walk(&mut vars[name.as_str()].clone(), &KeyPath::of(["vars", name]), &so_far);
        }
        vars.extend(values);
        so_far.json
    }

    fn attempt(&self, node: &mut Node, known: &Value) -> Result<(), minijinja::Error> {
        let NodeValue::String(text) = &mut node.value else { return Ok(()) };
        if is_expression(text) {
            *text = self.jinja.render_str(text, context(known))?;
        }
        Ok(())
    }

    fn walk(&mut self, node: &mut Node, path: &KeyPath, known: &Known) {
        match &mut node.value {
            NodeValue::String(text) if is_expression(text) && !is_prose(path) => {
                match self.jinja.render_str(text, known.jinja.clone()) {
                    Ok(result) => *text = result,
                    Err(error) => {
                        let inner = node.origin.span.map(|span| inside(self.sources, span, text));
                        let problem = self.explain(&error, text, inner, known);
                        self.problems.push(problem);
                    }
                }
            }
            NodeValue::Table(fields) => {
                fields.iter_mut().for_each(|(key, child)| self.walk(child, &path.key(key), known));
            }
            NodeValue::Array(items) => {
                items.iter_mut().enumerate().for_each(|(at, child)| self.walk(child, &path.index(at), known));
            }
            _ => {}
        }
    }

    /// Puts the texts of the files that configs and resources name into the document, templates evaluated.
    fn files(&mut self, document: &mut Node, input: Input<'_>, known: &Known) {
        let Some(fields) = document.as_table_mut() else { return };
        let configs = fields.get_mut("configs").and_then(Node::as_table_mut).into_iter().flatten();
        for (_, config) in configs {
            let files =
                config.as_table_mut().and_then(|config| config.get_mut("files")).and_then(Node::as_table_mut);
            files.into_iter().flatten().for_each(|(_, file)| self.file(file, input, known));
        }
        if let Some(NodeValue::Array(resources)) = fields.get_mut("resources").map(|node| &mut node.value) {
            let templates = resources.iter_mut().filter_map(|item| item.as_table_mut()?.get_mut("template"));
            templates.for_each(|file| self.file(file, input, known));
        }
    }

    fn file(&mut self, node: &mut Node, input: Input<'_>, known: &Known) {
        let Some(path) = node.as_str().map(str::to_owned) else { return };
        let Some(file) = input.files.get(&path).copied() else { return };
        let text = input.sources.text(file);
        if !has_extension(&path, "j2") {
            node.value = NodeValue::String(text.to_owned());
            return;
        }
        match self.jinja.render_str(text, known.jinja.clone()) {
            Ok(result) => node.value = NodeValue::String(result),
            Err(error) => {
                let whole = Inside { file, start: 0, exact: true };
                let problem =
                    self.explain(&error, text, Some(whole), known).at(node.origin.span, "named here");
                self.problems.push(problem);
            }
        }
    }

    fn explain(
        &self,
        error: &minijinja::Error,
        text: &str,
        inside: Option<Inside>,
        known: &Known,
    ) -> Diagnostic {
        let range = error.range().filter(|range| text.get(range.clone()).is_some());
        let span = inside.map(|inside| inside.span(range.clone(), text));
        let part = range.and_then(|range| text.get(range)).unwrap_or(text).trim();
        match error.kind() {
            ErrorKind::UndefinedError => {
                let (what, hint) = undefined(part, &known.json);
                Diagnostic::new(&UNDEFINED_VARIABLE, format!("`{what}` is undefined"))
                    .at(span, "")
                    .maybe_hint(hint)
            }
            ErrorKind::OutOfFuel => {
                Diagnostic::new(&TEMPLATE_ENDLESS, "the template does not end").at(span, "stopped here")
            }
            kind => {
                let message =
                    error.detail().map_or_else(|| kind.to_string(), |detail| format!("{kind}: {detail}"));
                Diagnostic::new(&TEMPLATE_ERROR, message).at(span, "")
            }
        }
    }
}

/// A text that stands inside a file: where, and whether its bytes are those of the file one for one.
#[derive(Clone, Copy)]
struct Inside {
    file: FileId,
    start: usize,
    exact: bool,
}

impl Inside {
    fn span(self, range: Option<std::ops::Range<usize>>, text: &str) -> Span {
        let range = range.filter(|_| self.exact).unwrap_or(0..text.len());
        Span { file: self.file, start: self.start + range.start, end: self.start + range.end }
    }
}

/// Where the content of a TOML string begins: after its quotes, if nothing in it is escaped.
fn inside(sources: &Sources, span: Span, text: &str) -> Inside {
    let written = sources.snippet(span);
    match written.find(text) {
        Some(offset) => Inside { file: span.file, start: span.start + offset, exact: true },
        None => Inside { file: span.file, start: span.start, exact: false },
    }
}

fn is_expression(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// Texts that people read and that are not evaluated.
fn is_prose(path: &KeyPath) -> bool {
    matches!(path.segments().first(), Some(Segment::Key(key)) if key == "decisions" || key == "allow")
}

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, last)| last.eq_ignore_ascii_case(extension))
}

/// The first part of `a.b.c` that does not exist, and what may have been meant.
fn undefined(expression: &str, known: &Value) -> (String, Option<String>) {
    let name: String = expression
        .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_')
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
        .collect();
    let mut value = known;
    let mut seen = String::new();
    for part in name.split('.') {
        let Some(fields) = value.as_object() else { break };
        let full = if seen.is_empty() { part.to_owned() } else { format!("{seen}.{part}") };
        match fields.get(part) {
            Some(next) => value = next,
            None => {
                let near = did_you_mean(part, fields.keys().map(String::as_str)).map(|near| {
                    let better = if seen.is_empty() { near.to_owned() } else { format!("{seen}.{near}") };
                    format!("did you mean `{better}`?")
                });
                let choices: Vec<&str> =
                    fields.keys().map(String::as_str).filter(|key| !key.contains('-')).collect();
                return (full, near.or_else(|| Some(format!("there is: {}", choices.join(", ")))));
            }
        }
        seen = full;
    }
    (if name.is_empty() { expression.to_owned() } else { name }, None)
}

/// What `env` is in expressions: the name of the environment and its cluster.
fn environment(document: &Node) -> Value {
    let environment = document.get("environment").map_or_else(|| json!({}), Node::to_json);
    let cluster =
        |key: &str| environment.pointer(&format!("/cluster/{key}")).cloned().unwrap_or_else(|| json!(""));
    json!({
        "name": environment.get("name").cloned().unwrap_or_else(|| json!("base")),
        "cluster": cluster("kind"),
        "nodes": cluster("nodes"),
        "region": cluster("region"),
    })
}

/// Adds what may be said of entities: names, hosts, ports.
fn add_entities(known: &mut Value, document: &Node) {
    let namespaces: BTreeMap<String, String> = entities(document, "namespaces")
        .map(|(key, node)| (key.clone(), text(node, "name").unwrap_or(key).to_owned()))
        .collect();
    let place = |key: &str, node: &Node| {
        let name = text(node, "name").unwrap_or(key).to_owned();
        let namespace =
            text(node, "namespace").and_then(|key| namespaces.get(key)).cloned().unwrap_or_default();
        let host = format!("{name}.{namespace}.svc.cluster.local");
        json!({"name": name, "namespace": namespace, "host": host})
    };
    let mut nouns = Map::new();
    nouns.insert(
        "namespaces".to_owned(),
        by_key(namespaces.iter().map(|(key, name)| (key, json!({"name": name})))),
    );
    nouns.insert(
        "databases".to_owned(),
        by_key(entities(document, "databases").map(|(key, node)| (key, database(place(key, node), node)))),
    );
    nouns.insert(
        "workloads".to_owned(),
        by_key(entities(document, "workloads").map(|(key, node)| (key, workload(place(key, node), node)))),
    );
    nouns.insert(
        "routes".to_owned(),
        by_key(entities(document, "routes").map(|(key, node)| (key, route(node)))),
    );
    neighbours(&mut nouns, document, &namespaces);
    if let Some(known) = known.as_object_mut() {
        known.extend(nouns);
    }
}

fn entities<'a>(document: &'a Node, noun: &str) -> impl Iterator<Item = (&'a String, &'a Node)> {
    document.get(noun).and_then(Node::as_table).into_iter().flatten()
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::as_str)
}

fn database(mut place: Value, node: &Node) -> Value {
    let external = node
        .get("external")
        .filter(|external| external.get("enabled").is_none_or(|on| on.to_json() != json!(false)));
    let port = external.and_then(|external| external.get("port")).or_else(|| node.get("port"));
    place["port"] = port.map_or(Value::Null, Node::to_json);
    for key in ["user", "database"] {
        place[key] = json!(text(node, key).unwrap_or(""));
    }
    let host = external.and_then(|external| text(external, "host")).unwrap_or("");
    place["external_host"] = json!(host);
    let certificate = external.and_then(|external| text(external, "certificate-name"));
    place["certificate_name"] = json!(certificate.unwrap_or(host));
    if let Some(engine) = text(node, "engine").and_then(engine::find) {
        place["scheme"] = json!(engine.scheme);
    }
    place
}

fn workload(mut place: Value, node: &Node) -> Value {
    let ports: BTreeMap<&String, Value> = node
        .get("ports")
        .and_then(Node::as_table)
        .into_iter()
        .flatten()
        .filter_map(|(name, port)| {
            Some((name, port.get("port").or_else(|| port.get("container"))?.to_json()))
        })
        .collect();
    let main = ports.get(&"http".to_owned()).or_else(|| ports.values().next());
    if let Some(port) = main {
        let host = place["host"].as_str().unwrap_or_default().to_owned();
        let suffix = if *port == json!(80) { String::new() } else { format!(":{port}") };
        place["url"] = json!(format!("http://{host}{suffix}"));
    }
    place["ports"] = by_key(ports.iter().map(|(name, port)| (*name, port.clone())));
    place
}

fn route(node: &Node) -> Value {
    let host = text(node, "host").unwrap_or("");
    let tls =
        node.get("tls").is_some_and(|tls| tls.get("enabled").is_none_or(|on| on.to_json() != json!(false)));
    let scheme = if tls { "https" } else { "http" };
    json!({"host": host, "url": format!("{scheme}://{host}")})
}

/// What may be said of what others run.
fn neighbours(nouns: &mut Map<String, Value>, document: &Node, namespaces: &BTreeMap<String, String>) {
    let externals: BTreeMap<&String, Value> =
        entities(document, "externals").map(|(key, node)| (key, external(key, node, namespaces))).collect();
    let clients: Vec<(&String, Value)> = entities(document, "oidc-clients")
        .map(|(key, node)| (key, oidc_client(key, node, &externals)))
        .collect();
    nouns.insert("externals".to_owned(), by_key(externals.into_iter()));
    nouns.insert("oidc_clients".to_owned(), by_key(clients.into_iter()));
}

fn external(key: &str, node: &Node, namespaces: &BTreeMap<String, String>) -> Value {
    let enabled = node.get("enabled").is_none_or(|on| on.to_json() != json!(false));
    let number = |key: &str| node.get(key).and_then(|node| node.to_json().as_u64()?.try_into().ok());
    let (host, scheme, usual) = if let Some(host) = text(node, "host") {
        (host.to_owned(), "https", 443)
    } else {
        let service = text(node, "service").unwrap_or(key);
        let namespace = text(node, "namespace").and_then(|key| namespaces.get(key));
        let namespace = namespace.map(String::as_str).unwrap_or_default();
        (format!("{service}.{namespace}.svc.cluster.local"), "http", 80)
    };
    let port: u16 = number("port").unwrap_or(usual);
    let url = externals::url_of(text(node, "scheme").unwrap_or(scheme), &host, port);
    let public = text(node, "public-url").unwrap_or(&url).trim_end_matches('/').to_owned();
    json!({"host": host, "port": port, "url": url, "public_url": public, "enabled": enabled})
}

/// The addresses of a client's realm, in the layout of Keycloak
/// (<https://www.keycloak.org/securing-apps/oidc-layers>). A token names the public one as its issuer, whichever way it was
/// fetched.
fn oidc_client(key: &str, node: &Node, externals: &BTreeMap<&String, Value>) -> Value {
    let id = text(node, "client-id").unwrap_or(key);
    let provider = text(node, "provider").unwrap_or_default().to_owned();
    let provider = externals.get(&provider);
    let base = |key: &str| provider.and_then(|provider| provider[key].as_str()).unwrap_or_default();
    let realm = text(node, "realm").unwrap_or_default();
    json!({
        "id": id,
        "audience": text(node, "audience").unwrap_or(id),
        "realm": realm,
        "issuer": format!("{}/realms/{realm}", base("public_url")),
        "metadata_url": format!("{}/realms/{realm}/.well-known/openid-configuration", base("url")),
    })
}

fn by_key<'a>(entries: impl Iterator<Item = (&'a String, Value)>) -> Value {
    let mut table = json!({});
    for (key, value) in entries {
        insert_aliased(&mut table, key, value);
    }
    table
}

/// Inserts under the key and, since an expression reads a hyphen as minus, under the key with `_` for `-`.
fn insert_aliased(table: &mut Value, key: &str, value: Value) {
    if let Some(fields) = table.as_object_mut() {
        if key.contains('-') {
            fields.insert(key.replace('-', "_"), value.clone());
        }
        fields.insert(key.to_owned(), value);
    }
}
