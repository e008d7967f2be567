//! What an environment makes of one component of the base.

use std::collections::BTreeSet;

use crate::object::Object;
use crate::value::Value;

use super::lines::lines;
use super::moves::{Moves, moves};
use super::pairs::Pairs;
use super::patch::{Patch, target_matches};

/// How an overlay gives a component its objects.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plan<'a> {
    /// The environment has nothing of it.
    Dropped,
    /// As in the base.
    Base,
    /// The base, changed.
    Patched(Changes<'a>),
    /// The finished objects, without the base.
    Finished,
}

/// What is changed of a component's base.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Changes<'a> {
    /// How its objects get into the environment's namespaces, after all patches.
    pub moves: Moves<'a>,
    /// Patches of single objects.
    pub patches: Vec<Patch<'a>>,
}

/// The plan for one component: the shortest that is exact.
pub(super) fn plan<'a>(pairs: &Pairs<'a>) -> Plan<'a> {
    if pairs.finished().next().is_none() {
        return Plan::Dropped;
    }
    let same = pairs.kept.iter().all(|(from, to)| from.value == to.value);
    if same && pairs.removed.is_empty() && pairs.added.is_empty() {
        return Plan::Base;
    }
    match changes(pairs) {
        Some(changes) if is_shorter(&changes, pairs) => Plan::Patched(changes),
        _ => Plan::Finished,
    }
}

impl Changes<'_> {
    /// Whether kustomize remembers earlier identities of objects of the component, and rewrites references to them.
    pub(super) fn leave_history(&self) -> bool {
        self.moves != Moves::None || self.patches.iter().any(Patch::has_target)
    }
}

/// Whether patching the base is less to read than the objects that remain of it.
fn is_shorter(changes: &Changes<'_>, pairs: &Pairs<'_>) -> bool {
    let patched: usize = changes.patches.iter().map(Patch::lines).sum();
    let finished: usize = pairs.kept.iter().map(|(_, to)| lines(&to.value)).sum();
    patched < finished
}

fn changes<'a>(pairs: &Pairs<'a>) -> Option<Changes<'a>> {
    let mut patches = Vec::new();
    for &(from, to) in &pairs.kept {
        if differ(from, to) {
            patches.push(Patch::between(from, to)?);
        }
    }
    patches.extend(pairs.removed.iter().map(|object| Patch::removal(&object.id)));
    let changes = Changes { moves: moves(pairs)?, patches };
    (targets_are_unique(&changes, pairs) && names_stay_apart(pairs)).then_some(changes)
}

/// Whether two objects differ in more than their namespace.
fn differ(from: &Object, to: &Object) -> bool {
    let members = |value: &'_ Value| value.as_object().cloned().unwrap_or_default();
    let (mut from, mut to) = (members(&from.value), members(&to.value));
    for value in [&mut from, &mut to] {
        if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("namespace");
        }
    }
    from != to
}

/// Whether each `target` matches the object that it is meant for and no other.
fn targets_are_unique(changes: &Changes<'_>, pairs: &Pairs<'_>) -> bool {
    let present = || pairs.original().chain(pairs.added.iter().copied());
    let targets = changes.patches.iter().filter(|patch| patch.has_target()).map(|patch| patch.object);
    targets
        .into_iter()
        .all(|target| present().filter(|object| target_matches(target, &object.id)).count() == 1)
}

/// Whether no object takes a name that another object of the component has in the base: kustomize finds an object by
/// any name that it ever had.
fn names_stay_apart(pairs: &Pairs<'_>) -> bool {
    let original: BTreeSet<_> = pairs.original().map(|object| (&object.id.gvk, &object.id.name)).collect();
    let renamed = pairs.kept.iter().filter(|(from, to)| from.id.name != to.id.name);
    renamed.into_iter().all(|(_, to)| !original.contains(&(&to.id.gvk, &to.id.name)))
}
