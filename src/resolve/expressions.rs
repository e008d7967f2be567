//! Evaluates the expressions in the strings of a merged document.
//!
//! First the variables, then what entities are called, then everything else, which may refer to entities. Expressions
//! are fuelled and see no file. A template file is evaluated with the same values. A text whose expression fails stays
//! as it is, and is noted as damage.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};

use super::regions::{self, Fanned};
use super::template_error::explain;
use super::{Input, engine, externals, hot_settings, variables};
use crate::diag::Diagnostic;
use crate::source::{Damage, FileId, KeyPath, Node, NodeValue, Segment, Sources, Span};
use crate::value::{Map, Value, json};

/// Enough for a template of some ten thousand steps; a real one takes a few hundred.
const FUEL: u64 = 200_000;

/// What an entity is called: the keys that are evaluated before entities can be referred to.
const IDENTITY: [(&str, &[&str]); 8] = [
    ("namespaces", &["name"]),
    ("databases", &["name", "namespace", "user", "database", "external"]),
    ("workloads", &["name", "namespace"]),
    ("keycloaks", &["name", "namespace", "public-url"]),
    ("kafkas", &["name", "namespace"]),
    ("routes", &["host"]),
    ("externals", &["namespace", "service", "host", "hosts", "public-url", "scheme"]),
    ("oidc-clients", &["provider", "realm", "client-id", "audience"]),
];

/// Evaluates every expression of the document in place, notes what failed in `damage`, and gives what went wrong.
pub(super) fn evaluate(
    document: &mut Node,
    (input, fanned): (Input<'_>, &Fanned),
    damage: &mut Damage,
) -> Vec<Diagnostic> {
    let mut evaluator = Evaluator::new(input.sources, damage);
    let known = json!({
        "platform": document.get("platform").map_or_else(|| json!({}), Node::to_json),
        "env": environment(document),
        "vars": {},
    });
    let mut values = variables::evaluate(&mut evaluator, document, known);
    let known = Known::new(values.clone());
    if let Some(regions) = document.as_table_mut().and_then(|fields| fields.get_mut("regions")) {
        evaluator.walk(regions, &KeyPath::of(["regions"]), &known);
    }
    values["regions"] = regions(document);
    let known = Regional::new(values.clone(), fanned);
    for (noun, keys) in IDENTITY {
        let entities =
            document.as_table_mut().and_then(|fields| fields.get_mut(noun)).and_then(Node::as_table_mut);
        for (name, entity) in entities.into_iter().flatten() {
            let region = text(entity, "region").map(str::to_owned);
            let fields =
                entity.as_table_mut().into_iter().flatten().filter(|(key, _)| keys.contains(&key.as_str()));
            let known = known.of(region.as_deref());
            fields.for_each(|(key, field)| evaluator.walk(field, &KeyPath::of([noun, name, key]), known));
        }
    }
    add_entities(&mut values, document);
    let known = Regional::new(values, fanned);
    let (shape, tenants) = (take(document, "tenant"), take(document, "tenants"));
    evaluator.entities(document, &known);
    evaluator.files(document, input, known.of(None));
    // The shape keeps its expressions: they mean something for one tenant at a time.
    put(document, "tenant", shape);
    put(document, "tenants", tenants.map(|tenants| evaluator.tenants(tenants, known.of(None))));
    evaluator.problems
}

/// What expressions may use in a document whose expressions are evaluated already.
pub(super) fn known(document: &Node) -> Known<'static> {
    let table = |key: &str| document.get(key).map_or_else(|| json!({}), Node::to_json);
    let mut vars = json!({});
    for (name, value) in table("vars").as_object().into_iter().flatten() {
        insert_aliased(&mut vars, name, value.clone());
    }
    let mut values = json!({"platform": table("platform"), "env": environment(document), "vars": vars});
    add_entities(&mut values, document);
    let jinja = context(&values);
    // Suggestions know that there is a tenant, and each brings its own.
    values["tenant"] = json!({"name": "", "title": ""});
    Known { json: std::borrow::Cow::Owned(values), jinja }
}

/// Evaluates the expressions of one tenant in place, and gives what went wrong.
pub(super) fn evaluate_tenant(tenant: &mut Node, name: &str, known: &Known<'_>) -> Vec<Diagnostic> {
    let (sources, mut damage) = (Sources::default(), Damage::default());
    let mut evaluator = Evaluator::new(&sources, &mut damage);
    evaluator.tenant((name, tenant), known, &known.json);
    evaluator.problems
}

fn take(document: &mut Node, key: &str) -> Option<Node> {
    document.as_table_mut()?.remove(key)
}

fn put(document: &mut Node, key: &str, node: Option<Node>) {
    if let (Some(fields), Some(node)) = (document.as_table_mut(), node) {
        fields.insert(key.to_owned(), node);
    }
}

/// What expressions may use: as minijinja reads it, and as plain JSON for suggestions.
pub(super) struct Known<'a> {
    json: std::borrow::Cow<'a, Value>,
    jinja: minijinja::Value,
}

impl<'a> Known<'a> {
    fn new(json: Value) -> Self {
        Self { jinja: context(&json), json: std::borrow::Cow::Owned(json) }
    }

    /// Expressions may use `narrow`, and suggestions come from all of `wide`.
    pub(super) fn over(narrow: &Value, wide: &'a Value) -> Self {
        Self { jinja: context(narrow), json: std::borrow::Cow::Borrowed(wide) }
    }
}

/// What expressions may use outside every region, and in each.
struct Regional<'a> {
    anywhere: Known<'a>,
    within: BTreeMap<String, Known<'a>>,
}

impl Regional<'_> {
    /// In a region, `region` is that region, and what fanned out is called by the key that the user gave it.
    fn new(values: Value, fanned: &Fanned) -> Self {
        let mut within = BTreeMap::new();
        for (key, region) in values["regions"].as_object().into_iter().flatten() {
            let mut values = values.clone();
            values["region"] = region.clone();
            for noun in ["databases", "workloads"] {
                for (short, copy) in fanned.copies_in(key) {
                    let own = values.get(noun).and_then(|entities| entities.get(&copy)).cloned();
                    own.into_iter().for_each(|own| insert_aliased(&mut values[noun], short, own));
                }
            }
            within.insert(key.to_string(), Known::new(values));
        }
        Self { anywhere: Known::new(values), within }
    }

    fn of(&self, region: Option<&str>) -> &Known<'_> {
        region.and_then(|region| self.within.get(region)).unwrap_or(&self.anywhere)
    }
}

/// The regions that are there: their keys, labels and countries.
fn regions(document: &Node) -> Value {
    let enabled = entities(document, "regions")
        .filter(|(_, node)| node.get("enabled").is_none_or(|on| on.to_json() != json!(false)));
    let one = |(key, node): (&String, &Node)| {
        let countries = node.get("countries").map_or_else(|| json!([]), Node::to_json);
        (
            key.clone(),
            json!({"key": key, "label": text(node, "label").unwrap_or(key), "countries": countries}),
        )
    };
    Value::Object(enabled.map(one).collect())
}

fn context(json: &Value) -> minijinja::Value {
    minijinja::Value::from(minijinja::value::Serde(json))
}

/// Evaluates texts, and remembers what failed.
pub(super) struct Evaluator<'a> {
    /// What went wrong so far.
    pub(super) problems: Vec<Diagnostic>,
    jinja: Environment<'static>,
    sources: &'a Sources,
    damage: &'a mut Damage,
    failures: usize,
    lost: BTreeSet<String>,
}

impl<'a> Evaluator<'a> {
    fn new(sources: &'a Sources, damage: &'a mut Damage) -> Self {
        Self { jinja: jinja(), sources, damage, problems: Vec::new(), failures: 0, lost: BTreeSet::new() }
    }

    /// How many texts failed so far, whether a word was said of it or not.
    pub(super) const fn failures(&self) -> usize {
        self.failures
    }

    /// Remembers that a variable has no value because of a mistake that was reported.
    pub(super) fn lose_variable(&mut self, name: &str) {
        self.lost.insert(format!("vars.{}", name.replace('-', "_")));
    }

    /// Whether a variable has no value because of a mistake that was reported.
    pub(super) fn is_lost_variable(&self, name: &str) -> bool {
        self.lost.contains(&format!("vars.{}", name.replace('-', "_")))
    }

    /// What an expression uses: `vars.host`, or `vars` where it picks one by a computed name.
    pub(super) fn used(&self, text: &str) -> BTreeSet<String> {
        used(&self.jinja, text)
    }

    /// Evaluates every expression in and below `node`.
    pub(super) fn walk(&mut self, node: &mut Node, path: &KeyPath, known: &Known<'_>) {
        match &mut node.value {
            NodeValue::String(text) if is_expression(text) && !is_prose(path) => {
                let lost = node.origin.span.is_some_and(|span| self.damage.touches(span));
                match self.jinja.render_str(text, known.jinja.clone()) {
                    Ok(result) => *text = result,
                    Err(_) if lost => self.failures += 1,
                    Err(error) => {
                        let place = node.origin.span.map(|span| Inside::of(self.sources, span, text));
                        let text = text.clone();
                        self.fail(&error, &text, place, known);
                        self.damage.lose_value(node);
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

    /// Evaluates every tenant, each with `tenant` for what it is called.
    fn tenants(&mut self, mut tenants: Node, known: &Known<'_>) -> Node {
        // A suggestion needs to know which words there are, and not of which tenant.
        let mut wide = known.json.as_ref().clone();
        wide["tenant"] = json!({"name": "", "title": ""});
        for (name, tenant) in tenants.as_table_mut().into_iter().flatten() {
            self.tenant((name, tenant), known, &wide);
        }
        tenants
    }

    fn tenant(&mut self, (name, tenant): (&str, &mut Node), known: &Known<'_>, wide: &Value) {
        let title = text(tenant, "title").unwrap_or(name);
        let own = minijinja::context! { tenant => minijinja::context! { name => name, title => title } };
        let jinja = minijinja::value::merge_maps([own, known.jinja.clone()]);
        let known = Known { json: std::borrow::Cow::Borrowed(wide), jinja };
        self.walk(tenant, &KeyPath::of(["tenants", name]), &known);
    }

    /// Evaluates everything; what lies in a region with what is known there.
    fn entities(&mut self, document: &mut Node, known: &Regional<'_>) {
        for (noun, table) in document.as_table_mut().into_iter().flatten() {
            let path = KeyPath::of([noun.as_str()]);
            match (table.as_table_mut(), regions::NOUNS.contains(&noun.as_str())) {
                (Some(entities), true) => {
                    for (key, entity) in entities {
                        let region = text(entity, "region").map(str::to_owned);
                        self.walk(entity, &path.key(key), known.of(region.as_deref()));
                    }
                }
                _ => self.walk(table, &path, known.of(None)),
            }
        }
    }

    /// Puts the texts of the files that configs, databases and resources name into the document, templates evaluated.
    fn files(&mut self, document: &mut Node, input: Input<'_>, known: &Known<'_>) {
        let Some(fields) = document.as_table_mut() else { return };
        let configs = fields.get_mut("configs").and_then(Node::as_table_mut).into_iter().flatten();
        for (_, config) in configs {
            files_of(config).for_each(|file| self.file(file, input, known));
        }
        let databases = fields.get_mut("databases").and_then(Node::as_table_mut).into_iter().flatten();
        for (_, database) in databases {
            let bootstrap = database.as_table_mut().and_then(|database| database.get_mut("bootstrap"));
            bootstrap.into_iter().flat_map(files_of).for_each(|file| self.file(file, input, known));
        }
        let pages = fields.get_mut("dashboards").and_then(Node::as_table_mut).into_iter().flatten();
        pages
            .filter_map(|(_, page)| page.as_table_mut()?.get_mut("file"))
            .for_each(|file| self.file(file, input, known));
        let charts = fields.get_mut("charts").and_then(Node::as_table_mut).into_iter().flatten();
        charts
            .filter_map(|(_, chart)| chart.as_table_mut()?.get_mut("values-file"))
            .for_each(|file| self.file(file, input, known));
        if let Some(NodeValue::Array(resources)) = fields.get_mut("resources").map(|node| &mut node.value) {
            let templates = resources.iter_mut().filter_map(|item| item.as_table_mut()?.get_mut("template"));
            templates.for_each(|file| self.file(file, input, known));
        }
    }

    fn file(&mut self, node: &mut Node, input: Input<'_>, known: &Known<'_>) {
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
                let whole = Inside { file, start: 0, end: text.len(), exact: true };
                let reported = self.problems.len();
                self.fail(&error, text, Some(whole), known);
                for problem in &mut self.problems[reported..] {
                    *problem = problem.clone().at(node.origin.span, "named here");
                }
                self.damage.lose_value(node);
            }
        }
    }

    /// Reports an error, unless it comes of something that was lost to another.
    fn fail(&mut self, error: &minijinja::Error, text: &str, place: Option<Inside>, known: &Known<'_>) {
        self.failures += 1;
        let explained = explain(error, text, &known.json);
        let is_lost = |path: &String| {
            let last = path.rsplit('.').next().unwrap_or_default();
            let hyphenated = last.replace('_', "-");
            self.lost.contains(path) || self.damage.mentions(last) || self.damage.mentions(&hyphenated)
        };
        if explained.undefined.as_ref().is_some_and(is_lost) {
            return;
        }
        let span = place.map(|place| place.span(explained.range));
        self.problems
            .push(Diagnostic::new(explained.code, explained.message).at(span, "").hint(explained.hint));
    }
}

/// The files that a table names.
fn files_of(table: &mut Node) -> impl Iterator<Item = &mut Node> {
    let files = table.as_table_mut().and_then(|table| table.get_mut("files")).and_then(Node::as_table_mut);
    files.into_iter().flatten().map(|(_, file)| file)
}

/// The engine of expressions: strict, fuelled, and without a way to any file.
pub(super) fn jinja() -> Environment<'static> {
    let mut jinja = Environment::new();
    jinja.set_undefined_behavior(UndefinedBehavior::Strict);
    jinja.set_fuel(Some(FUEL));
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        jinja.set_syntax(syntax);
    }
    jinja.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    jinja
}

/// What a text uses; nothing where it is no expression.
pub(super) fn used(jinja: &Environment<'_>, text: &str) -> BTreeSet<String> {
    let template = jinja.template_from_str(text);
    template.map(|template| template.undeclared_variables(true).into_iter().collect()).unwrap_or_default()
}

/// A text that stands inside a file: where, and whether its bytes are those of the file one for one.
#[derive(Clone, Copy)]
struct Inside {
    file: FileId,
    start: usize,
    end: usize,
    exact: bool,
}

impl Inside {
    /// The content of a TOML string: what stands between its quotes, if nothing in it is escaped; else all of it.
    fn of(sources: &Sources, span: Span, text: &str) -> Self {
        match sources.snippet(span).find(text) {
            Some(offset) => {
                let start = span.start + offset;
                Self { file: span.file, start, end: start + text.len(), exact: true }
            }
            None => Self { file: span.file, start: span.start, end: span.end, exact: false },
        }
    }

    fn span(self, range: Option<std::ops::Range<usize>>) -> Span {
        let whole = Span { file: self.file, start: self.start, end: self.end };
        range.filter(|_| self.exact).map_or(whole, |range| Span {
            file: self.file,
            start: self.start + range.start,
            end: self.start + range.end,
        })
    }
}

/// Whether a text holds an expression at all.
pub(super) fn is_expression(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// Texts that people read and that are not evaluated.
fn is_prose(path: &KeyPath) -> bool {
    matches!(path.segments().first(), Some(Segment::Key(key)) if ["allow", "decisions", "rule"].contains(&key.as_str()))
}

/// Whether a path ends in `.extension`.
pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, last)| last.eq_ignore_ascii_case(extension))
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
    let keycloaks = entities(document, "keycloaks");
    let keycloaks = keycloaks.map(|(key, node)| (key, keycloak(place(key, node), node)));
    nouns.insert("keycloaks".to_owned(), by_key(keycloaks));
    neighbours(&mut nouns, document, &namespaces);
    nouns.insert("hot_settings".to_owned(), hot_settings::known(document));
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
    let engine = text(node, "engine").unwrap_or_default();
    let topology = engine::topology::find(engine).map(|topology| topology.scheme);
    if let Some(scheme) = engine::find(engine).map(|engine| engine.scheme).or(topology) {
        place["scheme"] = json!(scheme);
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

/// An identity provider: its URL in the cluster, and of each realm what programs need to know.
fn keycloak(mut place: Value, node: &Node) -> Value {
    let url = format!("http://{}:8080", place["host"].as_str().unwrap_or_default());
    let public = text(node, "public-url").unwrap_or(&url).trim_end_matches('/').to_owned();
    let realms = node.get("realms").and_then(Node::as_table).into_iter().flatten();
    let realm = |(name, _): (&String, &Node)| {
        let inside = format!("{url}/realms/{name}");
        let known = json!({
            "name": name,
            "issuer": format!("{public}/realms/{name}"),
            "jwks_url": format!("{inside}/protocol/openid-connect/certs"),
            "metadata_url": format!("{inside}/.well-known/openid-configuration"),
        });
        (name.clone(), known)
    };
    let mut known = json!({});
    realms.map(realm).for_each(|(name, realm)| insert_aliased(&mut known, &name, realm));
    place["realms"] = known;
    place["public_url"] = json!(public);
    place["url"] = json!(url);
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
fn neighbours(nouns: &mut Map, document: &Node, namespaces: &BTreeMap<String, String>) {
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
pub(super) fn insert_aliased(table: &mut Value, key: &str, value: Value) {
    if let Some(fields) = table.as_object_mut() {
        if key.contains('-') {
            fields.insert(key.replace('-', "_"), value.clone());
        }
        fields.insert(key.to_owned(), value);
    }
}
