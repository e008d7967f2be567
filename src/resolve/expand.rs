//! Entities that are short for others: databases with a topology, identity providers, caches and geo-fences.
//!
//! Takes a merged document whose expressions are evaluated; adds to it what each of them becomes, in the language's own
//! nouns. What is added points to the entity that it comes from. Refuses a part whose key the user has given to
//! something else, since neither of the two could then be meant.

use std::collections::BTreeMap;

use super::codes::CONFLICTING_KEYS;
use super::engine::topology::{self, Instance, Parts};
use super::examples::example;
use super::scope::enabled;
use super::{caches, keycloaks};
use crate::diag::Diagnostic;
use crate::source::{Damage, KeyPath, Layer, Node};
use crate::spec;
use crate::spec::codes::MISSING_KEY;
use crate::value::{Value, json};

/// Adds to `document` what its entities are short for.
pub(super) fn expand(document: &mut Node, damage: &Damage) -> Vec<Diagnostic> {
    // A document that is none is reported by whoever reads it next.
    let Ok(spec) = spec::read::<spec::Platform>(document) else { return Vec::new() };
    let mut problems = Vec::new();
    let names = namespaces(&spec);
    let none = BTreeMap::new();
    let regions = spec.regions.as_ref().unwrap_or(&none);
    for (key, database) in enabled(spec.databases.as_ref(), |database| database.enabled) {
        let Some(topology) = database.engine.as_deref().and_then(topology::find) else { continue };
        if database.external.as_ref().is_some_and(|external| external.enabled != Some(false)) {
            continue;
        }
        let path = KeyPath::of(["databases", key]);
        let storage = database.storage.as_ref();
        let needed = [
            ("namespace", database.namespace.is_some()),
            ("image", database.image.is_some()),
            (
                "storage",
                storage.is_some_and(|storage| storage.size.is_some() || storage.enabled == Some(false)),
            ),
        ];
        let mut parts = Parts::default();
        if required(&mut parts, &path, &needed) {
            let namespace = database.namespace.as_deref().and_then(|key| names.get(key));
            let namespace = namespace.map_or("", String::as_str);
            parts = (topology.parts)(&Instance { key, database, namespace, regions });
        }
        problems.extend(add(document, &path, parts, &names));
    }
    let mut parts = Parts::default();
    keycloaks::parts(&spec, &mut parts);
    problems.extend(add(document, &KeyPath::of(["keycloaks"]), parts, &names));
    let mut parts = Parts::default();
    caches::parts(&spec, &mut parts);
    problems.extend(add(document, &KeyPath::of(["caches"]), parts, &names));
    // What is missing because it was wrong was reported as that.
    problems.retain(|problem| {
        let place = problem.labels.first().map(|label| label.span);
        !place.is_some_and(|place| damage.touches(place) || damage.is_within(place))
    });
    problems
}

/// The names of namespaces in the cluster, by key.
fn namespaces(spec: &spec::Platform) -> BTreeMap<String, String> {
    let all = spec.namespaces.iter().flatten();
    all.map(|(key, namespace)| (key.clone(), namespace.name.clone().unwrap_or_else(|| key.clone()))).collect()
}

/// An entity in a namespace and a component, called `name`.
pub(super) fn named((namespace, component): (Option<&str>, &str), name: &str, more: &Value) -> Value {
    let mut entity = json!({"namespace": namespace, "component": component, "name": name});
    for (key, value) in more.as_object().into_iter().flatten() {
        entity[key] = value.clone();
    }
    entity
}

/// Whether an entity has what it needs; what it lacks is reported.
pub(super) fn required(parts: &mut Parts, path: &KeyPath, needed: &[(&str, bool)]) -> bool {
    for (key, _) in needed.iter().filter(|(_, given)| !given) {
        let hint = format!("add `{key} = {}`", example(key).unwrap_or("…"));
        parts.problem(&MISSING_KEY, path, format!("`{path}` lacks `{key}`"), hint);
    }
    needed.iter().all(|(_, given)| *given)
}

/// Puts the parts of the entity at `path` into the document.
fn add(
    document: &mut Node,
    path: &KeyPath,
    parts: Parts,
    names: &BTreeMap<String, String>,
) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = parts
        .problems
        .into_iter()
        .map(|problem| {
            let place = document.place_of(&problem.path);
            Diagnostic::new(problem.code, problem.message)
                .at(place, "")
                .about(&problem.path)
                .hint(problem.hint)
        })
        .collect();
    for (noun, entities) in parts.nouns {
        for (key, mut entity) in entities {
            name_namespaces(&mut entity, names);
            problems.extend(insert(document, path, (noun, &key), &entity));
        }
    }
    problems
}

/// Replaces `{{ns:key}}` by the namespace's name in the cluster.
fn name_namespaces(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) if text.contains("{{ns:") => {
            for (key, name) in names {
                *text = text.replace(&format!("{{{{ns:{key}}}}}"), name).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_namespaces(item, names)),
        Value::Object(fields) => fields.values_mut().for_each(|field| name_namespaces(field, names)),
        _ => {}
    }
}

fn insert(
    document: &mut Node,
    path: &KeyPath,
    (noun, key): (&str, &str),
    entity: &Value,
) -> Option<Diagnostic> {
    // Keycloaks and caches have parts called after the entity itself.
    let own = [path.key(key), path.clone()].into_iter().find(|path| document.at(path).is_some());
    let origin = own.as_ref().and_then(|path| document.at(path)).map(|node| node.origin.clone());
    let mut node = Node::from_json(entity, &Layer::Engine(path.to_string()));
    if let Some(origin) = origin {
        node.origin = origin;
    }
    let fields = document.as_table_mut()?;
    let table = fields.entry(noun.to_owned()).or_insert_with(|| Node::empty_table(Layer::Builtin));
    let entities = table.as_table_mut()?;
    if let Some(taken) = entities.get(key) {
        let message = format!("`{path}` becomes `{noun}.{key}`, and that is declared already");
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(taken.place(), "");
        return Some(
            problem
                .at(node.origin.key, "becomes one of that key")
                .hint("choose another key for one of the two"),
        );
    }
    entities.insert(key.to_owned(), node);
    None
}
