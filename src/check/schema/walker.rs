//! Walks a value against a schema and says everything that is wrong with it, each with its path.
//!
//! One walker serves built-in kinds and custom resources. Objects are closed unless the schema opens them, as strict
//! decoding in kube-apiserver has it; a null counts as absent, as its decoder has it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::definition::{Additional, Format, ListKind, Schema};
use super::library::{Kind, Schemas};
use super::{constraints, formats, validations};
use crate::diag::did_you_mean;
use crate::source::{KeyPath, Segment};
use crate::value::{Map, Value};

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The field, from the root of the object.
    pub path: KeyPath,
    /// What sort of mistake it is.
    pub kind: ViolationKind,
    /// One line in lower case that does not name the field.
    pub message: String,
    /// A remedy, if one is at hand.
    pub hint: Option<String>,
}

/// The sorts of mistakes that a schema can find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ViolationKind {
    /// A value of the wrong type, or a number out of the range of its type.
    Type,
    /// A field that must be there and is not.
    Required,
    /// A field that the schema does not have.
    UnknownField,
    /// A value that its enumeration, pattern, format or bounds forbid.
    Constraint,
    /// A quantity that cannot be read.
    Quantity,
    /// A null that the API server would drop in silence.
    Null,
    /// An item that a set or a keyed list has already.
    DuplicateItem,
    /// A value that a rule of its definition refuses.
    Rule,
    /// A value that a rule of its definition could not be asked about.
    RuleUnjudged,
}

/// Everything that is wrong with `value`, which says that it is of `kind`.
#[must_use]
pub fn validate(schemas: &Schemas, kind: &Kind, value: &Value) -> Vec<Violation> {
    let schema = schemas.schema_of(kind);
    if !kind.is_custom() {
        let mut walker = Walker { schemas, custom: false, path: Vec::new(), found: Vec::new() };
        walker.walk(schema, value, Mode::Structural);
        return walker.found;
    }
    let mut defaulted = Cow::Borrowed(value);
    if schema.defaults_below {
        validations::apply_defaults(schema, defaulted.to_mut());
    }
    let mut found = walked(schemas, schema, &defaulted, Mode::Structural);
    found.extend(scale_problem(&kind.scale, &defaulted));
    // The API server asks the rules once the object is of its shape.
    let is_mere = |it: &Violation| matches!(it.kind, ViolationKind::Null | ViolationKind::UnknownField);
    if schema.rules_below && found.iter().all(is_mere) {
        found.extend(validations::check(schema, &defaulted));
    }
    found
}

/// What is wrong with the count of replicas that the subresource `scale` reads.
fn scale_problem(path: &[String], value: &Value) -> Option<Violation> {
    let count =
        path.iter().try_fold(value, |value, key| value.get(key)).filter(|_| !path.is_empty())?.as_i64()?;
    let fits = (0..=i64::from(i32::MAX)).contains(&count);
    (!fits).then(|| Violation {
        path: path.iter().map(|key| Segment::Key(key.clone())).collect(),
        kind: ViolationKind::Constraint,
        message: format!("is the count that the object is scaled by: from 0 to {}, and is {count}", i32::MAX),
        hint: None,
    })
}

/// What is wrong with a value by a schema of a definition.
fn walked(schemas: &Schemas, schema: &Schema, value: &Value, mode: Mode) -> Vec<Violation> {
    let mut walker = Walker { schemas, custom: true, path: Vec::new(), found: Vec::new() };
    walker.walk(schema, value, mode);
    walker.found
}

/// What is wrong with a default by the schema that it stands in, which need not be filled out any further.
pub(super) fn default_violations(schemas: &Schemas, schema: &Schema, value: &Value) -> Vec<Violation> {
    let mut value = value.clone();
    validations::apply_defaults(schema, &mut value);
    let mut found = walked(schemas, schema, &value, Mode::Structural);
    if found.is_empty() {
        let broken = validations::check(schema, &value).into_iter();
        found.extend(broken.filter(|it| it.kind == ViolationKind::Rule));
    }
    found
}

/// Whether a schema says which fields there are, or only restricts the values of fields that another schema names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Structural,
    Restricting,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

pub(super) struct Walker<'a> {
    pub schemas: &'a Schemas,
    pub custom: bool,
    path: Vec<Step<'a>>,
    found: Vec<Violation>,
}

impl<'a> Walker<'a> {
    pub fn walk(&mut self, schema: &'a Schema, value: &'a Value, mode: Mode) {
        let schema = self.schemas.resolve(schema);
        if value.is_null() {
            self.null(schema);
            return;
        }
        if !self.fits(schema, value) {
            return;
        }
        formats::check(self, schema, value);
        match value {
            Value::Object(fields) => self.object(schema, fields, mode),
            Value::Array(items) => self.array(schema, items, mode),
            _ => {}
        }
        if let Some(constraints) = &schema.constraints {
            constraints::check(self, constraints, value, self.junctor_mode(mode));
        }
    }

    pub fn report(&mut self, kind: ViolationKind, message: String) {
        self.report_with(kind, message, None);
    }

    /// The mistakes that a schema would find here, not yet reported.
    pub fn attempt(&mut self, schema: &'a Schema, value: &'a Value, mode: Mode) -> Vec<Violation> {
        let before = std::mem::take(&mut self.found);
        self.walk(schema, value, mode);
        std::mem::replace(&mut self.found, before)
    }

    pub fn adopt(&mut self, found: Vec<Violation>) {
        self.found.extend(found);
    }

    /// Junctors of custom resources only restrict; those of built-in kinds are alternatives in full.
    const fn junctor_mode(&self, mode: Mode) -> Mode {
        if self.custom { Mode::Restricting } else { mode }
    }

    fn report_with(&mut self, kind: ViolationKind, message: String, hint: Option<String>) {
        let path = self.path.iter().map(|step| step.to_segment()).collect();
        self.found.push(Violation { path, kind, message, hint });
    }

    /// A null stands only where the schema is nullable; elsewhere the API server takes the field for one that is not there.
    fn null(&mut self, schema: &Schema) {
        let extensions = &schema.extensions;
        if !(extensions.nullable || schema.types.is_empty() && extensions.preserve_unknown_fields) {
            self.report(ViolationKind::Null, "is null, which the API server drops in silence".to_owned());
        }
    }

    fn fits(&mut self, schema: &Schema, value: &Value) -> bool {
        // To Go's decoder a list of small numbers is bytes too.
        if schema.format == Format::Byte && !self.custom && is_bytes(value) {
            return true;
        }
        let either = schema.extensions.int_or_string;
        let fits = schema.types.allow(value) && (!either || is_int_or_string(value));
        if !fits {
            let wanted = if either { "integer or string".to_owned() } else { schema.types.describe() };
            let message = format!("must be {}, and is {}", article(&wanted), article(value.type_name()));
            self.report_with(ViolationKind::Type, message, quoting_hint(&wanted, value));
        }
        fits
    }

    fn object(&mut self, schema: &'a Schema, fields: &'a Map, mode: Mode) {
        for name in &schema.required {
            if fields.get(name).is_none_or(|value| value.is_null() && !self.is_filled(schema, name)) {
                self.at(Step::Key(name), |walker| {
                    walker.report(ViolationKind::Required, "is required".to_owned());
                });
            }
        }
        for (name, value) in fields {
            self.field(schema, name, value, mode);
        }
    }

    /// Whether a null may stand for a field, or a default takes its place.
    fn is_filled(&self, schema: &Schema, name: &str) -> bool {
        let filled = |field: &Schema| field.extensions.nullable || self.custom && field.default.is_some();
        schema.properties.get(name).is_some_and(|field| filled(self.schemas.resolve(field)))
    }

    fn field(&mut self, schema: &'a Schema, name: &'a str, value: &'a Value, mode: Mode) {
        let inner = match (schema.properties.get(name), &schema.additional) {
            (Some(field), _) => Some(field),
            (None, Additional::Each(each)) => Some(each.as_ref()),
            (None, _) => None,
        };
        // A required field that is null has been reported as missing.
        if value.is_null() && schema.required.iter().any(|it| it == name) {
            return;
        }
        match inner {
            Some(inner) => self.at(Step::Key(name), |walker| walker.walk(inner, value, mode)),
            None if mode == Mode::Structural && is_closed(schema) => self.unknown(schema, name),
            None => {}
        }
    }

    fn unknown(&mut self, schema: &'a Schema, name: &'a str) {
        let near = did_you_mean(name, schema.properties.keys().map(String::as_str));
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        self.at(Step::Key(name), |walker| {
            walker.report_with(ViolationKind::UnknownField, "is not a field of the schema".to_owned(), hint);
        });
    }

    fn array(&mut self, schema: &'a Schema, items: &'a [Value], mode: Mode) {
        if let Some(item) = &schema.items {
            for (index, value) in items.iter().enumerate() {
                self.at(Step::Index(index), |walker| walker.item(item, value, mode));
            }
        }
        self.duplicates(&schema.extensions.list, items);
    }

    /// An item. A null one is an empty struct to the decoder, so a built-in kind lacks in it all that it requires; in a
    /// custom resource nothing drops it.
    fn item(&mut self, schema: &'a Schema, value: &'a Value, mode: Mode) {
        let required = &self.schemas.resolve(schema).required;
        let types = schema.types;
        if value.is_null() && self.custom && !schema.extensions.nullable && !types.is_empty() {
            let message = format!("must be {}, and is null", article(&types.describe()));
            self.report(ViolationKind::Type, message);
            return;
        }
        if !value.is_null() || self.custom || required.is_empty() {
            self.walk(schema, value, mode);
            return;
        }
        for name in required {
            self.at(Step::Key(name), |walker| {
                walker.report(ViolationKind::Required, "is required".to_owned());
            });
        }
    }

    fn duplicates(&mut self, list: &ListKind, items: &'a [Value]) {
        let mut seen = BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            let identity = match list {
                ListKind::Atomic => return,
                ListKind::Set => item.to_string(),
                ListKind::Map(keys) => {
                    let values: Vec<_> = keys.iter().map(|key| item[key.as_str()].to_string()).collect();
                    values.join(",")
                }
            };
            if !seen.insert(identity) {
                self.at(Step::Index(index), |walker| {
                    walker.report(ViolationKind::DuplicateItem, "is in the list already".to_owned());
                });
            }
        }
    }

    fn at(&mut self, step: Step<'a>, walk: impl FnOnce(&mut Self)) {
        self.path.push(step);
        walk(self);
        self.path.pop();
    }
}

impl Step<'_> {
    fn to_segment(self) -> Segment {
        match self {
            Self::Key(key) => Segment::Key(key.to_owned()),
            Self::Index(index) => Segment::Index(index),
        }
    }
}

/// A schema without a type says nothing of fields.
fn is_closed(schema: &Schema) -> bool {
    let says_fields = !schema.types.is_empty() || !schema.properties.is_empty();
    says_fields
        && matches!(schema.additional, Additional::Closed)
        && !schema.extensions.preserve_unknown_fields
}

fn is_bytes(value: &Value) -> bool {
    // A null is a zero to the decoder.
    let is_byte = |it: &Value| it.is_null() || it.as_u64().is_some_and(|it| it < 256);
    value.as_array().is_some_and(|items| items.iter().all(is_byte))
}

fn is_int_or_string(value: &Value) -> bool {
    value.is_string() || value.is_i64() || value.is_u64()
}

fn quoting_hint(wanted: &str, value: &Value) -> Option<String> {
    (wanted == "string" && (value.is_number() || value.is_boolean()))
        .then(|| format!("write it in quotes: \"{value}\""))
}

fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}
