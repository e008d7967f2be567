//! Entities that only an environment speaks of, as if the platform had them: mostly a misspelt key.
//!
//! An environment may add an entity of its own. One that lacks what every entity of its noun needs was meant as an
//! override, and what it overrides is not there.

use super::codes::UNKNOWN_REFERENCE;
use super::scope::listed;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{KeyPath, Layer, Node, NodeValue};

/// The nouns that hold entities: what one is called, and the keys of which an entity of it has at least one.
const NOUNS: [(&str, &str, &[&str]); 13] = [
    ("bindings", "binding", &["role"]),
    ("configs", "config", &["data", "files"]),
    ("databases", "database", &["engine"]),
    ("middlewares", "middleware", super::routes::MIDDLEWARES),
    ("namespaces", "namespace", &[]),
    ("oauth2-proxies", "oauth2-proxy", &["image"]),
    ("roles", "role", &["rules"]),
    ("routes", "route", &["paths", "hosts"]),
    ("secrets", "secret", &["keys", "provided"]),
    ("storage-classes", "storage class", &["provisioner", "provided"]),
    ("tenants", "tenant", &["owner"]),
    ("volumes", "volume", &["size"]),
    ("workloads", "workload", &["image"]),
];

/// The strays among the entities of a noun: `own` are those of the platform, `merged` those of the environment too, and
/// `over` is the environment.
pub(super) fn find((noun, own): (&str, &Node), merged: &Node, over: &Node) -> Vec<(String, Diagnostic)> {
    let Some((_, word, needed)) = NOUNS.iter().find(|(known, ..)| *known == noun) else { return Vec::new() };
    let entities = merged.as_table().into_iter().flatten();
    let added = entities.filter(|(key, node)| own.get(key).is_none() && is_of_environment(node));
    let known: Vec<String> = own.as_table().into_iter().flatten().map(|(key, _)| key.clone()).collect();
    added
        .filter(|(key, node)| match *needed {
            // A namespace needs nothing. One that nothing names, and that is spelt nearly like another, is a mistake.
            [] => did_you_mean(key, known.iter().map(String::as_str)).is_some() && !is_named(over, key),
            needed => needed.iter().all(|needed| node.get(needed).is_none()),
        })
        .map(|(key, node)| (key.clone(), report((noun, word), key, node, &known)))
        .collect()
}

fn is_of_environment(node: &Node) -> bool {
    matches!(node.origin.layer, Layer::Environment(_))
}

/// Whether some entity of the environment says that it lives in the namespace `key`.
fn is_named(over: &Node, key: &str) -> bool {
    let names = |node: &Node| node.get("namespace").and_then(Node::as_str) == Some(key);
    let nouns = over.as_table().into_iter().flatten().map(|(_, noun)| noun);
    nouns.into_iter().any(|noun| match &noun.value {
        NodeValue::Table(entities) => names(noun) || entities.values().any(names),
        _ => false,
    })
}

fn report((noun, word): (&str, &str), key: &str, node: &Node, known: &[String]) -> Diagnostic {
    let path = KeyPath::of([noun, key]);
    let message = format!("`{path}` overrides a {word} that the platform does not have");
    let hint = match (did_you_mean(key, known.iter().map(String::as_str)), known) {
        (Some(near), _) => format!("did you mean `{}`?", KeyPath::of([noun, near])),
        (None, []) => format!("declare it as `[{path}]`"),
        (None, known) => format!("declare it as `[{path}]`, or name one of {}", listed(known)),
    };
    let place = node.origin.key.or(node.origin.span);
    Diagnostic::new(&UNKNOWN_REFERENCE, message).at(place, "").about(&path).hint(hint)
}
