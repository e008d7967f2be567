//! Lists that a schema says more of: sets, whose items have no order, and lists whose items have keys.
//!
//! <https://kubernetes.io/docs/reference/using-api/cel/#set-and-map-lists>: two of them are equal whatever the order of
//! their items, and `+` joins them without doubling any. What stands on the left decides.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::value::{Listed, Shape, Value};

/// Whether two lists are equal, the left one being such a list.
pub(super) fn equal(kind: Listed<'_>, left: &[Value<'_>], right: &[Value<'_>]) -> bool {
    let own: BTreeMap<String, &Value<'_>> = left.iter().map(|item| (key(kind, item), item)).collect();
    let is_same = |item: &Value<'_>| match own.get(&key(kind, item)) {
        Some(same) => kind == Listed::Set || same.equals(item),
        None => false,
    };
    left.len() == right.len() && right.iter().all(is_same)
}

/// The items of the left list, then what the right one adds; where both have a key, the right one's item at the left
/// one's place.
pub(super) fn join<'a>(shape: &'a dyn Shape, left: Vec<Value<'a>>, right: Vec<Value<'a>>) -> Value<'a> {
    let kind = shape.listed();
    let mut places: BTreeMap<String, usize> =
        left.iter().enumerate().map(|(at, item)| (key(kind, item), at)).collect();
    let mut joined = left;
    for item in right {
        match (places.get(&key(kind, &item)), kind) {
            (Some(at), Listed::Keyed(_)) => joined[*at] = item,
            (Some(_), _) => {}
            (None, _) => {
                // Two items of the right list with one key are both there.
                if kind == Listed::Set {
                    places.insert(key(kind, &item), joined.len());
                }
                joined.push(item);
            }
        }
    }
    Value::Joined(Rc::new(joined), shape)
}

/// What tells an item from others.
fn key(kind: Listed<'_>, item: &Value<'_>) -> String {
    match kind {
        Listed::Keyed(names) => {
            let part = |name: &String| {
                let part = item.entry(&Value::text(name.as_str()));
                part.map(|it| scalar(&it)).unwrap_or_default()
            };
            names.iter().map(part).collect::<Vec<_>>().join("\n")
        }
        Listed::Plain | Listed::Set => scalar(item),
    }
}

fn scalar(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => format!("text {}", text.escape_debug()),
        Value::Json(typed) => format!("json {}", typed.value),
        other => format!("{other:?}"),
    }
}
