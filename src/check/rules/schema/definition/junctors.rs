//! `allOf`, `anyOf`, `oneOf` and `not`: they restrict values, and say nothing of what fields there are.

use serde_json::Value;

use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::source::KeyPath;

/// What only the schema itself may say.
const STRUCTURAL: [&str; 13] = [
    "type",
    "default",
    "title",
    "description",
    "nullable",
    "additionalProperties",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
];

pub(super) fn check(schema: &Value, at: &KeyPath, flaws: &mut Flaws) {
    let either = schema.is_true("x-kubernetes-int-or-string");
    for (key, nested, path) in branches(schema, at) {
        let names_types = is_either(nested) || key == "allOf" && is_either_within(nested);
        if !(either && names_types) {
            level(nested, schema, &path, flaws);
        }
    }
}

/// The schemas that restrict this one, each with its keyword and its path.
fn branches<'a>(schema: &'a Value, at: &KeyPath) -> Vec<(&'static str, &'a Value, KeyPath)> {
    let mut found = Vec::new();
    for key in ["allOf", "anyOf", "oneOf"] {
        found.extend(
            schema.items(key).iter().enumerate().map(|(index, it)| (key, it, at.key(key).index(index))),
        );
    }
    found.extend(schema.child("not").map(|it| ("not", it, at.key("not"))));
    found
}

/// `type: integer` or `type: string` and nothing else, as an alternative of an integer or string.
fn is_either(nested: &Value) -> bool {
    let fields = nested.as_object().map_or(0, serde_json::Map::len);
    fields == 1 && matches!(nested.text_or_empty("type"), "integer" | "string")
}

fn is_either_within(nested: &Value) -> bool {
    let alternatives = nested.items("anyOf");
    alternatives.len() == 2 && alternatives.iter().all(is_either)
}

/// One schema within a junctor, beside the schema outside that has to say the structure.
fn level(nested: &Value, outside: &Value, at: &KeyPath, flaws: &mut Flaws) {
    for key in STRUCTURAL {
        let said = match nested.get(key) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(_) => true,
        };
        if said {
            let message = format!("`{key}` has no place within allOf, anyOf, oneOf or not; say it outside");
            flaws.push((at.key(key), message));
        }
    }
    for (name, part) in nested.entries("properties") {
        let path = at.key("properties").key(name);
        match outside.below(&["properties", name]) {
            Some(outer) => level(part, outer, &path, flaws),
            None => {
                let message = format!("the field `{name}` is restricted here and not declared outside");
                flaws.push((path, message));
            }
        }
    }
    if let Some(items) = nested.child("items") {
        match outside.child("items") {
            Some(outer) => level(items, outer, &at.key("items"), flaws),
            None => flaws.push((at.key("items"), "the items are not said outside".to_owned())),
        }
    }
    for (_, inner, path) in branches(nested, at) {
        level(inner, outside, &path, flaws);
    }
}
