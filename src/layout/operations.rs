//! The JSON 6902 operations that turn one object into another.
//!
//! It takes two values and gives `add`, `remove` and `replace` operations, and a `test` before an operation that
//! points into one of several named elements of a list, so that a reader sees which one is meant and a base that has
//! moved on fails instead of being patched in the wrong place. It gives `None` for values that kustomize would damage
//! on the way: to apply such a patch it takes every number of the object through a 64-bit float, and then writes a text
//! of several lines that begins with a tab as a block that it cannot read.

use super::lines::lines;
use crate::value::{Map, Value, json};

/// The operations that turn `from` into `to`; `None` where kustomize would not apply them to the letter.
pub(super) fn operations(from: &Value, to: &Value) -> Option<Vec<Value>> {
    (survives(from) && survives(to)).then(|| changed("", from, to))
}

/// Whether a value comes back from kustomize's JSON as it went in.
pub(super) fn survives(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().all(survives),
        Value::Array(items) => items.iter().all(survives),
        Value::Number(number) if number.is_f64() => true,
        Value::Number(number) => {
            number.as_i64().is_some_and(|whole| whole.unsigned_abs() <= EXACT_IN_A_FLOAT)
        }
        Value::String(text) => !(text.starts_with('\t') && text.contains('\n')),
        Value::Null => false,
        Value::Bool(_) => true,
    }
}

/// The largest whole number below which a 64-bit float has every whole number.
const EXACT_IN_A_FLOAT: u64 = 1 << 53;

fn changed(path: &str, from: &Value, to: &Value) -> Vec<Value> {
    match (from, to) {
        _ if from == to => Vec::new(),
        (Value::Object(old), Value::Object(new)) => shorter(path, to, map_changed(path, old, new)),
        (Value::Array(old), Value::Array(new)) => shorter(path, to, list_changed(path, old, new)),
        _ => vec![replace(path, to)],
    }
}

/// The operations, or one that replaces the value whole where that is less to read.
fn shorter(path: &str, to: &Value, operations: Vec<Value>) -> Vec<Value> {
    // What an object is called is not written anew, and kustomize cannot replace a whole object.
    let whole = replace(path, to);
    let replaceable = !path.is_empty() && path != "/metadata";
    let length: usize = operations.iter().map(lines).sum();
    if replaceable && lines(&whole) < length { vec![whole] } else { operations }
}

fn map_changed(path: &str, from: &Map, to: &Map) -> Vec<Value> {
    let mut operations = Vec::new();
    for (key, old) in from {
        let path = child(path, key);
        match to.get(key) {
            Some(value) => operations.extend(changed(&path, old, value)),
            None => operations.push(remove(&path)),
        }
    }
    for (key, value) in to.iter().filter(|(key, _)| !from.contains_key(key)) {
        operations.push(add(&child(path, key), value));
    }
    operations
}

/// What stands between the common head and the common tail of two lists: elements added, removed, or changed in their
/// places; anything else replaces the list.
fn list_changed(path: &str, from: &[Value], to: &[Value]) -> Vec<Value> {
    let head = from.iter().zip(to).take_while(|(old, new)| old == new).count();
    let (old, new) = (from.get(head..).unwrap_or_default(), to.get(head..).unwrap_or_default());
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let old = old.get(..old.len() - tail).unwrap_or_default();
    let new = new.get(..new.len() - tail).unwrap_or_default();
    if old.is_empty() {
        return inserted(path, head, new, tail == 0);
    }
    if new.is_empty() {
        return removed(path, head, old, from.len());
    }
    if old.len() != new.len() {
        return vec![replace(path, &to.into())];
    }
    let changes = old.iter().zip(new).enumerate();
    changes.flat_map(|(at, (old, new))| element_changed(path, head + at, (old, new), from.len())).collect()
}

fn inserted(path: &str, head: usize, new: &[Value], at_end: bool) -> Vec<Value> {
    let place = |at: usize| if at_end { format!("{path}/-") } else { format!("{path}/{}", head + at) };
    new.iter().enumerate().map(|(at, value)| add(&place(at), value)).collect()
}

fn removed(path: &str, head: usize, old: &[Value], length: usize) -> Vec<Value> {
    let from_the_back = old.iter().enumerate().rev();
    from_the_back
        .flat_map(|(at, value)| {
            let place = format!("{path}/{}", head + at);
            guard(&place, value, length).into_iter().chain([remove(&place)])
        })
        .collect()
}

fn element_changed(path: &str, at: usize, (old, new): (&Value, &Value), length: usize) -> Vec<Value> {
    let place = format!("{path}/{at}");
    if old.get("name") != new.get("name") {
        return vec![replace(&place, new)];
    }
    let operations = changed(&place, old, new);
    // An operation that has a guard of its own, deeper inside, needs none here.
    let guarded = operations.first().is_some_and(|operation| operation.get("op") == Some(&json!("test")));
    let guard = if guarded { None } else { guard(&place, old, length) };
    guard.into_iter().chain(operations).collect()
}

/// A `test` that names the element at `place`, where the list has others.
fn guard(place: &str, element: &Value, length: usize) -> Option<Value> {
    let name = element.get("name").filter(|name| name.is_string() && length > 1)?;
    Some(json!({"op": "test", "path": format!("{place}/name"), "value": name}))
}

fn add(path: &str, value: &Value) -> Value {
    json!({"op": "add", "path": path, "value": value})
}

fn remove(path: &str) -> Value {
    json!({"op": "remove", "path": path})
}

fn replace(path: &str, value: &Value) -> Value {
    json!({"op": "replace", "path": path, "value": value})
}

/// One more step of a JSON pointer (RFC 6901).
fn child(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(from: &Value, to: &Value) -> Vec<String> {
        let operations = operations(from, to).unwrap_or_default();
        let text = |operation: &Value, key: &str| {
            operation.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        operations.iter().map(|one| format!("{} {}", text(one, "op"), text(one, "path"))).collect()
    }

    #[test]
    fn a_key_is_escaped_as_a_json_pointer_wants_it() {
        let from = json!({"metadata": {"annotations": {"a/b~c": "1", "d": "2"}}});
        let to = json!({"metadata": {"annotations": {"a/b~c": "3", "d": "2"}}});
        assert_eq!(paths(&from, &to), ["replace /metadata/annotations/a~1b~0c"]);
    }

    #[test]
    fn an_element_at_the_end_is_appended() {
        assert_eq!(paths(&json!({"a": [1, 2]}), &json!({"a": [1, 2, 3]})), ["add /a/-"]);
        let from = json!({"a": [{"b": 1, "c": 2}, {"b": 2, "c": 2}]});
        let to = json!({"a": [{"b": 1, "c": 2}, {"b": 3, "c": 2}, {"b": 2, "c": 2}]});
        assert_eq!(paths(&from, &to), ["add /a/1"]);
    }

    #[test]
    fn an_operation_inside_one_of_several_named_elements_names_it_first() {
        let from = json!({"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]});
        let to = json!({"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "3"}]});
        assert_eq!(paths(&from, &to), ["test /env/1/name", "replace /env/1/value"]);
        let to = json!({"env": [{"name": "A", "value": "1"}]});
        assert_eq!(paths(&from, &to), ["test /env/1/name", "remove /env/1"]);
    }

    #[test]
    fn a_number_that_a_float_cannot_hold_is_refused() {
        assert_eq!(operations(&json!({"a": 9_007_199_254_740_993_u64}), &json!({"a": 1})), None);
        assert!(operations(&json!({"a": 0.5}), &json!({"a": 2})).is_some());
    }
}
