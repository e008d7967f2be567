//! The schemas of one Kubernetes version, and of the custom resources that were added to it.
//!
//! Nothing is parsed until it is needed: creating a [`Schemas`] finds where each definition stands in the embedded
//! text, and a definition becomes a schema when the first object that has it is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::definition::Schema;
use super::validations::{self, Unjudged};
use super::{crd, embedded, walker};
use crate::check::KubernetesVersion;
use crate::value::Value;

/// The kinds that a cluster of one Kubernetes version serves, with their schemas.
#[derive(Debug)]
pub struct Schemas {
    version: KubernetesVersion,
    /// By API version, then by kind.
    kinds: BTreeMap<String, BTreeMap<String, Kind>>,
    /// The groups that a Kubernetes server itself owns, but for the core group.
    builtin_groups: BTreeSet<String>,
    names: BTreeMap<&'static str, usize>,
    definitions: Vec<Definition>,
}

/// One kind of one API version.
#[derive(Debug)]
pub struct Kind {
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    schema: KindSchema,
    /// The keys that lead to the count of replicas; none where the kind is not scaled.
    pub(super) scale: Vec<String>,
    /// Rules of its definition that cannot be judged here.
    pub(crate) unjudged: Vec<Unjudged>,
}

#[derive(Debug)]
enum KindSchema {
    Builtin(usize),
    Custom(Box<Schema>),
}

#[derive(Debug)]
struct Definition {
    text: &'static str,
    schema: OnceLock<Schema>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KindLine {
    api_version: String,
    kind: String,
    namespaced: bool,
    definition: String,
}

impl Kind {
    /// Whether a `CustomResourceDefinition` made it.
    #[must_use]
    pub const fn is_custom(&self) -> bool {
        matches!(self.schema, KindSchema::Custom(_))
    }
}

impl Schemas {
    /// The schemas of `version`, with no custom resource yet.
    #[must_use]
    pub fn new(version: KubernetesVersion) -> Self {
        let mut schemas = Self {
            version,
            kinds: BTreeMap::new(),
            builtin_groups: BTreeSet::new(),
            names: BTreeMap::new(),
            definitions: Vec::new(),
        };
        let mut kinds = Vec::new();
        for line in files(version).iter().flat_map(|file| file.lines()) {
            if line.starts_with("{\"apiVersion\"") {
                kinds.push(line.trim_end_matches(','));
            } else if line.starts_with("\"io.") {
                schemas.index(line);
            }
        }
        for line in kinds {
            schemas.index_kind(line);
        }
        schemas
    }

    /// Adds the served versions of a `CustomResourceDefinition`.
    ///
    /// # Errors
    /// Says what keeps it from being one: the group, the names or the schema that is missing.
    pub fn add_custom_resource(&mut self, definition: &Value) -> Result<(), String> {
        for served in crd::served_versions(definition)? {
            let mut schema = served.schema;
            schema.link(&|name| self.names.get(name).copied());
            let unjudged = validations::unjudged(&schema);
            let schema = KindSchema::Custom(Box::new(schema));
            let kind = Kind { namespaced: served.namespaced, schema, scale: served.scale, unjudged };
            self.kinds.entry(served.api_version).or_default().insert(served.kind, kind);
        }
        Ok(())
    }

    /// Adds a definition that is the whole truth of its kind: other versions of that kind are no longer known.
    ///
    /// # Errors
    /// As [`Schemas::add_custom_resource`].
    pub fn replace_custom_resource(&mut self, definition: &Value) -> Result<(), String> {
        let text = |pointer: &str| definition.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (group, name) = (text("/spec/group"), text("/spec/names/kind"));
        for (api_version, kinds) in &mut self.kinds {
            let of_group = api_version.split_once('/').is_some_and(|(other, _)| other == group);
            if of_group && kinds.get(name).is_some_and(Kind::is_custom) {
                kinds.remove(name);
            }
        }
        self.add_custom_resource(definition)
    }

    /// The Kubernetes version.
    #[must_use]
    pub const fn version(&self) -> KubernetesVersion {
        self.version
    }

    /// The kind, if the version or a custom resource has it.
    #[must_use]
    pub fn kind(&self, api_version: &str, kind: &str) -> Option<&Kind> {
        self.kinds.get(api_version)?.get(kind)
    }

    /// The API versions that have a kind of that name, in order.
    #[must_use]
    pub fn versions_of(&self, kind: &str) -> Vec<&str> {
        self.kinds
            .iter()
            .filter(|(_, kinds)| kinds.contains_key(kind))
            .map(|(version, _)| &**version)
            .collect()
    }

    /// The kinds of an API version, in order.
    pub fn kinds_of(&self, api_version: &str) -> impl Iterator<Item = &str> {
        self.kinds.get(api_version).into_iter().flat_map(|kinds| kinds.keys()).map(String::as_str)
    }

    /// Whether a Kubernetes server itself owns the API group, in this version or in an earlier one. The kinds of all other
    /// groups come from definitions of custom resources, which need not be at hand.
    #[must_use]
    pub fn is_builtin_group(&self, group: &str) -> bool {
        !group.contains('.') || self.builtin_groups.contains(group)
    }

    /// What keeps a default from fitting the schema of a definition that it stands in.
    pub(crate) fn default_problem(&self, schema: &Value, default: &Value) -> Option<String> {
        let mut schema = Schema::read(schema);
        schema.link(&|name| self.names.get(name).copied());
        let found = walker::default_violations(self, &schema, default);
        found.into_iter().next().map(|it| {
            let path = it.path.to_string();
            if path.is_empty() { it.message } else { format!("`{path}` {}", it.message) }
        })
    }

    pub(super) fn schema_of<'a>(&'a self, kind: &'a Kind) -> &'a Schema {
        match &kind.schema {
            KindSchema::Builtin(definition) => self.definition(*definition),
            KindSchema::Custom(schema) => schema,
        }
    }

    /// The schema that `schema` refers to, or itself.
    pub(super) fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        let definition = schema.reference.as_ref().and_then(|reference| reference.definition);
        definition.map_or(schema, |definition| self.definition(definition))
    }

    /// A definition is generated text that a test reads whole; one that could not be read would allow everything.
    fn definition(&self, index: usize) -> &Schema {
        let definition = &self.definitions[index];
        definition.schema.get_or_init(|| {
            let value: Value = serde_json::from_str(definition.text).unwrap_or(Value::Bool(true));
            let mut schema = Schema::read(&value);
            schema.link(&|name| self.names.get(name).copied());
            schema
        })
    }

    fn index(&mut self, line: &'static str) {
        let Some((name, text)) = line[1..].split_once("\":") else { return };
        self.names.insert(name, self.definitions.len());
        self.definitions.push(Definition { text: text.trim_end_matches(','), schema: OnceLock::new() });
    }

    fn index_kind(&mut self, line: &str) {
        let Ok(line) = serde_json::from_str::<KindLine>(line) else { return };
        let Some(definition) = self.names.get(line.definition.as_str()) else { return };
        let kind = Kind {
            namespaced: line.namespaced,
            schema: KindSchema::Builtin(*definition),
            scale: Vec::new(),
            unjudged: Vec::new(),
        };
        if let Some((group, _)) = line.api_version.split_once('/')
            && !self.builtin_groups.contains(group)
        {
            self.builtin_groups.insert(group.to_owned());
        }
        self.kinds.entry(line.api_version).or_default().insert(line.kind, kind);
    }
}

fn files(version: KubernetesVersion) -> &'static [&'static str] {
    match version {
        KubernetesVersion::V1_33 => embedded::V1_33,
        KubernetesVersion::V1_34 => embedded::V1_34,
        KubernetesVersion::V1_35 => embedded::V1_35,
        KubernetesVersion::V1_36 => embedded::V1_36,
        KubernetesVersion::V1_37 => embedded::V1_37,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The record in `schemas/kubernetes` says that the files are what was generated; this, that they are all read.
    #[test]
    fn every_definition_of_every_version_is_read_and_linked() {
        for version in KubernetesVersion::ALL {
            let schemas = Schemas::new(version);
            let count = schemas.kinds.values().map(BTreeMap::len).sum::<usize>();
            assert!(count > 75, "{version} has only {count} kinds");
            for definition in &schemas.definitions {
                let value: Value = serde_json::from_str(definition.text).expect(definition.text);
                assert_linked(&schemas, &value);
            }
        }
    }

    fn assert_linked(schemas: &Schemas, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let name = reference.rsplit('/').next().unwrap_or_default();
                    assert!(schemas.names.contains_key(name), "{reference} leads nowhere");
                }
                fields.values().for_each(|value| assert_linked(schemas, value));
            }
            Value::Array(items) => items.iter().for_each(|item| assert_linked(schemas, item)),
            _ => {}
        }
    }

    #[test]
    fn a_definition_may_replace_what_was_known_of_its_kind() {
        let definition = |version: &str| {
            crate::value::json!({
                "kind": "CustomResourceDefinition",
                "spec": {"group": "sea.example", "scope": "Namespaced", "names": {"kind": "Boat"},
                         "versions": [{"name": version, "served": true}]},
            })
        };
        let mut schemas = Schemas::new(KubernetesVersion::V1_35);
        schemas.add_custom_resource(&definition("v1beta1")).expect("it is one");
        schemas.add_custom_resource(&definition("v1")).expect("it is one");
        assert!(schemas.kind("sea.example/v1beta1", "Boat").is_some());
        schemas.replace_custom_resource(&definition("v2")).expect("it is one");
        let known =
            ["v1beta1", "v1", "v2"].map(|it| schemas.kind(&format!("sea.example/{it}"), "Boat").is_some());
        assert_eq!(known, [false, false, true]);
    }

    #[test]
    fn kinds_know_whether_they_are_namespaced() {
        let schemas = Schemas::new(KubernetesVersion::V1_35);
        assert!(
            schemas.kind("apps/v1", "Deployment").is_some_and(|kind| kind.namespaced && !kind.is_custom())
        );
        assert!(schemas.kind("v1", "Namespace").is_some_and(|kind| !kind.namespaced));
        assert!(schemas.kind("extensions/v1beta1", "Ingress").is_none());
    }
}
