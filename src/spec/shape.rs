//! Checks a document against the platform's own JSON Schema, so that every mistake of shape is reported at once.
//!
//! What has not the right shape is taken out of the document and noted as damage: the rest of the document is sound in
//! shape, and the stages after this one look for their own mistakes in it.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde::Deserialize;
use serde_json::Value;

use super::File;
use super::codes::{BAD_VALUE, MISSING_KEY, UNKNOWN_KEY, WRONG_TYPE};
use super::mend::mend;
use super::schema::{canonical, field};
use super::shorthand;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{Damage, KeyPath, Node, NodeValue, Segment};

/// The schema of a `platform.toml`.
pub struct Shape {
    schema: Value,
}

impl Default for Shape {
    fn default() -> Self {
        Self { schema: canonical() }
    }
}

/// One mistake: what is said of it, unless another says it already, and the value that is of no use because of it.
struct Finding {
    problem: Option<Diagnostic>,
    lost: KeyPath,
}

impl Shape {
    /// Writes out the short forms of a document, reports everything in it that has not the right shape, and takes that
    /// out.
    pub fn check(&self, document: &mut Node, damage: &mut Damage) -> Vec<Diagnostic> {
        shorthand::expand(&self.schema, document);
        let value = document.to_json();
        // Serde stops at the first error and knows no place, but says in a tenth of the time that there is none.
        if File::deserialize(&value).is_ok() {
            return Vec::new();
        }
        let Ok(validator) = jsonschema::validator_for(&self.schema) else { return Vec::new() };
        let plain = Value::from(&value);
        let mut errors: Vec<ValidationError<'_>> = validator.iter_errors(&plain).collect();
        // A misspelt key explains why the right one is missing, so it goes first.
        errors.sort_by_key(|error| matches!(error.kind(), ValidationErrorKind::Required { .. }));
        let mut problems = Vec::new();
        let mut lost = Vec::new();
        for finding in errors.iter().flat_map(|error| self.describe(document, error, damage)) {
            problems.extend(finding.problem);
            lost.push(finding.lost);
        }
        take_out(document, lost, damage);
        problems
    }

    fn describe(&self, document: &Node, error: &ValidationError<'_>, damage: &mut Damage) -> Vec<Finding> {
        let path = key_path(document, error.instance_path().as_str());
        let node = document.nearest(&path);
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                unexpected.iter().map(|key| self.unknown_key(node, &path, key, damage)).collect()
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let problem = (!damage.mentions(key)).then(|| missing_key(node, &path, key));
                vec![Finding { problem, lost: path }]
            }
            ValidationErrorKind::Type { kind } => {
                let problem = self.wrong_type(node, (&path, &document.written(&path)), kind);
                vec![Finding { problem: Some(problem), lost: path }]
            }
            _ => {
                let problem = self.bad_value(node, (&path, &document.written(&path)), error);
                vec![Finding { problem: Some(problem), lost: path }]
            }
        }
    }

    fn unknown_key(&self, table: &Node, path: &KeyPath, key: &str, damage: &mut Damage) -> Finding {
        let place = table.get(key).and_then(|node| node.origin.key.or(node.origin.span));
        let table_name =
            if path.segments().is_empty() { "the platform".to_owned() } else { format!("`{path}`") };
        let known = self.keys_of(path);
        let near = did_you_mean(key, known.iter().map(String::as_str));
        if let Some(near) = near {
            damage.lose_word(near);
        }
        let hint = near.map_or_else(
            || format!("the keys are {}", list(&known)),
            |near| format!("did you mean `{near}`?"),
        );
        let problem = Diagnostic::new(&UNKNOWN_KEY, format!("{table_name} has no key `{key}`"));
        Finding { problem: Some(problem.at(place, "").hint(hint)), lost: path.key(key) }
    }

    fn wrong_type(&self, node: &Node, (path, written): (&KeyPath, &KeyPath), kind: &TypeKind) -> Diagnostic {
        let mut wanted: Vec<&str> = match kind {
            TypeKind::Single(kind) => vec![json_name(*kind)],
            TypeKind::Multiple(kinds) => kinds.iter().map(json_name).collect(),
        };
        let schema = self.schema_at(path);
        let forms = schema.and_then(|schema| schema.get(super::schema::SHORT)?.as_object());
        wanted.extend(forms.into_iter().flatten().map(|(kind, _)| kind.as_str()));
        let words: Vec<&str> = wanted.iter().map(|kind| type_name(kind)).collect();
        let message = format!("`{written}` is {}, and takes {}", value_name(node), words.join(" or "));
        let hint = mend(node, &wanted).unwrap_or_else(|| match schema.map(keys).as_deref() {
            None | Some([]) => format!("write {}", words.join(" or ")),
            Some(keys) => format!("write a table; its keys are {}", list(keys)),
        });
        Diagnostic::new(&WRONG_TYPE, message).at(node.place(), "").hint(hint)
    }

    fn bad_value(
        &self,
        node: &Node,
        (path, written): (&KeyPath, &KeyPath),
        error: &ValidationError<'_>,
    ) -> Diagnostic {
        let choices: Vec<String> = self.schema_at(path).map(choices).unwrap_or_default();
        let (message, hint) = match error.kind() {
            ValidationErrorKind::Maximum { limit } => {
                let message = format!("`{written}` is {}, and {limit} is the most", error.instance());
                (message, format!("write a number up to {limit}"))
            }
            ValidationErrorKind::Minimum { limit } => {
                let message = format!("`{written}` is {}, and {limit} is the least", error.instance());
                (message, format!("write a number from {limit} on"))
            }
            _ => {
                let found =
                    node.as_str().map_or_else(|| value_name(node).to_owned(), |text| format!("`{text}`"));
                let near =
                    did_you_mean(node.as_str().unwrap_or_default(), choices.iter().map(String::as_str));
                let listed = format!("the values are {}", list(&choices));
                let hint = near.map_or(listed, |near| format!("did you mean `{near}`?"));
                (format!("`{written}` cannot be {found}"), hint)
            }
        };
        Diagnostic::new(&BAD_VALUE, message).at(node.place(), "").hint(hint)
    }

    fn schema_at(&self, path: &KeyPath) -> Option<&Value> {
        path.segments().iter().try_fold(&self.schema, |schema, segment| match segment {
            Segment::Key(key) => field(&self.schema, schema, key),
            Segment::Index(_) => schema.get("items").map(|items| super::schema::resolve(&self.schema, items)),
        })
    }

    fn keys_of(&self, path: &KeyPath) -> Vec<String> {
        self.schema_at(path).map(keys).unwrap_or_default()
    }
}

/// The keys of the table that `schema` describes.
fn keys(schema: &Value) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

fn missing_key(table: &Node, path: &KeyPath, key: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_KEY, format!("`{path}` lacks `{key}`"))
        .at(table.place(), "")
        .hint(format!("add `{key} = \"…\"`"))
}

/// Takes the values at `lost` out of the document, the last of a list first, so that the others stay where they are.
fn take_out(document: &mut Node, mut lost: Vec<KeyPath>, damage: &mut Damage) {
    lost.sort();
    lost.dedup();
    for path in lost.iter().rev() {
        let table = path.parent().unwrap_or_default();
        if let (Some(node), Some(table)) = (document.at(path), document.at(&table)) {
            damage.lose(path.last_key().unwrap_or_default(), node, table);
        }
        document.remove(path);
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

const fn json_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "array",
        JsonType::Boolean => "boolean",
        JsonType::Integer => "integer",
        JsonType::Null => "null",
        JsonType::Number => "number",
        JsonType::Object => "object",
        JsonType::String => "string",
    }
}

fn type_name(kind: &str) -> &'static str {
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
