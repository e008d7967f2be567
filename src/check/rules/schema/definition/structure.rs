//! Whether a schema is structural: each value has a type, nothing is said twice, and nothing that the API server cannot
//! prune, default or publish by is in it.
//!
//! <https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema>

use regex::Regex;

use super::{junctors, rules};
use crate::check::Schemas;
use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

const TYPES: [&str; 6] = ["object", "array", "string", "boolean", "integer", "number"];

/// Where a schema stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Root,
    /// The root of an embedded object.
    Field,
    Item,
}

pub(in crate::check::rules::schema) fn check(
    schemas: &Schemas,
    schema: &Value,
    at: &KeyPath,
    flaws: &mut Flaws,
) {
    if schema.get("type").is_some() && schema.text_or_empty("type") != "object" {
        let message = "the schema of a whole object has to be of the type object".to_owned();
        flaws.push((at.key("type"), message));
    }
    if schema.get("nullable").and_then(Value::as_bool) == Some(true) {
        flaws.push((at.key("nullable"), "a whole object cannot be null".to_owned()));
    }
    if schema.get("additionalProperties").is_some() {
        let message = "a whole object cannot be a map".to_owned();
        flaws.push((at.key("additionalProperties"), message));
    }
    Walk { schemas, flaws, maps: 0 }.level(schema, at, Role::Root);
}

/// What the root of a schema may not say where there is a subresource `status`.
pub(in crate::check::rules::schema) fn check_root(schema: &Value, at: &KeyPath, flaws: &mut Flaws) {
    const KEYWORDS: [&str; 10] = [
        "enum",
        "maxProperties",
        "minProperties",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "x-kubernetes-map-type",
        "x-kubernetes-int-or-string",
        "x-kubernetes-embedded-resource",
    ];
    let says = |key: &&&str| match schema.get(**key) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(_) => true,
    };
    for key in KEYWORDS.iter().filter(says) {
        flaws.push((
            at.clone(),
            format!("`{key}` cannot stand at the root where there is a subresource `status`"),
        ));
    }
}

struct Walk<'w> {
    schemas: &'w Schemas,
    flaws: &'w mut Flaws,
    /// How many maps the walk is within. Nobody reads a default there.
    maps: usize,
}

impl Walk<'_> {
    fn add(&mut self, at: KeyPath, message: impl Into<String>) {
        self.flaws.push((at, message.into()));
    }

    fn level(&mut self, schema: &Value, at: &KeyPath, role: Role) {
        if !schema.is_object() {
            return;
        }
        self.typed(schema, at, role);
        self.parts(schema, at);
        self.extensions(schema, at);
        self.lists(schema, at);
        self.unsupported(schema, at);
        self.values(schema, at);
        rules::check(schema, at, self.flaws);
        if role == Role::Root || schema.is_true("x-kubernetes-embedded-resource") {
            self.object(schema, at);
        }
        if role == Role::Root {
            self.top_level_defaults(schema, at);
        }
        junctors::check(schema, at, self.flaws);
        for (name, part) in schema.entries("properties") {
            self.level(part, &at.key("properties").key(name), Role::Field);
        }
        if let Some(items) = schema.child("items") {
            self.level(items, &at.key("items"), Role::Item);
        }
        if let Some(each) = schema.child("additionalProperties") {
            self.maps += 1;
            self.level(each, &at.key("additionalProperties"), Role::Field);
            self.maps -= 1;
        }
    }

    fn typed(&mut self, schema: &Value, at: &KeyPath, role: Role) {
        let kind = schema.text_or_empty("type");
        let either = schema.is_true("x-kubernetes-int-or-string");
        let open = schema.is_true("x-kubernetes-preserve-unknown-fields");
        if kind == "null" {
            self.add(at.key("type"), "`type: null` is not there; say `nullable: true` beside another type");
        } else if !kind.is_empty() && !TYPES.contains(&kind) {
            self.add(at.key("type"), format!("`{kind}` is none of the types {}", TYPES.join(", ")));
        }
        if kind.is_empty() && !either && (!open || role == Role::Root) {
            let what = match role {
                Role::Root => "the whole object",
                Role::Field => "a field",
                Role::Item => "the items of a list",
            };
            self.add(at.key("type"), format!("the type of {what} is missing"));
        }
        if schema.is_true("nullable") && kind.is_empty() && !either && !open {
            self.add(at.key("nullable"), "what may be null has a type");
        }
    }

    /// Fields, maps and items fit the type.
    fn parts(&mut self, schema: &Value, at: &KeyPath) {
        let kind = schema.text_or_empty("type");
        let has = |key: &str| schema.child(key).is_some();
        let fields = schema.entries("properties").next().is_some();
        if kind == "array" && !has("items") {
            self.add(at.key("items"), "what the items of the list are is missing");
        }
        if schema.get("items").is_some_and(Value::is_array) {
            self.add(at.key("items"), "a list has one schema for all of its items");
        }
        let restricts = |map: &Value| map.is_object() || *map == Value::Bool(false);
        if fields && schema.get("additionalProperties").is_some_and(restricts) {
            self.add(at.key("additionalProperties"), "an object has either fields or is a map");
        }
    }

    fn extensions(&mut self, schema: &Value, at: &KeyPath) {
        let kind = schema.text_or_empty("type");
        let open = "x-kubernetes-preserve-unknown-fields";
        if schema.get(open) == Some(&Value::Bool(false)) {
            self.add(at.key(open), "it is true or is not there");
        }
        if schema.is_true("x-kubernetes-embedded-resource") {
            if !kind.is_empty() && kind != "object" {
                self.add(at.key("type"), "an embedded object is of the type object");
            }
            if schema.entries("properties").next().is_none() && !schema.is_true(open) {
                self.add(at.key("properties"), format!("an embedded object has fields or `{open}`"));
            }
        }
    }

    fn lists(&mut self, schema: &Value, at: &KeyPath) {
        let kind = schema.text_or_empty("type");
        if let Some(list) = schema.text("x-kubernetes-list-type") {
            let key = at.key("x-kubernetes-list-type");
            match list {
                // What has no type at all was told already.
                "atomic" | "set" | "map"
                    if kind != "array"
                        && (!kind.is_empty() || schema.is_true("x-kubernetes-int-or-string")) =>
                {
                    self.add(at.key("type"), "only a list has `x-kubernetes-list-type`");
                }
                "atomic" => {}
                "set" => self.set(schema, at),
                "map" => self.keyed(schema, at),
                other => self.add(key, format!("a list is atomic, set or map, and not `{other}`")),
            }
        }
        let keys = schema.items("x-kubernetes-list-map-keys");
        if !keys.is_empty() && matches!(schema.text("x-kubernetes-list-type"), None | Some("atomic" | "set"))
        {
            self.add(at.key("x-kubernetes-list-type"), "only a list of the type map has keys");
        }
        if let Some(map) = schema.text("x-kubernetes-map-type") {
            if !["atomic", "granular"].contains(&map) {
                let message = format!("a map is atomic or granular, and not `{map}`");
                self.add(at.key("x-kubernetes-map-type"), message);
            } else if kind != "object" && !kind.is_empty() {
                self.add(at.key("type"), "only an object has `x-kubernetes-map-type`");
            }
        }
    }

    /// The items of a set can be told apart: scalars, or wholes that nobody merges.
    fn set(&mut self, schema: &Value, at: &KeyPath) {
        let Some(items) = schema.child("items") else { return };
        if items.is_true("nullable") {
            self.add(at.key("items").key("nullable"), "an item of a set is never null");
        }
        let (key, fits) = match items.text_or_empty("type") {
            "object" => ("x-kubernetes-map-type", items.text("x-kubernetes-map-type") == Some("atomic")),
            "array" => {
                let list = items.text("x-kubernetes-list-type");
                ("x-kubernetes-list-type", list.is_none_or(|it| it == "atomic"))
            }
            _ => return,
        };
        if !fits {
            self.add(at.key("items").key(key), "an item of a set is a scalar or atomic");
        }
    }

    fn keyed(&mut self, schema: &Value, at: &KeyPath) {
        let keys: Vec<&str> = schema.texts("x-kubernetes-list-map-keys").collect();
        let at_keys = at.key("x-kubernetes-list-map-keys");
        if keys.is_empty() {
            self.add(at_keys, "the keys by which items are told apart are missing");
            return;
        }
        let Some(items) = schema.child("items") else { return };
        if items.text_or_empty("type") != "object" {
            self.add(at.key("items").key("type"), "the items of a list of the type map are objects");
            return;
        }
        if items.is_true("nullable") {
            self.add(at.key("items").key("nullable"), "an item of a list of the type map is never null");
        }
        for (index, key) in keys.iter().enumerate() {
            if keys[..index].contains(key) {
                self.add(at_keys.index(index), format!("the key `{key}` is there twice"));
                continue;
            }
            let Some(field) = items.below(&["properties", key]) else {
                self.add(at_keys.index(index), format!("`{key}` is not a field of the items"));
                continue;
            };
            let at_field = at.key("items").key("properties").key(*key);
            if field.is_true("nullable") {
                self.add(at_field.key("nullable"), format!("the key `{key}` is never null"));
            }
            if matches!(field.text_or_empty("type"), "array" | "object") {
                self.add(at_field.key("type"), format!("the key `{key}` has to be a scalar"));
            }
            let required = items.texts("required").any(|it| it == *key) || field.child("default").is_some();
            if !required {
                self.add(
                    at_field.key("default"),
                    format!("the key `{key}` has to be required or have a default"),
                );
            }
        }
    }

    /// Keywords of JSON Schema that definitions cannot have.
    fn unsupported(&mut self, schema: &Value, at: &KeyPath) {
        const KEYWORDS: [&str; 7] =
            ["$ref", "definitions", "dependencies", "patternProperties", "additionalItems", "id", "$schema"];
        let is_there = |key: &&&str| match schema.get(**key) {
            None | Some(Value::Null) => false,
            Some(Value::Object(fields)) => !fields.is_empty() || **key == "dependencies",
            Some(Value::String(text)) => !text.is_empty(),
            Some(_) => true,
        };
        for key in KEYWORDS.iter().filter(is_there) {
            self.add(at.key(*key), format!("`{key}` cannot be used in a definition"));
        }
        if schema.is_true("uniqueItems") {
            self.add(
                at.key("uniqueItems"),
                "`uniqueItems` costs too much; use `x-kubernetes-list-type: set`",
            );
        }
    }

    fn values(&mut self, schema: &Value, at: &KeyPath) {
        if let Some(pattern) = schema.text("pattern").filter(|it| Regex::new(it).is_err()) {
            self.add(at.key("pattern"), format!("`{pattern}` is no regular expression"));
        }
        if let Some(default) = schema.child("default")
            && self.maps == 0
            && let Some(problem) = self.schemas.default_problem(schema, default)
        {
            self.add(at.key("default"), format!("the default does not fit its own schema: it {problem}"));
        }
    }

    /// What tells objects from each other has no default.
    fn top_level_defaults(&mut self, schema: &Value, at: &KeyPath) {
        let paths: [&[&str]; 4] =
            [&["kind"], &["apiVersion"], &["metadata", "name"], &["metadata", "generateName"]];
        for path in paths {
            let (mut part, mut place) = (Some(schema), at.clone());
            for name in path {
                part = part.and_then(|it| it.below(&["properties", name]));
                place = place.key("properties").key(*name);
            }
            if part.is_some_and(|part| part.child("default").is_some()) {
                self.add(place.key("default"), format!("`{}` has no default", path.join(".")));
            }
        }
    }

    /// What every object has is not said otherwise: kind, version and metadata.
    fn object(&mut self, schema: &Value, at: &KeyPath) {
        let at = at.key("properties");
        for name in ["kind", "apiVersion"] {
            if let Some(field) = schema.below(&["properties", name])
                && field.text_or_empty("type") != "string"
            {
                self.add(at.key(name).key("type"), format!("`{name}` is a string"));
            }
        }
        let Some(metadata) = schema.below(&["properties", "metadata"]) else { return };
        let at = at.key("metadata");
        if metadata.text_or_empty("type") != "object" {
            self.add(at.key("type"), "the metadata is an object");
        }
        let odd = |(name, value): &(&str, &Value)| {
            !["type", "properties", "description", "title"].contains(name) && !value.is_null()
        };
        let fields =
            metadata.entries("properties").any(|(name, _)| !["name", "generateName"].contains(&name));
        if fields || metadata.as_object().into_iter().flatten().any(|(key, value)| odd(&(key, value))) {
            self.add(at, "nothing is said of the metadata but of `name` and `generateName`");
        }
    }
}
