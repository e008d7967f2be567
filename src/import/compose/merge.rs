//! Compose files over one another, and services that extend others: <https://docs.docker.com/reference/compose-file/merge/>.
//!
//! Mappings merge by key. Lists are joined, but for commands and health checks, which replace. What one file writes as a list
//! and the other as a mapping is brought to one form first.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::{INVALID, NOT_CARRIED};
use crate::diag::Diagnostic;
use crate::source::{Node, NodeValue};

/// Keys whose list replaces the weaker one.
const REPLACED: [&str; 3] = ["command", "entrypoint", "test"];
/// Keys of a service that are `NAME=value` lists or mappings.
const PAIRS: [&str; 2] = ["environment", "labels"];
/// Keys of a service that are lists of names or mappings of them.
const NAMES: [&str; 2] = ["depends_on", "networks"];

/// Lays `stronger` over `weaker`.
pub(super) fn over(weaker: &mut Node, stronger: Node) {
    match (&mut weaker.value, stronger.value) {
        (NodeValue::Table(fields), NodeValue::Table(more)) => {
            for (key, node) in more {
                let joins = !REPLACED.contains(&key.as_str());
                match fields.get_mut(&key) {
                    Some(own) if joins => over(own, node),
                    _ => drop(fields.insert(key, node)),
                }
            }
        }
        (NodeValue::Array(items), NodeValue::Array(more)) => items.extend(more),
        (value, more) => *value = more,
    }
}

/// Brings every service of a file to forms that merge.
pub(super) fn prepare(root: &mut Node) {
    let services = root.as_table_mut().and_then(|fields| fields.get_mut("services"));
    for (_, service) in services.and_then(Node::as_table_mut).into_iter().flatten() {
        let Some(fields) = service.as_table_mut() else { continue };
        for (key, node) in fields.iter_mut() {
            let mapping = match &node.value {
                NodeValue::Array(items) if PAIRS.contains(&key.as_str()) => pairs(items),
                NodeValue::Array(items) if NAMES.contains(&key.as_str()) => names(items),
                _ => continue,
            };
            node.value = NodeValue::Table(mapping);
        }
    }
}

fn pairs(items: &[Node]) -> BTreeMap<String, Node> {
    let pair = |item: &Node| {
        let text = item.as_str()?;
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let value =
            value.map_or(NodeValue::Table(BTreeMap::new()), |value| NodeValue::String(value.to_owned()));
        Some((name.to_owned(), Node { value, origin: item.origin.clone() }))
    };
    items.iter().filter_map(pair).collect()
}

fn names(items: &[Node]) -> BTreeMap<String, Node> {
    let name = |item: &Node| {
        let mut origin = item.origin.clone();
        origin.key = origin.key.or(origin.span);
        Some((item.as_str()?.to_owned(), Node { value: NodeValue::Table(BTreeMap::new()), origin }))
    };
    items.iter().filter_map(name).collect()
}

/// Gives every service what the one that it extends has. One of another file is named, since that file was not read.
pub(super) fn extend(root: &mut Node, problems: &mut Vec<Diagnostic>) {
    let Some(services) = root.get("services").and_then(Node::as_table).cloned() else { return };
    let mut whole = BTreeMap::new();
    for name in services.keys() {
        let mut way = BTreeSet::new();
        whole.insert(name.clone(), extended(&services, name, &mut way, problems));
    }
    let node = root.as_table_mut().and_then(|fields| fields.get_mut("services"));
    if let Some(NodeValue::Table(fields)) = node.map(|node| &mut node.value) {
        *fields = whole;
    }
}

fn extended(
    services: &BTreeMap<String, Node>,
    name: &str,
    way: &mut BTreeSet<String>,
    problems: &mut Vec<Diagnostic>,
) -> Node {
    let mut own = services[name].clone();
    let Some(extends) = own.as_table_mut().and_then(|fields| fields.remove("extends")) else { return own };
    let place = extends.origin.key.or(extends.origin.span);
    let target =
        extends.as_str().or_else(|| extends.get("service").and_then(Node::as_str)).unwrap_or_default();
    if let Some(file) = extends.get("file").and_then(Node::as_str) {
        let message = format!("`{name}` extends a service of `{file}`, which was not read");
        let hint = format!("name both files: bayplan import compose {file} …");
        problems.push(Diagnostic::new(&NOT_CARRIED, message).at(place, "").hint(hint));
        return own;
    }
    if !services.contains_key(target) || !way.insert(name.to_owned()) || way.contains(target) {
        let message = format!("`{name}` extends `{target}`, which is no other service of the file");
        problems.push(Diagnostic::new(&INVALID, message).at(place, "").hint("name a service of the file"));
        return own;
    }
    let mut whole = extended(services, target, way, &mut Vec::new());
    let origin = own.origin.clone();
    over(&mut whole, own);
    whole.origin = origin;
    whole
}
