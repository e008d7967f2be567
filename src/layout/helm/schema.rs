//! `values.schema.json`: draft 7, which is what Helm 3 reads.
//!
//! A key that the templates do not look at is refused, so that a misspelt value is a message and not a default.

use super::values::Values;
use crate::value::{Map, Value, json};

/// The schema of the values, with those of each sub-chart below its key.
pub(super) fn schema(values: &Values, subcharts: &[(&str, Value)]) -> Value {
    let mut root = table_of(values);
    let global = root.remove("global").unwrap_or_else(|| json!({"type": "object"}));
    root.insert("global".to_owned(), open(global));
    for (key, schema) in subcharts {
        let mut below = schema.clone();
        if let Some(fields) = below.as_object_mut() {
            fields.remove("$schema");
        }
        root.insert((*key).to_owned(), below);
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "additionalProperties": false,
        "properties": root,
    })
}

/// Other charts of one release may share `global`, and what stands in it.
fn open(mut schema: Value) -> Value {
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("additionalProperties");
        if let Some(properties) = fields.get_mut("properties").and_then(Value::as_object_mut) {
            properties.values_mut().for_each(|below| *below = open(below.take()));
        }
    }
    schema
}

fn table_of(values: &Values) -> Map {
    let mut root = Map::new();
    for (path, held) in values.iter() {
        let mut schema = held.meaning.schema.clone();
        if let (Some(fields), false) = (schema.as_object_mut(), held.sets.is_empty()) {
            fields.insert("description".to_owned(), Value::from(described(&held.sets)));
        }
        insert(&mut root, path, schema);
    }
    root
}

/// What a value sets, in a sentence that stays short.
pub(super) fn described(sets: &std::collections::BTreeSet<String>) -> String {
    let mut shown: Vec<&str> = sets.iter().take(3).map(String::as_str).collect();
    let more = format!("{} more", sets.len().saturating_sub(3));
    if sets.len() > 3 {
        shown.push(&more);
    }
    shown.join("; ")
}

fn insert(properties: &mut Map, path: &[String], schema: Value) {
    match path {
        [] => {}
        [last] => {
            properties.insert(last.clone(), schema);
        }
        [first, rest @ ..] => {
            let below = properties.entry(first.clone()).or_insert_with(empty_table);
            if let Some(below) = below.get_mut("properties").and_then(Value::as_object_mut) {
                insert(below, rest, schema);
            }
        }
    }
}

fn empty_table() -> Value {
    json!({"type": "object", "additionalProperties": false, "properties": {}})
}
