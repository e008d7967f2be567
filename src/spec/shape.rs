//! Checks a document against the platform's own JSON Schema, so that every mistake of shape is reported at once.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde::Deserialize;
use serde_json::Value;

use super::File;
use super::codes::{BAD_VALUE, MISSING_KEY, UNKNOWN_KEY, WRONG_TYPE};
use super::schema::{canonical, field};
use super::shorthand;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{KeyPath, Node, NodeValue, Segment};

/// The schema of a `platform.toml`.
pub struct Shape {
    schema: Value,
}

impl Default for Shape {
    fn default() -> Self {
        Self { schema: canonical() }
    }
}

impl Shape {
    /// Writes out the short forms of a document and reports everything in it that has not the right shape.
    pub fn check(&self, document: &mut Node) -> Vec<Diagnostic> {
        shorthand::expand(&self.schema, document);
        let value = document.to_json();
        // Serde stops at the first error and knows no place, but says in a tenth of the time that there is none.
        if File::deserialize(&value).is_ok() {
            return Vec::new();
        }
        let Ok(validator) = jsonschema::validator_for(&self.schema) else { return Vec::new() };
        validator.iter_errors(&value).flat_map(|error| self.describe(document, &error)).collect()
    }

    fn describe(&self, document: &Node, error: &ValidationError<'_>) -> Vec<Diagnostic> {
        let path = key_path(document, error.instance_path().as_str());
        let node = document.nearest(&path);
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                unexpected.iter().map(|key| self.unknown_key(node, &path, key)).collect()
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                vec![
                    Diagnostic::new(&MISSING_KEY, format!("`{path}` lacks the key `{key}`"))
                        .at(node.origin.key.or(node.origin.span), "")
                        .hint(format!("add `{key} = …`")),
                ]
            }
            ValidationErrorKind::Type { kind } => vec![self.wrong_type(node, &path, kind)],
            _ => vec![self.bad_value(node, &path, error)],
        }
    }

    fn unknown_key(&self, table: &Node, path: &KeyPath, key: &str) -> Diagnostic {
        let place = table.get(key).and_then(|node| node.origin.key.or(node.origin.span));
        let table_name =
            if path.segments().is_empty() { "the platform".to_owned() } else { format!("`{path}`") };
        let known = self.keys_of(path);
        let hint = did_you_mean(key, known.iter().map(String::as_str)).map_or_else(
            || format!("the keys are {}", list(&known)),
            |near| format!("did you mean `{near}`?"),
        );
        Diagnostic::new(&UNKNOWN_KEY, format!("{table_name} has no key `{key}`")).at(place, "").hint(hint)
    }

    fn wrong_type(&self, node: &Node, path: &KeyPath, kind: &TypeKind) -> Diagnostic {
        let mut wanted: Vec<String> = match kind {
            TypeKind::Single(kind) => vec![type_name(*kind).to_owned()],
            TypeKind::Multiple(kinds) => kinds.iter().map(|kind| type_name(kind).to_owned()).collect(),
        };
        let forms = self.schema_at(path).and_then(|schema| schema.get(super::schema::SHORT)?.as_object());
        wanted.extend(forms.into_iter().flatten().map(|(kind, _)| json_type_name(kind).to_owned()));
        let message = format!("`{path}` is {}, and takes {}", value_name(node), wanted.join(" or "));
        Diagnostic::new(&WRONG_TYPE, message).at(node.origin.span, "")
    }

    fn bad_value(&self, node: &Node, path: &KeyPath, error: &ValidationError<'_>) -> Diagnostic {
        let found = node.as_str().map_or_else(|| value_name(node).to_owned(), |text| format!("`{text}`"));
        let choices: Vec<String> = self.schema_at(path).map(choices).unwrap_or_default();
        if choices.is_empty() {
            return Diagnostic::new(&BAD_VALUE, format!("`{path}`: {error}")).at(node.origin.span, "");
        }
        let near = did_you_mean(node.as_str().unwrap_or_default(), choices.iter().map(String::as_str));
        let hint = near.map_or_else(
            || format!("the values are {}", list(&choices)),
            |near| format!("did you mean `{near}`?"),
        );
        Diagnostic::new(&BAD_VALUE, format!("`{path}` cannot be {found}")).at(node.origin.span, "").hint(hint)
    }

    fn schema_at(&self, path: &KeyPath) -> Option<&Value> {
        path.segments().iter().try_fold(&self.schema, |schema, segment| match segment {
            Segment::Key(key) => field(&self.schema, schema, key),
            Segment::Index(_) => schema.get("items").map(|items| super::schema::resolve(&self.schema, items)),
        })
    }

    fn keys_of(&self, path: &KeyPath) -> Vec<String> {
        let properties = self.schema_at(path).and_then(|schema| schema.get("properties")?.as_object());
        properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
    }
}

/// The values that an enumeration takes, whether schemars wrote them as `enum` or as a choice of constants.
fn choices(schema: &Value) -> Vec<String> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let constants = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    listed
        .chain(constants.filter_map(|choice| choice.get("const")))
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// `a`, `b` and `c`, each in backquotes.
fn list(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

const fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "`true` or `false`",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a table",
        JsonType::String => "a text",
    }
}

fn json_type_name(kind: &str) -> &'static str {
    match kind {
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        "array" => "a list",
        "object" => "a table",
        _ => "a text",
    }
}

const fn value_name(node: &Node) -> &'static str {
    match node.value {
        NodeValue::Bool(_) => "a boolean",
        NodeValue::Integer(_) => "a whole number",
        NodeValue::Float(_) => "a number",
        NodeValue::String(_) => "a text",
        NodeValue::Array(_) => "a list",
        NodeValue::Table(_) => "a table",
    }
}

/// A JSON pointer into a document as a key path. Whether a step is an index depends on what stands there.
fn key_path(document: &Node, pointer: &str) -> KeyPath {
    let mut node = Some(document);
    pointer
        .split('/')
        .skip(1)
        .map(|token| {
            let key = token.replace("~1", "/").replace("~0", "~");
            let is_array = node.is_some_and(|node| matches!(node.value, NodeValue::Array(_)));
            let segment = match key.parse() {
                Ok(index) if is_array => Segment::Index(index),
                _ => Segment::Key(key),
            };
            node = node.and_then(|node| node.at(&KeyPath::from_iter([segment.clone()])));
            segment
        })
        .collect()
}
