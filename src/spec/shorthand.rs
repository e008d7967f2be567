//! Writes short forms out in full: `storage = "10Gi"` becomes `storage = { size = "10Gi" }`.
//!
//! It happens before layers are merged, so that a short form in one layer and a table in another merge key by key.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema::{SHORT, field, resolve};
use crate::source::{Node, NodeValue};

/// Writes out every short form below `node`, which `schema` (the root, or a part of it) describes.
pub fn expand(root: &Value, node: &mut Node) {
    expand_at(root, root, node);
}

fn expand_at(root: &Value, schema: &Value, node: &mut Node) {
    if let Some(key) = short_key(schema, node) {
        let inner = node.clone();
        node.value = NodeValue::Table(BTreeMap::from([(key.to_owned(), inner)]));
    }
    match &mut node.value {
        NodeValue::Table(fields) => {
            for (key, child) in fields {
                if let Some(schema) = field(root, schema, key) {
                    expand_at(root, schema, child);
                }
            }
        }
        NodeValue::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for item in items {
                    expand_at(root, resolve(root, schema), item);
                }
            }
        }
        _ => {}
    }
}

/// Writes every table below `value` in its short form where it has one: the opposite of [`expand`].
pub fn collapse(root: &Value, value: &mut Value) {
    collapse_at(root, root, value);
}

fn collapse_at(root: &Value, schema: &Value, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, child) in fields.iter_mut() {
                if let Some(schema) = field(root, schema, key) {
                    collapse_at(root, schema, child);
                }
            }
        }
        Value::Array(items) => {
            for (item, schema) in items.iter_mut().zip(schema.get("items").into_iter().cycle()) {
                collapse_at(root, resolve(root, schema), item);
            }
        }
        _ => {}
    }
    let Some((key, inner)) =
        value.as_object().filter(|fields| fields.len() == 1).and_then(|it| it.iter().next())
    else {
        return;
    };
    let kind = match inner {
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        _ => return,
    };
    if schema.get(SHORT).and_then(|forms| forms.get(kind)).and_then(Value::as_str) == Some(key) {
        *value = inner.clone();
    }
}

fn short_key<'a>(schema: &'a Value, node: &Node) -> Option<&'a str> {
    schema.get(SHORT)?.get(json_type(node)).and_then(Value::as_str)
}

/// The JSON Schema type of a value.
pub(super) const fn json_type(node: &Node) -> &'static str {
    match node.value {
        NodeValue::Bool(_) => "boolean",
        NodeValue::Integer(_) => "integer",
        NodeValue::Float(_) => "number",
        NodeValue::String(_) => "string",
        NodeValue::Array(_) => "array",
        NodeValue::Table(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Layer;
    use serde_json::json;

    #[test]
    fn a_short_form_becomes_the_table_that_it_stands_for() {
        let text = json!({
            "databases": {"db": {"storage": "1Gi", "external": false}},
            "workloads": {"api": {"ports": {"http": 80}, "uses": ["db"], "env": {"A": 1, "B": {"secret": "s"}}}},
            "environments": {"prod": {"cluster": "gke", "databases": {"db": {"storage": {"class": "fast"}}}}},
        });
        let mut node = Node::from_json(&text.clone().into(), &Layer::Entity);
        expand(&super::super::canonical(), &mut node);
        let mut back = Value::from(node.to_json());
        collapse(&super::super::canonical(), &mut back);
        assert_eq!(back, text, "and back");
        assert_eq!(
            node.to_json(),
            json!({
                "databases": {"db": {"storage": {"size": "1Gi"}, "external": {"enabled": false}}},
                "workloads": {"api": {
                    "ports": {"http": {"container": 80}},
                    "uses": [{"name": "db"}],
                    "env": {"A": {"value": 1}, "B": {"secret": "s"}},
                }},
                "environments": {"prod": {
                    "cluster": {"kind": "gke"},
                    "databases": {"db": {"storage": {"class": "fast"}}},
                }},
            })
        );
    }
}
