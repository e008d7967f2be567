//! `allOf`, `anyOf`, `oneOf` and `not`: they restrict values, and say nothing of what fields there are.

use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

/// What only the schema itself may say.
const STRUCTURAL: [&str; 15] = [
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
    "id",
    "$ref",
];

pub(super) fn check(schema: &Value, at: &KeyPath, flaws: &mut Flaws) {
    restricting(schema, schema, at, flaws);
}

/// The schemas in the junctors of one, beside the schema outside that says the structure.
fn restricting(schema: &Value, outside: &Value, at: &KeyPath, flaws: &mut Flaws) {
    for (key, nested, path) in branches(schema, at) {
        if !(key == "anyOf" && names_either(schema)) {
            level(nested, outside, &path, flaws);
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

/// Whether the alternatives are `type: integer` and `type: string` and nothing else, as tools write an integer or string.
fn names_either(schema: &Value) -> bool {
    let says = |key: &str, value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        _ => !["example", "externalDocs"].contains(&key),
    };
    let said = |nested: &Value| {
        let fields = nested.as_object().into_iter().flatten();
        fields.filter(|(key, value)| says(key, value)).count()
    };
    let alternatives = schema.items("anyOf");
    let types = alternatives.iter().map(|nested| nested.text_or_empty("type"));
    alternatives.iter().all(|nested| said(nested) == 1) && types.eq(["integer", "string"])
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
        level(part, outside.below(&["properties", name]).unwrap_or(&Value::Null), &path, flaws);
    }
    if let Some(items) = nested.child("items") {
        level(items, outside.child("items").unwrap_or(&Value::Null), &at.key("items"), flaws);
    }
    restricting(nested, outside, at, flaws);
}
