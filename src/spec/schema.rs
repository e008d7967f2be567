//! The JSON Schema of `platform.toml`, made from the Rust types.
//!
//! Two forms of one schema: the *canonical* one describes a document with its short forms written out, and is what
//! documents are checked against; the *published* one also allows the short forms, and is what editors read.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::File;

/// The extension that carries the short forms of a type: JSON types and the key that each stands for.
pub(super) const SHORT: &str = "x-short";

/// A schemars transform that records the short forms of a table: a value of JSON type `pair.0` stands for a table
/// with that value under the key `pair.1`.
pub(super) fn short(pairs: &'static [(&'static str, &'static str)]) -> impl Transform {
    move |schema: &mut Schema| {
        let forms: Map<String, Value> =
            pairs.iter().map(|(kind, key)| ((*kind).to_owned(), Value::from(*key))).collect();
        schema.insert(SHORT.to_owned(), Value::Object(forms));
    }
}

/// The schema of a document without short forms.
#[must_use]
pub fn canonical() -> Value {
    of::<File>()
}

/// The schema that editors read, short forms included: the content of `schemas/platform.schema.json`.
#[must_use]
pub fn published() -> Value {
    let mut schema = canonical();
    allow_short_forms(&mut schema);
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), Value::from("platform.toml"));
    }
    schema
}

fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with_transform(RecursiveTransform(without_null))
        .with_transform(RecursiveTransform(bounded));
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// TOML has no null: an optional key is one that may be absent.
fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    let Some(Value::Array(choices)) = object.get("anyOf") else { return };
    let kept: Vec<&Value> = choices.iter().filter(|choice| **choice != json!({"type": "null"})).collect();
    if let [Value::Object(only)] = kept.as_slice() {
        let only = only.clone();
        object.remove("anyOf");
        object.extend(only);
    }
}

/// The bounds of the Rust type, which the schema states for the small types alone: serde would refuse a number beyond
/// them without saying where it stands.
fn bounded(schema: &mut Schema) {
    let bounds = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => [("minimum", json!(i32::MIN)), ("maximum", json!(i32::MAX))],
        Some("uint32") => [("minimum", json!(u32::MIN)), ("maximum", json!(u32::MAX))],
        _ => return,
    };
    for (key, bound) in bounds {
        schema.insert(key.to_owned(), bound);
    }
}

fn allow_short_forms(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(allow_short_forms),
        Value::Object(fields) => {
            fields.values_mut().for_each(allow_short_forms);
            if let Some(Value::Object(forms)) = fields.remove(SHORT) {
                let description = fields.remove("description");
                let long = std::mem::take(fields);
                let mut choices: Vec<Value> =
                    forms.keys().map(|kind| short_form(&long, kind, &forms)).collect();
                choices.push(Value::Object(long));
                fields.extend(description.map(|text| ("description".to_owned(), text)));
                fields.insert("anyOf".to_owned(), Value::Array(choices));
            }
        }
        _ => {}
    }
}

/// The schema of one short form: its type, with the description of the key that it stands for.
fn short_form(long: &Map<String, Value>, kind: &str, forms: &Map<String, Value>) -> Value {
    let key = forms.get(kind).and_then(Value::as_str).unwrap_or_default();
    let description = long.get("properties").and_then(|p| p.get(key)).and_then(|p| p.get("description"));
    let mut form = json!({ "type": kind });
    if let (Some(object), Some(text)) = (form.as_object_mut(), description) {
        object.insert("description".to_owned(), text.clone());
    }
    form
}

/// Follows `$ref` to a definition of `root`. A reference that leads nowhere gives the reference itself.
pub(super) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    while let Some(Value::String(reference)) = schema.get("$ref") {
        match reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) {
            Some(target) => schema = target,
            None => return schema,
        }
    }
    schema
}

/// The schema of the field `key`, in a table described by `schema`.
pub(super) fn field<'a>(root: &'a Value, schema: &'a Value, key: &str) -> Option<&'a Value> {
    let named = schema.get("properties").and_then(|properties| properties.get(key));
    let schema = named.or_else(|| schema.get("additionalProperties").filter(|rest| rest.is_object()))?;
    Some(resolve(root, schema))
}

/// Whether the value at a path of a document is a text, so that whoever types one need not quote it. A key that may be any is `*`.
#[must_use]
pub fn takes_text(path: &[&str]) -> bool {
    let root = canonical();
    let found = path.iter().try_fold(&root, |schema, key| field(&root, schema, key));
    let short = |schema: &Value| schema.get(SHORT).and_then(|forms| forms.get("string")).is_some();
    found.is_some_and(|schema| schema.get("type") == Some(&Value::from("string")) || short(schema))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_nullable_and_every_key_is_described() {
        let mut missing = Vec::new();
        describe("", &canonical(), &mut missing);
        assert!(missing.is_empty(), "keys without a description: {missing:?}");
        assert!(!canonical().to_string().contains("\"null\""));
    }

    fn describe(place: &str, schema: &Value, missing: &mut Vec<String>) {
        let Some(object) = schema.as_object() else { return };
        if let Some(Value::Object(properties)) = object.get("properties") {
            let bare = properties.iter().filter(|(_, v)| v.get("description").is_none());
            missing.extend(bare.map(|(key, _)| format!("{place}.{key}")));
        }
        for (key, value) in object {
            describe(&format!("{place}/{key}"), value, missing);
        }
    }

    #[test]
    fn the_published_schema_takes_the_short_form_and_the_long_one() {
        let schema = published();
        let valid = jsonschema::validator_for(&schema).expect("the schema is valid");
        let with = |storage: Value| json!({"databases": {"db": {"storage": storage}}});
        assert!(valid.is_valid(&with(json!("10Gi"))));
        assert!(valid.is_valid(&with(json!({"size": "10Gi", "class": "fast"}))));
        assert!(valid.is_valid(&with(json!(false))));
        assert!(!valid.is_valid(&with(json!(10))));
        assert!(!valid.is_valid(&with(json!({"sise": "10Gi"}))));
    }
}
