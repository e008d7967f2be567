//! What a platform declares and nothing uses: variables that no expression reads, volumes that nothing mounts,
//! middlewares that no route names.
//!
//! Takes the document of the whole file, since what the platform declares may be for one environment alone. It looks for
//! uses that are written out, so whoever computes a name may have to say so in `[[allow]]`.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::{UNUSED_VARIABLE, UNUSED_VOLUME};
use super::expressions::{is_expression, jinja, used};
use super::routes::codes::UNUSED_MIDDLEWARE;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{FileId, KeyPath, Node, NodeValue, Sources};

/// A warning for each variable, volume and middleware without a use.
#[must_use]
pub fn unused(document: &Node, sources: &Sources, files: &BTreeMap<String, FileId>) -> Vec<Diagnostic> {
    let mut found = Found::default();
    found.walk(document);
    let jinja = jinja();
    let templates = files.iter().filter(|(path, _)| super::expressions::has_extension(path, "j2"));
    let texts = found.texts.iter().copied().chain(templates.map(|(_, file)| sources.text(*file)));
    let read: BTreeSet<String> = texts.flat_map(|text| used(&jinja, text)).collect();
    let mut problems = variables(document, &read);
    found.texts.extend(files.values().map(|file| sources.text(*file)));
    problems.extend(volumes(document, &found));
    problems.extend(middlewares(document, &found));
    problems
}

/// The texts with expressions, and the names that mounts and raw objects hold.
#[derive(Default)]
struct Found<'a> {
    texts: Vec<&'a str>,
    /// How often each other text occurs.
    names: BTreeMap<&'a str, usize>,
}

impl<'a> Found<'a> {
    fn walk(&mut self, node: &'a Node) {
        match &node.value {
            NodeValue::String(text) if is_expression(text) => self.texts.push(text),
            NodeValue::String(text) => {
                *self.names.entry(text).or_default() += 1;
            }
            NodeValue::Table(fields) => fields.values().for_each(|field| self.walk(field)),
            NodeValue::Array(items) => items.iter().for_each(|item| self.walk(item)),
            _ => {}
        }
    }
}

/// The tables of a noun: the platform's, and those of its environments.
fn tables<'a>(document: &'a Node, noun: &'a str) -> impl Iterator<Item = &'a BTreeMap<String, Node>> {
    let environments = document.get("environments").and_then(Node::as_table).into_iter().flatten();
    let all = std::iter::once(document).chain(environments.map(|(_, environment)| environment));
    all.filter_map(move |table| table.get(noun)?.as_table())
}

/// Each variable is reported once, where it is declared first.
fn variables(document: &Node, read: &BTreeSet<String>) -> Vec<Diagnostic> {
    if read.contains("vars") {
        return Vec::new();
    }
    let names: BTreeSet<&str> =
        read.iter().filter_map(|path| path.strip_prefix("vars.")?.split('.').next()).collect();
    let mut declared: BTreeMap<&String, &Node> = BTreeMap::new();
    for (key, node) in tables(document, "vars").flatten() {
        declared.entry(key).or_insert(node);
    }
    let idle = declared.iter().filter(|(key, _)| !names.contains(key.replace('-', "_").as_str()));
    idle.map(|(key, node)| {
        let others = names.iter().copied().filter(|name| !declared.contains_key(&(*name).to_owned()));
        let others = others.chain(declared.keys().map(|key| key.as_str()).filter(|key| names.contains(key)));
        let near = did_you_mean(key, others);
        let hint = near.map_or_else(
            || format!("remove it, or read it: `{{{{ vars.{} }}}}`", key.replace('-', "_")),
            |near| format!("did you mean `{near}`?"),
        );
        let path = KeyPath::of(["vars", key.as_str()]);
        Diagnostic::new(&UNUSED_VARIABLE, format!("no expression reads the variable `{key}`"))
            .at(node.origin.key.or(node.origin.span), "")
            .about(&path)
            .hint(hint)
    })
    .collect()
}

/// Any text that is the volume's key or its claim's name counts as a use: a mount's, a raw object's, a patch's.
fn volumes(document: &Node, found: &Found<'_>) -> Vec<Diagnostic> {
    let mut declared: BTreeMap<&String, &Node> = BTreeMap::new();
    for (key, node) in tables(document, "volumes").flatten() {
        declared.entry(key).or_insert(node);
    }
    let is_named = |key: &str, node: &Node| {
        let claim = node.get("name").and_then(Node::as_str);
        // The volume itself says what its claim is called.
        let is_claim_named = claim.is_some_and(|name| found.names.get(name).is_some_and(|count| *count > 1));
        let is_in = |text: &&str| text.contains(key) || claim.is_some_and(|name| text.contains(name));
        found.names.contains_key(key) || is_claim_named || found.texts.iter().any(is_in)
    };
    let idle = declared.into_iter().filter(|(key, node)| !is_named(key, node));
    idle.map(|(key, node)| {
        let path = KeyPath::of(["volumes", key.as_str()]);
        Diagnostic::new(&UNUSED_VOLUME, format!("nothing mounts the volume `{key}`"))
            .at(node.origin.key.or(node.origin.span), "")
            .about(&path)
            .hint(format!("mount it: `mounts = {{ \"/data\" = \"{key}\" }}`, or remove it"))
    })
    .collect()
}

/// Any text that is the middleware's key counts as a use: that of a list, a `jwt`, a raw object.
fn middlewares(document: &Node, found: &Found<'_>) -> Vec<Diagnostic> {
    let mut declared: BTreeMap<&String, &Node> = BTreeMap::new();
    for (key, node) in tables(document, "middlewares").flatten() {
        declared.entry(key).or_insert(node);
    }
    let is_named =
        |key: &str| found.names.contains_key(key) || found.texts.iter().any(|text| text.contains(key));
    let idle = declared.into_iter().filter(|(key, _)| !is_named(key));
    idle.map(|(key, node)| {
        let path = KeyPath::of(["middlewares", key.as_str()]);
        Diagnostic::new(&UNUSED_MIDDLEWARE, format!("no route passes the middleware `{key}`"))
            .at(node.origin.key.or(node.origin.span), "")
            .about(&path)
            .hint(format!("add it to a route: `middlewares = [\"{key}\"]`, or remove it"))
    })
    .collect()
}
