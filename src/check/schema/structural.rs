//! What keeps a `CustomResourceDefinition` from being one that the API server takes: fields that are missing, and schemas
//! that are not structural.
//!
//! Takes a whole definition; gives every problem with its path from the root of the definition. CEL rules are not read.
//!
//! Source of the rules: <https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema>
//! and `ValidateCustomResourceDefinition` in k8s.io/apiextensions-apiserver.

use serde_json::{Map, Value};

use crate::source::KeyPath;

/// One thing that is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionProblem {
    /// Where, from the root of the definition.
    pub path: KeyPath,
    /// One line in lower case that does not name the place.
    pub message: String,
}

/// The API version of definitions; the one before it, `v1beta1`, is gone since Kubernetes 1.22.
const API_VERSION: &str = "apiextensions.k8s.io/v1";

/// The keywords of JSON Schema that no schema of a definition may have.
const FORBIDDEN: [&str; 9] = [
    "$ref",
    "definitions",
    "dependencies",
    "deprecated",
    "discriminator",
    "id",
    "patternProperties",
    "readOnly",
    "writeOnly",
];

/// What a schema below `allOf`, `anyOf`, `oneOf` or `not` may not say, since it only restricts.
const NOT_IN_JUNCTORS: [&str; 4] = ["default", "description", "nullable", "type"];

/// Everything that is wrong with a definition; nothing where the API server would take it.
#[must_use]
pub fn definition_problems(definition: &Value) -> Vec<DefinitionProblem> {
    let mut found = Problems::default();
    let root = KeyPath::root();
    if definition.get("apiVersion").and_then(Value::as_str) != Some(API_VERSION) {
        // What else an older definition says stands elsewhere than in this one.
        found.add(&root.key("apiVersion"), format!("must be {API_VERSION}"));
        return found.0;
    }
    names(definition, &mut found);
    versions(definition, &mut found);
    found.0
}

#[derive(Debug, Default)]
struct Problems(Vec<DefinitionProblem>);

impl Problems {
    fn add(&mut self, path: &KeyPath, message: impl Into<String>) {
        self.0.push(DefinitionProblem { path: path.clone(), message: message.into() });
    }
}

fn names(definition: &Value, found: &mut Problems) {
    let spec = KeyPath::of(["spec"]);
    for (pointer, path) in [
        ("/spec/group", spec.key("group")),
        ("/spec/names/kind", spec.key("names").key("kind")),
        ("/spec/names/plural", spec.key("names").key("plural")),
    ] {
        if text(definition, pointer).is_empty() {
            found.add(&path, "is missing or empty");
        }
    }
    if !["Namespaced", "Cluster"].contains(&text(definition, "/spec/scope")) {
        found.add(&spec.key("scope"), "must be Namespaced or Cluster");
    }
    if definition.pointer("/spec/preserveUnknownFields") == Some(&Value::Bool(true)) {
        found.add(&spec.key("preserveUnknownFields"), "must be false: unknown fields are kept by the schema");
    }
    let wanted = format!("{}.{}", text(definition, "/spec/names/plural"), text(definition, "/spec/group"));
    if !wanted.starts_with('.') && !wanted.ends_with('.') && text(definition, "/metadata/name") != wanted {
        found.add(&KeyPath::of(["metadata", "name"]), format!("must be {wanted}, the plural and the group"));
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn versions(definition: &Value, found: &mut Problems) {
    let path = KeyPath::of(["spec", "versions"]);
    let Some(versions) = definition.pointer("/spec/versions").and_then(Value::as_array) else {
        return found.add(&path, "is missing");
    };
    if !versions.iter().any(|version| version["served"] == Value::Bool(true)) {
        found.add(&path, "has no version that is served");
    }
    for (index, version) in versions.iter().enumerate() {
        let at = path.index(index);
        if version["name"].as_str().is_none_or(str::is_empty) {
            found.add(&at.key("name"), "is missing or empty");
        }
        let below = at.key("schema").key("openAPIV3Schema");
        match version.pointer("/schema/openAPIV3Schema") {
            Some(schema) => root_schema(schema, &below, found),
            None => found.add(&below, "is missing: every version has a schema"),
        }
    }
}

fn root_schema(schema: &Value, path: &KeyPath, found: &mut Problems) {
    if schema["type"] != "object" {
        found.add(&path.key("type"), "must be object: it describes whole objects");
    }
    whole(schema, path, found);
    metadata(schema, path, found);
}

/// A schema that says which fields there are.
fn whole(schema: &Value, path: &KeyPath, found: &mut Problems) {
    let Some(fields) = schema.as_object() else { return found.add(path, "must be a table: a schema") };
    let flag = |key: &str| fields.get(key) == Some(&Value::Bool(true));
    if fields.get("type").and_then(Value::as_str).is_none_or(str::is_empty)
        && !flag("x-kubernetes-int-or-string")
        && !flag("x-kubernetes-preserve-unknown-fields")
    {
        found.add(path, "has no `type`");
    }
    keywords(fields, path, found);
    if schema["type"] == "array" && !schema["items"].is_object() {
        found.add(&path.key("items"), "is missing: a list says what is in it");
    }
    if flag("x-kubernetes-embedded-resource") {
        metadata(schema, path, found);
    }
    each_part(fields, path, |part, path| whole(part, path, found));
    junctors(schema, schema, path, found);
}

fn keywords(fields: &Map<String, Value>, path: &KeyPath, found: &mut Problems) {
    for keyword in FORBIDDEN.iter().filter(|keyword| fields.contains_key(**keyword)) {
        found.add(&path.key(*keyword), "is a keyword that definitions may not use");
    }
    if fields.get("uniqueItems") == Some(&Value::Bool(true)) {
        found.add(&path.key("uniqueItems"), "must not be true: say x-kubernetes-list-type: set");
    }
    let open = fields.get("additionalProperties");
    if open == Some(&Value::Bool(false)) {
        found.add(
            &path.key("additionalProperties"),
            "must not be false: unknown fields are refused without it",
        );
    } else if open.is_some() && fields.contains_key("properties") {
        found.add(&path.key("additionalProperties"), "must not stand beside `properties`");
    }
}

/// The fields of `metadata` that a definition may restrict.
fn metadata(schema: &Value, path: &KeyPath, found: &mut Problems) {
    let fields = schema.pointer("/properties/metadata/properties").and_then(Value::as_object);
    let at = path.key("properties").key("metadata").key("properties");
    for (name, _) in fields.into_iter().flatten() {
        if !["name", "generateName"].contains(&name.as_str()) {
            found.add(&at.key(name), "must not be said: only the name of objects can be restricted");
        }
    }
}

fn each_part(fields: &Map<String, Value>, path: &KeyPath, mut visit: impl FnMut(&Value, &KeyPath)) {
    for (name, part) in fields.get("properties").and_then(Value::as_object).into_iter().flatten() {
        visit(part, &path.key("properties").key(name));
    }
    for key in ["items", "additionalProperties"] {
        if let Some(part) = fields.get(key).filter(|part| part.is_object()) {
            visit(part, &path.key(key));
        }
    }
}

/// The junctors of `schema`, which restrict what `outer` says.
fn junctors(schema: &Value, outer: &Value, path: &KeyPath, found: &mut Problems) {
    let either = outer["x-kubernetes-int-or-string"] == Value::Bool(true);
    for key in ["allOf", "anyOf", "oneOf"] {
        for (index, part) in schema.get(key).and_then(Value::as_array).into_iter().flatten().enumerate() {
            let at = path.key(key).index(index);
            // `anyOf: [{type: integer}, {type: string}]` is how the two forms of an int-or-string are told apart.
            let is_form =
                either && part.as_object().is_some_and(|part| part.len() == 1 && part.contains_key("type"));
            if !is_form {
                restricting(part, Some(outer), &at, found);
            }
        }
    }
    if let Some(part) = schema.get("not") {
        restricting(part, Some(outer), &path.key("not"), found);
    }
}

/// A schema that restricts the values of fields that `outer` names.
fn restricting(schema: &Value, outer: Option<&Value>, path: &KeyPath, found: &mut Problems) {
    let Some(outer) = outer else {
        return found
            .add(path, "restricts what the schema does not name outside of allOf, anyOf, oneOf and not");
    };
    for keyword in NOT_IN_JUNCTORS.iter().filter(|keyword| schema.get(**keyword).is_some()) {
        found.add(&path.key(*keyword), "must not stand below allOf, anyOf, oneOf or not");
    }
    for (name, part) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let named = outer.get("properties").and_then(|fields| fields.get(name));
        restricting(part, named, &path.key("properties").key(name), found);
    }
    if let Some(items) = schema.get("items") {
        restricting(items, outer.get("items"), &path.key("items"), found);
    }
    junctors(schema, outer, path, found);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definition(schema: &Value) -> Value {
        json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "boats.sea.example"},
            "spec": {
                "group": "sea.example",
                "scope": "Namespaced",
                "names": {"kind": "Boat", "plural": "boats"},
                "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
            },
        })
    }

    fn said(definition: &Value) -> Vec<String> {
        let problems = definition_problems(definition);
        problems.into_iter().map(|problem| format!("{} {}", problem.path, problem.message)).collect()
    }

    fn said_of(spec: &Value) -> Vec<String> {
        let schema = json!({"type": "object", "properties": {"spec": spec}});
        let start = "spec.versions[0].schema.openAPIV3Schema.properties.spec";
        said(&definition(&schema)).into_iter().map(|line| line.replace(start, "spec")).collect()
    }

    #[test]
    fn a_sound_definition_has_no_problem() {
        let port =
            json!({"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]});
        let spec = json!({
            "type": "object",
            "required": ["crew"],
            "properties": {
                "crew": {"type": "integer", "minimum": 1},
                "port": port,
                "cargo": {"type": "array", "items": {"type": "string"}},
                "anything": {"x-kubernetes-preserve-unknown-fields": true},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            },
            "oneOf": [{"required": ["cargo"]}, {"properties": {"crew": {"minimum": 2}}}],
            "not": {"required": ["labels"]},
        });
        assert_eq!(said_of(&spec), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut broken = definition(&json!({"type": "object"}));
        broken["spec"]["scope"] = json!("Everywhere");
        broken["spec"]["names"]["kind"] = json!("");
        broken["metadata"]["name"] = json!("boats");
        broken["spec"]["versions"][0] = json!({"served": false});
        assert_eq!(
            said(&broken),
            [
                "spec.names.kind is missing or empty",
                "spec.scope must be Namespaced or Cluster",
                "metadata.name must be boats.sea.example, the plural and the group",
                "spec.versions has no version that is served",
                "spec.versions[0].name is missing or empty",
                "spec.versions[0].schema.openAPIV3Schema is missing: every version has a schema",
            ]
        );
        for old in [json!({}), json!([1]), json!({"apiVersion": "apiextensions.k8s.io/v1beta1"})] {
            assert_eq!(said(&old), ["apiVersion must be apiextensions.k8s.io/v1"]);
        }
        assert_eq!(said(&json!({"apiVersion": "apiextensions.k8s.io/v1"})).len(), 5);
    }

    #[test]
    fn what_is_not_structural_is_named() {
        for (spec, problem) in [
            (json!({"properties": {}}), "spec has no `type`"),
            (json!({"type": "array"}), "spec.items is missing: a list says what is in it"),
            (
                json!({"type": "object", "$ref": "#/x"}),
                "spec.\"$ref\" is a keyword that definitions may not use",
            ),
            (json!(true), "spec must be a table: a schema"),
            (
                json!({"type": "object", "properties": {}, "additionalProperties": {"type": "string"}}),
                "spec.additionalProperties must not stand beside `properties`",
            ),
            (
                json!({"type": "object", "additionalProperties": false}),
                "spec.additionalProperties must not be false: unknown fields are refused without it",
            ),
            (
                json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
                "spec.uniqueItems must not be true: say x-kubernetes-list-type: set",
            ),
            (
                json!({"type": "object", "anyOf": [{"properties": {"crew": {"minimum": 1}}}]}),
                "spec.anyOf[0].properties.crew restricts what the schema does not name outside of allOf, anyOf, oneOf and not",
            ),
            (
                json!({"type": "string", "allOf": [{"type": "string"}]}),
                "spec.allOf[0].type must not stand below allOf, anyOf, oneOf or not",
            ),
        ] {
            assert_eq!(said_of(&spec), [problem], "{spec}");
        }
    }

    #[test]
    fn metadata_is_restricted_by_its_name_alone() {
        let schema = |field: &str| json!({"type": "object", "properties": {"metadata": {"type": "object", "properties": {field: {"type": "string"}}}}});
        assert_eq!(said(&definition(&schema("name"))), Vec::<String>::new());
        assert_eq!(said(&definition(&schema("labels"))).len(), 1);
    }
}
