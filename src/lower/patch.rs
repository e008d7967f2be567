//! Patches: raw fields of the user, merged into the objects of an entity.
//!
//! Maps merge key by key and a `null` removes a key, as in JSON Merge Patch (RFC 7386). Lists whose items all have a
//! `name` (containers, ports, variables) merge by it; any other list is replaced.

use std::collections::BTreeMap;

use crate::model::{Patch, Platform};
use crate::object::{Object, ObjectRef};
use crate::source::KeyPath;
use crate::value::{Map, Value};

/// Where the objects of each entity stand in a list of objects.
type BySource<'a> = BTreeMap<&'a KeyPath, Vec<usize>>;

/// Merges each patch into every object that it is meant for, in the order of the patches.
pub(super) fn apply(patches: &[Patch], objects: &mut [Object]) {
    let meant: Vec<Vec<usize>> = {
        let by_source = by_source(objects);
        patches.iter().map(|patch| targets(patch, &by_source, objects)).collect()
    };
    for (patch, targets) in patches.iter().zip(meant) {
        for target in targets {
            if let Some(object) = objects.get_mut(target) {
                merge(&mut object.value, &patch.fields);
                object.id = ObjectRef::of(&object.value);
            }
        }
    }
}

/// The patches of `platform` that are meant for none of `objects`.
#[must_use]
pub fn unmatched_patches<'a>(platform: &'a Platform, objects: &[Object]) -> Vec<&'a Patch> {
    let by_source = by_source(objects);
    platform.patches.iter().filter(|patch| targets(patch, &by_source, objects).is_empty()).collect()
}

fn by_source(objects: &[Object]) -> BySource<'_> {
    let mut by_source = BySource::new();
    for (at, object) in objects.iter().enumerate() {
        by_source.entry(&object.source).or_default().push(at);
    }
    by_source
}

/// Paths are ordered step by step, so what lies below a path follows it without a gap.
fn targets(patch: &Patch, by_source: &BySource, objects: &[Object]) -> Vec<usize> {
    let below = |source: &KeyPath| source.segments().starts_with(patch.source.segments());
    let of_entity = by_source.range::<&KeyPath, _>(&patch.source..).take_while(|(source, _)| below(source));
    let is_meant = |at: &usize| objects.get(*at).is_some_and(|object| names(&patch.target, &object.id));
    of_entity.flat_map(|(_, places)| places.iter().copied()).filter(is_meant).collect()
}

/// Whether `target` (`Kind` or `Kind/name`) names the object.
fn names(target: &str, id: &ObjectRef) -> bool {
    match target.split_once('/') {
        Some((kind, name)) => id.gvk.kind == kind && id.name == name,
        None => id.gvk.kind == target,
    }
}

fn merge(value: &mut Value, patch: &Value) {
    match (value, patch) {
        (Value::Object(map), Value::Object(changes)) => merge_maps(map, changes),
        (Value::Array(items), Value::Array(changes)) if all_named(items) && all_named(changes) => {
            merge_named(items, changes);
        }
        (value, patch) => *value = without_nulls(patch),
    }
}

fn merge_maps(map: &mut Map, changes: &Map) {
    for (key, change) in changes {
        if change.is_null() {
            map.remove(key);
        } else {
            merge(map.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}

fn merge_named(items: &mut Vec<Value>, changes: &[Value]) {
    for change in changes {
        match items.iter_mut().find(|item| item.get("name") == change.get("name")) {
            Some(item) => merge(item, change),
            None => items.push(without_nulls(change)),
        }
    }
}

fn all_named(items: &[Value]) -> bool {
    items.iter().all(|item| item.get("name").is_some_and(Value::is_string))
}

/// A `null` removes, also where there was nothing to remove: it never becomes a value.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        other => other.clone(),
    }
}
