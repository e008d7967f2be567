//! The strategic merge patch that turns one object into another, where kustomize applies it exactly.
//!
//! It takes two values of one kind and gives what a patch has to say, or `None` where a strategic merge patch would not
//! give the second value to the letter. What kustomize does, and what follows from it:
//!
//! - A map is merged, `null` removes a key, and `$patch: replace` puts the patch's map in the object's place.
//! - In a list merged by one key, elements that the patch names come first, in the patch's order, and the others follow
//!   in the object's order. So a patch names every element up to the last one that it changes, the unchanged ones by
//!   their key alone.
//! - In a list merged by two keys, new elements come first and the others keep the object's order.
//! - A scalar takes the patch's value and keeps the object's quotes, so a number put over a quoted string arrives as a
//!   string: only scalars of one sort are patched here.

use std::collections::BTreeMap;

use crate::object::GroupVersionKind;
use crate::value::{Map, Value};

use super::lines::lines;
use super::lists::{ListRule, rule};

/// What a patch has to say about a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// The patch's value.
    pub patch: Value,
    /// How many of its lines only repeat what the object says already.
    pub restated: usize,
}

/// What turns `from` into `to`, two different objects of kind `gvk`; `None` where no such patch is exact.
pub(super) fn change(gvk: &GroupVersionKind, from: &Value, to: &Value) -> Option<Change> {
    let place = Place { gvk, path: Vec::new() };
    match (from, to) {
        (Value::Object(from), Value::Object(to)) => merged_map(&place, from, to),
        _ => None,
    }
}

/// Where in an object a value stands.
struct Place<'a> {
    gvk: &'a GroupVersionKind,
    path: Vec<&'a str>,
}

impl<'a> Place<'a> {
    fn key(&self, key: &'a str) -> Self {
        let mut path = self.path.clone();
        path.push(key);
        Self { gvk: self.gvk, path }
    }

    fn rule(&self) -> ListRule {
        rule(self.gvk, &self.path)
    }
}

fn value_change(place: &Place<'_>, from: &Value, to: &Value) -> Option<Change> {
    match (from, to) {
        (Value::Object(from), Value::Object(to)) => map_change(place, from, to),
        (Value::Array(from), Value::Array(to)) => list_change(place, from, to),
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => Some(Change { patch: to.clone(), restated: 0 }),
        _ => None,
    }
}

/// The shorter of merging a map and replacing it. Where merging is not exact, replacing would mostly repeat.
fn map_change(place: &Place<'_>, from: &Map, to: &Map) -> Option<Change> {
    let merged = merged_map(place, from, to)?;
    match replaced_map(place, from, to) {
        Some(replaced) if lines(&replaced.patch) < lines(&merged.patch) => Some(replaced),
        _ => Some(merged),
    }
}

fn merged_map(place: &Place<'_>, from: &Map, to: &Map) -> Option<Change> {
    let mut patch = Map::new();
    let mut restated = 0;
    for (key, old) in from {
        let Some(value) = to.get(key) else {
            patch.insert(plain_key(key)?, Value::Null);
            continue;
        };
        if old != value {
            let change = value_change(&place.key(key), old, value)?;
            restated += change.restated;
            patch.insert(plain_key(key)?, change.patch);
        }
    }
    for (key, value) in to.iter().filter(|(key, _)| !from.contains_key(key)) {
        patch.insert(plain_key(key)?, addable(&place.key(key), value)?.clone());
    }
    Some(Change { patch: patch.into(), restated })
}

fn replaced_map(place: &Place<'_>, from: &Map, to: &Map) -> Option<Change> {
    if to.is_empty() || place.path == ["metadata"] {
        return None;
    }
    let mut patch = Map::from_iter([("$patch", "replace")]);
    for (key, value) in to {
        patch.insert(plain_key(key)?, addable(&place.key(key), value)?.clone());
    }
    Some(Change { patch: patch.into(), restated: repeated_entries(from, to) })
}

fn list_change(place: &Place<'_>, from: &[Value], to: &[Value]) -> Option<Change> {
    match place.rule() {
        ListRule::Replaced => Some(replaced_list(from, to)),
        ListRule::Keyed(keys) => {
            let keys = keys_in_use(keys, from, to)?;
            if keys.len() == 1 {
                ordered_list(place, keys, from, to)
            } else {
                prepended_list(place, keys, from, to)
            }
        }
        ListRule::Unsettled => None,
    }
}

fn replaced_list(from: &[Value], to: &[Value]) -> Change {
    Change { patch: to.into(), restated: repeated_items(from, to) }
}

/// A list merged by one key: the patch gives the order of what it names.
fn ordered_list(place: &Place<'_>, keys: &[&str], from: &[Value], to: &[Value]) -> Option<Change> {
    let old = positions(keys, from)?;
    let new = positions(keys, to)?;
    let named = to.len() - untouched_tail(keys, from, &old, to);
    let mut list = List::default();
    for element in to.get(..named)? {
        match old.get(&key_of(keys, element)?).and_then(|&at| from.get(at)) {
            Some(before) if before == element => list.restate(keys, element),
            Some(before) => list.change(place, keys, before, element)?,
            None => list.items.push(addable(place, element)?.clone()),
        }
    }
    list.remove_absent(keys, from, &new)?;
    Some(list.finished())
}

/// How many elements at the end of `to` stand there as they did, and in the same order.
fn untouched_tail(keys: &[&str], from: &[Value], old: &BTreeMap<String, usize>, to: &[Value]) -> usize {
    let mut follower = usize::MAX;
    let stays = |element: &&Value| {
        let at = key_of(keys, element).and_then(|key| old.get(&key).copied());
        let same = at.is_some_and(|at| at < follower && from.get(at) == Some(*element));
        follower = at.unwrap_or(0);
        same
    };
    to.iter().rev().take_while(stays).count()
}

/// A list merged by two keys: new elements come first, whatever the patch names.
fn prepended_list(place: &Place<'_>, keys: &[&str], from: &[Value], to: &[Value]) -> Option<Change> {
    let old = positions(keys, from)?;
    let new = positions(keys, to)?;
    let mut list = List::default();
    let mut latest = None;
    for element in to {
        let Some(&at) = old.get(&key_of(keys, element)?) else {
            if latest.is_some() {
                return None;
            }
            list.items.push(addable(place, element)?.clone());
            continue;
        };
        if latest.is_some_and(|latest| at < latest) {
            return None;
        }
        latest = Some(at);
        let before = from.get(at)?;
        if before != element {
            list.change(place, keys, before, element)?;
        }
    }
    list.remove_absent(keys, from, &new)?;
    Some(list.finished())
}

/// A patch for a list, element by element.
#[derive(Default)]
struct List {
    items: Vec<Value>,
    restated: usize,
}

impl List {
    fn restate(&mut self, keys: &[&str], element: &Value) {
        self.restated += keys.len();
        self.items.push(named(keys, element).into());
    }

    fn change(&mut self, place: &Place<'_>, keys: &[&str], from: &Value, to: &Value) -> Option<()> {
        let change = merged_map(place, from.as_object()?, to.as_object()?)?;
        let mut item = named(keys, to);
        item.extend(change.patch.as_object()?.clone());
        self.restated += change.restated;
        self.items.push(item.into());
        Some(())
    }

    fn remove_absent(&mut self, keys: &[&str], from: &[Value], kept: &BTreeMap<String, usize>) -> Option<()> {
        for element in from {
            if !kept.contains_key(&key_of(keys, element)?) {
                let mut item = named(keys, element);
                item.insert("$patch".to_owned(), "delete".into());
                self.items.push(item.into());
            }
        }
        Some(())
    }

    fn finished(self) -> Change {
        Change { patch: self.items.into(), restated: self.restated }
    }
}

/// The keys by which kustomize matches the elements: a key that no element has does not count. `None` where some
/// elements have it and some do not.
fn keys_in_use(
    keys: &'static [&'static str],
    from: &[Value],
    to: &[Value],
) -> Option<&'static [&'static str]> {
    let elements = || from.iter().chain(to);
    let (first, others) = keys.split_first()?;
    if !elements().all(|element| element.get(first).is_some()) {
        return None;
    }
    let has_others = |element: &Value| others.iter().all(|key| element.get(key).is_some());
    let lacks_others = |element: &Value| others.iter().all(|key| element.get(key).is_none());
    if elements().all(has_others) {
        Some(keys)
    } else if elements().all(lacks_others) {
        Some(std::slice::from_ref(first))
    } else {
        None
    }
}

/// Where each element stands, by its key. `None` where two elements have one key or an element has none.
fn positions(keys: &[&str], list: &[Value]) -> Option<BTreeMap<String, usize>> {
    let mut positions = BTreeMap::new();
    for (at, element) in list.iter().enumerate() {
        if positions.insert(key_of(keys, element)?, at).is_some() {
            return None;
        }
    }
    Some(positions)
}

/// The key of an element as kustomize compares it: as text, a number and its digits being one.
fn key_of(keys: &[&str], element: &Value) -> Option<String> {
    let mut parts = Vec::new();
    for key in keys {
        parts.push(match element.get(key)? {
            Value::String(text) if !text.is_empty() => text.to_string(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        });
    }
    Some(parts.join("\n"))
}

/// The element's keys alone.
fn named(keys: &[&str], element: &Value) -> Map {
    keys.iter().filter_map(|key| Some(((*key).to_owned(), element.get(key)?.clone()))).collect()
}

/// `value`, where a patch that adds it at `place` adds exactly it. Kustomize merges an added value with itself, so its
/// keyed lists must have keys, and a `null` or a directive would not arrive.
fn addable<'v>(place: &Place<'_>, value: &'v Value) -> Option<&'v Value> {
    let sound = match value {
        Value::Null => false,
        Value::Object(map) => map
            .iter()
            .all(|(key, value)| plain_key(key).is_some() && addable(&place.key(key), value).is_some()),
        Value::Array(items) => list_is_addable(place, items),
        _ => true,
    };
    sound.then_some(value)
}

fn list_is_addable(place: &Place<'_>, items: &[Value]) -> bool {
    match place.rule() {
        ListRule::Keyed(keys) if !items.is_empty() => {
            let positions = keys_in_use(keys, items, items).and_then(|keys| positions(keys, items));
            positions.is_some() && items.iter().all(|item| addable(place, item).is_some())
        }
        // Any other list arrives as it is.
        _ => true,
    }
}

/// A key that kustomize does not read as a directive.
fn plain_key(key: &str) -> Option<String> {
    (!key.starts_with('$')).then(|| key.to_owned())
}

/// How many lines of `to` stand in `from`.
fn repeated(from: &Value, to: &Value) -> usize {
    match (from, to) {
        _ if from == to => lines(to),
        (Value::Object(from), Value::Object(to)) => repeated_entries(from, to),
        (Value::Array(from), Value::Array(to)) => repeated_items(from, to),
        _ => 0,
    }
}

fn repeated_entries(from: &Map, to: &Map) -> usize {
    to.iter().filter_map(|(key, value)| Some(repeated(from.get(key)?, value))).sum()
}

fn repeated_items(from: &[Value], to: &[Value]) -> usize {
    let in_place = |at: usize, item: &Value| from.get(at).map_or(0, |before| repeated(before, item));
    let item =
        |(at, item): (usize, &Value)| if from.contains(item) { lines(item) } else { in_place(at, item) };
    to.iter().enumerate().map(item).sum()
}
