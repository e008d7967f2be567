//! How the objects of one component get into the namespaces that an environment gives them.
//!
//! It takes the pairs of a component and gives the shortest way that is exact in kustomize, or `None` where there is
//! none: where namespaces change places, or objects of one namespace part.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::Object;
use crate::value::{Value, json};

use super::operations::survives;
use super::pairs::Pairs;

/// The way into the environment's namespaces.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Moves<'a> {
    /// Every object stays where it is.
    None,
    /// `namespace:` of the kustomization moves every object.
    All(&'a str),
    /// A patch for each namespace that changes, from the first name to the second.
    Some(BTreeMap<&'a str, &'a str>),
}

/// The moves of a component.
pub(super) fn moves<'a>(pairs: &Pairs<'a>) -> Option<Moves<'a>> {
    if pairs.kept.iter().all(|(from, to)| from.id.namespace == to.id.namespace) {
        return Some(Moves::None);
    }
    match common_namespace(pairs) {
        Some(namespace) if subjects_follow(pairs, namespace) => Some(Moves::All(namespace)),
        _ => separate(pairs).map(Moves::Some),
    }
}

/// The entry of `patches:` that moves the objects of one namespace.
pub(super) fn entry(from: &str, to: &str) -> Value {
    json!({
        "target": {"namespace": from},
        "patch": format!("- op: replace\n  path: /metadata/namespace\n  value: {}\n", json!(to)),
    })
}

/// The one namespace that all objects of the environment's component are in.
fn common_namespace<'a>(pairs: &Pairs<'a>) -> Option<&'a str> {
    let mut namespaces = pairs.finished().map(|object| object.id.namespace.as_deref());
    let first = namespaces.next()??;
    namespaces.all(|namespace| namespace == Some(first)).then_some(first)
}

/// `namespace:` also rewrites the subjects of role bindings that are called `default`.
fn subjects_follow(pairs: &Pairs<'_>, namespace: &str) -> bool {
    let subjects = pairs.finished().filter_map(|object| object.pointer("/subjects")?.as_array()).flatten();
    let called_default = subjects.filter(|subject| subject.get("name") == Some(&json!("default")));
    called_default.into_iter().all(|subject| subject.get("namespace") == Some(&json!(namespace)))
}

/// One move for each namespace, where the moves do not meet.
fn separate<'a>(pairs: &Pairs<'a>) -> Option<BTreeMap<&'a str, &'a str>> {
    let mut to = BTreeMap::new();
    for (before, after) in &pairs.kept {
        let (Some(from), Some(into)) = (namespace(before), namespace(after)) else { continue };
        if to.insert(from, into).is_some_and(|other| other != into) {
            return None;
        }
    }
    to.retain(|from, into| from != into);
    let taken: BTreeSet<&str> =
        to.values().copied().chain(pairs.added.iter().copied().filter_map(namespace)).collect();
    // Kustomize takes objects without a namespace for objects of `default`.
    let apart = to.keys().all(|from| !taken.contains(from) && *from != "default");
    let moved = pairs.kept.iter().filter(|(from, to)| from.id.namespace != to.id.namespace);
    let intact = moved.into_iter().all(|(_, to)| survives(&to.value));
    (apart && intact).then_some(to)
}

fn namespace(object: &Object) -> Option<&str> {
    object.id.namespace.as_deref()
}
