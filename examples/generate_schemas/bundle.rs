//! Turns the definitions of one version into files: one per API group and version, one definition a line.
//!
//! Descriptions go, objects are closed (`additionalProperties: false`), and the few definitions that k8s-openapi
//! describes less exactly than kube-apiserver decodes them are put right. A reference to a definition of another group
//! names that group's file, so each folder is a set of JSON Schema documents that other tools can use.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The generated module that embeds the files, from the root of the repository.
pub const EMBEDDED: &str = "src/check/schema/embedded.rs";

/// Fields that the OpenAPI document requires and kube-apiserver does not: left out, they are empty, 0 or defaulted.
const DEFAULTED: [(&str, &str); 13] = [
    ("io.k8s.api.batch.v1.PodFailurePolicy", "rules"),
    ("io.k8s.api.core.v1.HTTPHeader", "value"),
    ("io.k8s.api.core.v1.LimitRangeSpec", "limits"),
    ("io.k8s.api.core.v1.LocalObjectReference", "name"),
    ("io.k8s.api.core.v1.PreferredSchedulingTerm", "preference"),
    ("io.k8s.api.core.v1.SleepAction", "seconds"),
    ("io.k8s.api.core.v1.Sysctl", "value"),
    ("io.k8s.api.discovery.v1.EndpointSlice", "endpoints"),
    ("io.k8s.api.rbac.v1.RoleRef", "apiGroup"),
    ("io.k8s.api.scheduling.v1.PriorityClass", "value"),
    ("io.k8s.api.storage.v1.CSIDriver", "spec"),
    ("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", "served"),
    ("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", "storage"),
];

/// What `emit` printed for one version.
#[derive(Deserialize)]
pub struct Emitted {
    kinds: Vec<Kind>,
    definitions: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "they are Kubernetes' own")]
struct Kind {
    api_version: String,
    kind: String,
    namespaced: bool,
    definition: String,
}

#[derive(Default)]
struct Bundle {
    kinds: Vec<String>,
    definitions: Vec<String>,
}

/// The files of one version, by name.
pub fn files(emitted: Emitted) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut bundles: BTreeMap<String, Bundle> = BTreeMap::new();
    for kind in emitted.kinds {
        let line = json!({ "apiVersion": kind.api_version, "kind": kind.kind, "namespaced": kind.namespaced,
                           "definition": kind.definition });
        bundles.entry(file_of(&kind.definition)?).or_default().kinds.push(line.to_string());
    }
    for (name, schema) in emitted.definitions {
        let file = file_of(&name)?;
        let mut schema = exact(&name).unwrap_or_else(|| compact(schema, &file));
        for (_, field) in DEFAULTED.iter().filter(|(definition, _)| *definition == name) {
            not_required(&mut schema, field);
        }
        let line = format!("{}:{schema}", Value::from(name));
        bundles.entry(file).or_default().definitions.push(line);
    }
    Ok(bundles.into_iter().map(|(file, bundle)| (format!("{file}.json"), text(&file, bundle))).collect())
}

fn text(file: &str, mut bundle: Bundle) -> String {
    bundle.kinds.sort();
    let kinds =
        if bundle.kinds.is_empty() { String::new() } else { format!("\n{}\n", bundle.kinds.join(",\n")) };
    format!(
        "{{\n\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n\"$id\":\"{file}.json\",\n\
         \"x-kubernetes-kinds\":[{kinds}],\n\"$defs\":{{\n{}\n}}\n}}\n",
        bundle.definitions.join(",\n")
    )
}

/// The file that a definition belongs to: `apps.v1` for `io.k8s.api.apps.v1.Deployment`.
fn file_of(definition: &str) -> Result<String, Box<dyn Error>> {
    let mut parts = definition.rsplit('.').skip(1);
    let (Some(version), Some(group)) = (parts.next(), parts.next()) else {
        return Err(format!("{definition} has no group and version").into());
    };
    let versioned = version.starts_with('v') && version[1..].starts_with(|c: char| c.is_ascii_digit());
    Ok(if versioned { format!("{group}.{version}") } else { "apimachinery".to_owned() })
}

/// Definitions that kube-apiserver decodes by hand, said exactly.
fn exact(definition: &str) -> Option<Value> {
    let name = definition.rsplit('.').next()?;
    Some(match name {
        "Quantity" => json!({ "format": "quantity", "type": ["string", "number"] }),
        "IntOrString" => json!({ "format": "int-or-string", "type": ["integer", "string"] }),
        "JSON" => json!({ "x-kubernetes-preserve-unknown-fields": true }),
        "RawExtension" | "FieldsV1" => {
            json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true })
        }
        _ => return None,
    })
}

fn not_required(schema: &mut Value, field: &str) {
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| name != field);
    }
}

fn compact(schema: Value, file: &str) -> Value {
    match schema {
        Value::Object(fields) => compact_object(fields, file),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| compact(item, file)).collect()),
        scalar => scalar,
    }
}

fn compact_object(fields: Map<String, Value>, file: &str) -> Value {
    let closed = fields.get("type").is_some_and(|kind| kind == "object")
        && !fields.contains_key("additionalProperties");
    let mut out = Map::new();
    for (key, value) in fields {
        match key.as_str() {
            "description" if value.is_string() => {}
            "$ref" => drop(out.insert(key, reference(&value, file))),
            "properties" => drop(out.insert(key, compact_properties(value, file))),
            _ => drop(out.insert(key, compact(value, file))),
        }
    }
    if closed {
        out.insert("additionalProperties".into(), Value::Bool(false));
    }
    Value::Object(out)
}

/// A property may itself be called `description`, so its name is never looked at.
fn compact_properties(properties: Value, file: &str) -> Value {
    let Value::Object(properties) = properties else { return properties };
    Value::Object(properties.into_iter().map(|(name, schema)| (name, compact(schema, file))).collect())
}

fn reference(value: &Value, file: &str) -> Value {
    let Some(name) = value.as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) else {
        return value.clone();
    };
    match file_of(name) {
        Ok(other) if other != file => Value::from(format!("{other}.json#/$defs/{name}")),
        _ => value.clone(),
    }
}

/// The Rust module that embeds `files`, which are paths from the root of the repository.
pub fn embedded_source<'a>(files: impl Iterator<Item = &'a Path>) -> String {
    let mut versions: BTreeMap<String, String> = BTreeMap::new();
    for path in files {
        let version =
            path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().replace('.', "_");
        let list = versions.entry(version).or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(list, "    include_str!(\"../../../{}\"),", path.display());
    }
    let mut text = String::from(
        "//! The schema files, by Kubernetes version. Written by `cargo run --example generate_schemas`.\n",
    );
    for (version, list) in versions {
        let _ = write!(text, "\npub(super) static V{version}: &[&str] = &[\n{list}];\n");
    }
    text
}
