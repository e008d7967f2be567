//! Reads a `CustomResourceDefinition`: which API versions it serves, and the schema of each.
//!
//! Refuses what is no `apiextensions.k8s.io/v1` definition. What is wrong with a definition itself is for a rule to say.

use super::definition::{Reference, Schema, Types};
use crate::value::Value;

/// One served version of a custom resource.
pub(super) struct Served {
    pub api_version: String,
    pub kind: String,
    pub namespaced: bool,
    pub schema: Schema,
    /// The keys that lead to the count of replicas; none where the kind is not scaled.
    pub scale: Vec<String>,
}

/// The definition of `metadata`, which every object has.
const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

pub(super) fn served_versions(definition: &Value) -> Result<Vec<Served>, String> {
    if definition.pointer("/kind").and_then(Value::as_str) != Some("CustomResourceDefinition") {
        return Err("it is no CustomResourceDefinition".to_owned());
    }
    let text = |pointer: &str| {
        let value = definition.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
        value.ok_or_else(|| format!("`{}` is missing", pointer[1..].replace('/', ".")))
    };
    let (group, kind, scope) = (text("/spec/group")?, text("/spec/names/kind")?, text("/spec/scope")?);
    let versions =
        definition.pointer("/spec/versions").and_then(Value::as_array).ok_or("`spec.versions` is missing")?;
    let served = versions.iter().filter(|version| version["served"] != Value::Bool(false));
    served
        .map(|version| {
            let name = version["name"].as_str().ok_or("a version has no name")?;
            Ok(Served {
                api_version: format!("{group}/{name}"),
                kind: kind.to_owned(),
                namespaced: scope == "Namespaced",
                scale: keys(version.pointer("/subresources/scale/specReplicasPath")),
                schema: root(version.pointer("/schema/openAPIV3Schema")),
            })
        })
        .collect()
}

/// The keys of `.spec.replicas`.
fn keys(path: Option<&Value>) -> Vec<String> {
    let path = path.and_then(Value::as_str).unwrap_or_default();
    path.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect()
}

/// The schema of whole objects: the API server adds `apiVersion`, `kind` and `metadata` to what the definition says.
fn root(schema: Option<&Value>) -> Schema {
    let mut schema = schema.map_or_else(Schema::anything, Schema::read);
    complete(&mut schema);
    schema.walk_embedded(&mut complete);
    schema
}

fn complete(schema: &mut Schema) {
    for name in ["apiVersion", "kind"] {
        schema.properties.entry(name.to_owned()).or_insert_with(text);
    }
    let meta = Reference { name: OBJECT_META.to_owned(), definition: None };
    let meta = Schema { reference: Some(meta), ..Schema::default() };
    schema.properties.insert("metadata".to_owned(), meta);
}

fn text() -> Schema {
    Schema { types: Types::STRING, ..Schema::default() }
}

impl Schema {
    /// Calls `change` for each schema of an embedded object below this one.
    fn walk_embedded(&mut self, change: &mut dyn FnMut(&mut Self)) {
        for part in self.parts_mut() {
            if part.extensions.embedded_resource {
                change(part);
            }
            part.walk_embedded(change);
        }
    }
}
