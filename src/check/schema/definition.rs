//! One schema, read once from JSON into the shape that the walker reads quickly.
//!
//! Takes the JSON Schema of a built-in definition or the `openAPIV3Schema` of a custom resource; what neither of them
//! can hold is left out, so a keyword that bayplan does not know never refuses anything.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::Regex;

use super::validations::Validation;
use crate::value::{Map, Value};

/// A schema and all schemas within it.
#[derive(Debug, Default)]
pub(super) struct Schema {
    /// The name of the definition that stands for this schema.
    pub reference: Option<Reference>,
    pub types: Types,
    pub properties: BTreeMap<String, Schema>,
    pub additional: Additional,
    pub required: Vec<String>,
    pub items: Option<Box<Schema>>,
    pub format: Format,
    pub extensions: Extensions,
    /// Rare outside custom resources, hence on the side.
    pub constraints: Option<Box<Constraints>>,
    /// The rules that a definition of a custom resource adds.
    pub validations: Vec<Validation>,
    /// What the API server sets where the field is not there.
    pub default: Option<Box<Value>>,
    /// Whether there are rules here or anywhere below.
    pub rules_below: bool,
    /// Whether there are defaults anywhere below.
    pub defaults_below: bool,
}

/// A `$ref`, and where the definition is once that is known.
#[derive(Debug)]
pub(super) struct Reference {
    pub name: String,
    pub definition: Option<usize>,
}

/// A set of JSON types; the empty set allows every type.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub const STRING: Self = Self(1 << 2);
    pub const NUMBER: Self = Self(1 << 5);
    const NAMES: [&str; 6] = ["object", "array", "string", "boolean", "integer", "number"];

    fn read(value: &Value) -> Self {
        let names = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let bit = |name: &Value| Self::NAMES.iter().position(|known| name == known);
        Self(names.iter().filter_map(bit).fold(0, |bits, at| bits | 1 << at))
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a value fits. A number without a fraction is an integer, as in JSON Schema.
    pub fn allow(self, value: &Value) -> bool {
        self.is_empty() || self.0 & Self::of(value) != 0
    }

    fn of(value: &Value) -> u8 {
        match value {
            Value::Object(_) => 1,
            Value::Array(_) => 1 << 1,
            Value::String(_) => 1 << 2,
            Value::Bool(_) => 1 << 3,
            Value::Number(number) if is_whole(number) => 1 << 4 | 1 << 5,
            Value::Number(_) => 1 << 5,
            Value::Null => 0,
        }
    }

    /// The types in words: `integer or string`.
    pub fn describe(self) -> String {
        let names: Vec<_> = (0..6).filter(|at| self.0 & 1 << at != 0).map(|at| Self::NAMES[at]).collect();
        names.join(" or ")
    }
}

fn is_whole(number: &serde_json::Number) -> bool {
    !number.is_f64() || number.as_f64().is_some_and(|it| it.fract() == 0.0)
}

/// What may stand in an object beside its `properties`.
#[derive(Debug, Default)]
pub(super) enum Additional {
    /// Nothing, unless an extension preserves unknown fields.
    #[default]
    Closed,
    /// Anything.
    Open,
    /// Any key with a value of that schema: a map.
    Each(Box<Schema>),
}

/// The formats that are checked; others are annotations.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    #[default]
    None,
    Int32,
    Int64,
    Byte,
    DateTime,
    Date,
    Duration,
    Quantity,
    IntOrString,
    Ipv4,
    Ipv6,
    Cidr,
    Uuid,
}

impl Format {
    fn read(name: &str) -> Self {
        match name {
            "int32" => Self::Int32,
            "int64" => Self::Int64,
            "byte" => Self::Byte,
            "date-time" | "datetime" => Self::DateTime,
            "date" => Self::Date,
            "duration" => Self::Duration,
            "quantity" => Self::Quantity,
            "int-or-string" => Self::IntOrString,
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            "cidr" => Self::Cidr,
            "uuid" => Self::Uuid,
            _ => Self::None,
        }
    }
}

/// The `x-kubernetes-…` keywords and their like.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a keyword of its own in the schema")]
pub(super) struct Extensions {
    pub preserve_unknown_fields: bool,
    pub int_or_string: bool,
    pub embedded_resource: bool,
    pub nullable: bool,
    pub list: ListKind,
}

/// `x-kubernetes-list-type`, where it forbids duplicates.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum ListKind {
    #[default]
    Atomic,
    Set,
    Map(Vec<String>),
}

/// Value validations.
#[derive(Debug, Default)]
pub(super) struct Constraints {
    pub allowed: Vec<Value>,
    pub pattern: Option<Pattern>,
    pub minimum: Option<Bound>,
    pub maximum: Option<Bound>,
    pub multiple_of: Option<f64>,
    pub length: Range,
    pub items: Range,
    pub properties: Range,
    pub unique_items: bool,
    pub all_of: Vec<Schema>,
    pub any_of: Vec<Schema>,
    pub one_of: Vec<Schema>,
    pub not: Option<Schema>,
}

/// A limit of a number, within it or short of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bound {
    pub value: f64,
    pub exclusive: bool,
}

/// A least and a greatest count.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub least: Option<u64>,
    pub most: Option<u64>,
}

/// A regular expression, compiled when it is first needed.
#[derive(Debug)]
pub(super) struct Pattern {
    pub text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Whether the text matches. An expression that cannot be compiled matches everything: kube-apiserver would have
    /// refused the definition, which is another finding.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| Regex::new(&self.text).ok())
            .as_ref()
            .is_none_or(|regex| regex.is_match(text))
    }
}

impl Schema {
    /// Reads a schema. Anything that is not an object allows everything.
    pub fn read(value: &Value) -> Self {
        let Some(fields) = value.as_object() else { return Self::anything() };
        let mut schema = Self {
            reference: fields.get("$ref").and_then(Value::as_str).map(Reference::read),
            types: fields.get("type").map(Types::read).unwrap_or_default(),
            properties: read_map(fields, "properties"),
            additional: Additional::read(fields.get("additionalProperties")),
            required: strings(fields, "required"),
            items: fields.get("items").map(|items| Box::new(Self::read(items))),
            format: fields.get("format").and_then(Value::as_str).map(Format::read).unwrap_or_default(),
            extensions: Extensions::read(fields),
            constraints: Constraints::read(fields),
            validations: Validation::read_all(fields),
            default: fields.get("default").filter(|it| !it.is_null()).map(|it| Box::new(it.clone())),
            ..Self::default()
        };
        let parts = || schema.properties.values().chain(schema.items.as_deref()).chain(schema.each());
        let rules_below = !schema.validations.is_empty() || parts().any(|it| it.rules_below);
        let defaults_below = parts().any(|it| it.default.is_some() || it.defaults_below);
        (schema.rules_below, schema.defaults_below) = (rules_below, defaults_below);
        schema
    }

    /// The schema of each value of a map.
    pub fn each(&self) -> Option<&Self> {
        match &self.additional {
            Additional::Each(schema) => Some(schema),
            _ => None,
        }
    }

    /// The schema that every value fits.
    pub fn anything() -> Self {
        let extensions = Extensions { preserve_unknown_fields: true, ..Extensions::default() };
        Self { additional: Additional::Open, extensions, ..Self::default() }
    }

    /// Tells each reference where its definition is.
    pub fn link(&mut self, find: &dyn Fn(&str) -> Option<usize>) {
        if let Some(reference) = &mut self.reference {
            reference.definition = find(&reference.name);
        }
        for schema in self.parts_mut() {
            schema.link(find);
        }
    }

    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        let each = match &mut self.additional {
            Additional::Each(schema) => Some(schema.as_mut()),
            _ => None,
        };
        let junctors = self.constraints.iter_mut().flat_map(|it| {
            it.all_of.iter_mut().chain(&mut it.any_of).chain(&mut it.one_of).chain(&mut it.not)
        });
        self.properties.values_mut().chain(each).chain(self.items.as_deref_mut()).chain(junctors)
    }
}

impl Reference {
    fn read(text: &str) -> Self {
        let name = text.rsplit('/').next().unwrap_or(text);
        Self { name: name.to_owned(), definition: None }
    }
}

impl Additional {
    fn read(value: Option<&Value>) -> Self {
        match value {
            None | Some(Value::Bool(false)) => Self::Closed,
            Some(Value::Bool(true)) => Self::Open,
            Some(schema) => Self::Each(Box::new(Schema::read(schema))),
        }
    }
}

impl Extensions {
    fn read(fields: &Map) -> Self {
        let flag = |key: &str| fields.get(key).and_then(Value::as_bool).unwrap_or(false);
        let list = match fields.get("x-kubernetes-list-type").and_then(Value::as_str) {
            Some("set") => ListKind::Set,
            Some("map") => ListKind::Map(strings(fields, "x-kubernetes-list-map-keys")),
            _ => ListKind::Atomic,
        };
        Self {
            preserve_unknown_fields: flag("x-kubernetes-preserve-unknown-fields"),
            int_or_string: flag("x-kubernetes-int-or-string"),
            embedded_resource: flag("x-kubernetes-embedded-resource"),
            nullable: flag("nullable"),
            list,
        }
    }
}

impl Constraints {
    const KEYWORDS: [&str; 15] = [
        "enum",
        "pattern",
        "minimum",
        "maximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "allOf",
        "anyOf",
        "oneOf",
    ];

    fn read(fields: &Map) -> Option<Box<Self>> {
        let any =
            Self::KEYWORDS.iter().any(|keyword| fields.contains_key(keyword)) || fields.contains_key("not");
        any.then(|| Box::new(Self::read_all(fields)))
    }

    fn read_all(fields: &Map) -> Self {
        let schemas = |key: &str| list(fields, key).iter().map(Schema::read).collect();
        Self {
            allowed: list(fields, "enum").to_vec(),
            pattern: fields
                .get("pattern")
                .and_then(Value::as_str)
                .map(|text| Pattern { text: text.to_owned(), compiled: OnceLock::new() }),
            minimum: Bound::read(fields, "minimum", "exclusiveMinimum"),
            maximum: Bound::read(fields, "maximum", "exclusiveMaximum"),
            multiple_of: fields.get("multipleOf").and_then(Value::as_f64),
            length: Range::read(fields, "minLength", "maxLength"),
            items: Range::read(fields, "minItems", "maxItems"),
            properties: Range::read(fields, "minProperties", "maxProperties"),
            unique_items: fields.get("uniqueItems").and_then(Value::as_bool).unwrap_or(false),
            all_of: schemas("allOf"),
            any_of: schemas("anyOf"),
            one_of: schemas("oneOf"),
            not: fields.get("not").map(Schema::read),
        }
    }
}

impl Bound {
    /// `exclusiveMinimum` is a boolean beside `minimum` in the `OpenAPI` version that custom resources use.
    fn read(fields: &Map, key: &str, exclusive: &str) -> Option<Self> {
        let value = fields.get(key)?.as_f64()?;
        Some(Self { value, exclusive: fields.get(exclusive).and_then(Value::as_bool).unwrap_or(false) })
    }
}

impl Range {
    fn read(fields: &Map, least: &str, most: &str) -> Self {
        let count = |key: &str| fields.get(key).and_then(Value::as_u64);
        Self { least: count(least), most: count(most) }
    }
}

fn read_map(fields: &Map, key: &str) -> BTreeMap<String, Schema> {
    let Some(map) = fields.get(key).and_then(Value::as_object) else { return BTreeMap::new() };
    map.iter().map(|(name, schema)| (name.to_string(), Schema::read(schema))).collect()
}

fn list<'a>(fields: &'a Map, key: &str) -> &'a [Value] {
    fields.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn strings(fields: &Map, key: &str) -> Vec<String> {
    list(fields, key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
