//! Volumes, storage classes, configs and secrets: what workloads mount and read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;
use crate::value::{Map, Value};

/// A volume of a database or workload. A text is its size.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "size"), ("boolean", "enabled")]))]
pub struct Storage {
    /// `false` for no volume.
    pub enabled: Option<bool>,
    /// How large: `"10Gi"`.
    pub size: Option<String>,
    /// The storage class; that of the cluster unless given.
    pub class: Option<String>,
    /// The name of the claim; `<name>-data` unless given.
    pub name: Option<String>,
    /// Where it is mounted; the engine knows for a database.
    pub mount: Option<String>,
}

/// `[volumes.<name>]`: a claim that several workloads may share.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Volume {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The product that it belongs to, by its key in `[groups]`; that of its file unless given.
    pub group: Option<String>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to. Its own name unless given.
    pub component: Option<String>,
    /// The name of the claim. Its key unless given.
    pub name: Option<String>,
    /// How large: `"2Gi"`.
    pub size: Option<String>,
    /// `ReadWriteOnce` unless given: `ReadWriteMany` where pods on several nodes share it.
    pub access: Option<String>,
    /// The storage class; that of the cluster for this access unless given.
    pub class: Option<String>,
    /// The regions that each have one.
    pub regions: Option<Vec<String>>,
    /// The region that it lies in.
    pub region: Option<String>,
    /// Raw fields merged into the claim: `patch.PersistentVolumeClaim.spec.volumeName = "…"`.
    #[schemars(with = "Option<Map>")]
    pub patch: Option<BTreeMap<String, Value>>,
}

/// `[storage-classes.<name>]`: a class that the platform brings along.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StorageClass {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// `true` where the cluster has it already: it is named and not emitted.
    pub provided: Option<bool>,
    /// The driver: `pd.csi.storage.gke.io`.
    pub provisioner: Option<String>,
    /// Parameters of the driver.
    pub parameters: Option<BTreeMap<String, String>>,
    /// Whether volumes outlive their claims (`Retain`); `true` unless given.
    pub retain: Option<bool>,
    /// Which access modes it offers; `["ReadWriteOnce"]` unless given.
    pub access: Option<Vec<String>>,
}

/// `[configs.<name>]`: a ConfigMap.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The product that it belongs to, by its key in `[groups]`; that of its file unless given.
    pub group: Option<String>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to. Its own name unless given.
    pub component: Option<String>,
    /// The name of the ConfigMap. Its key unless given.
    pub name: Option<String>,
    /// Keys and texts; a text may hold expressions.
    pub data: Option<BTreeMap<String, String>>,
    /// Keys and the files below the platform's folder that give their text; a file ending in `.j2` is a template.
    pub files: Option<BTreeMap<String, String>>,
}

/// `[secrets.<name>]`: a contract. It says which keys exist and who reads them, never what they hold.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Secret {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The product that it belongs to, by its key in `[groups]`; that of its file unless given.
    pub group: Option<String>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to. Its own name unless given.
    pub component: Option<String>,
    /// The name of the Secret. Its key unless given.
    pub name: Option<String>,
    /// The type of the Secret; `Opaque` unless given.
    pub r#type: Option<String>,
    /// Its keys and what each is for. A key may be a text, or a table.
    pub keys: Option<BTreeMap<String, SecretKey>>,
    /// `true` where something else makes it (cert-manager, an operator): it is referred to and not described.
    pub provided: Option<bool>,
}

/// One key of a secret. A text says what it is for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "description")]))]
pub struct SecretKey {
    /// What it is for, in one sentence; it stands in the `.example` file.
    pub description: Option<String>,
    /// A command that makes a good value: `openssl rand -base64 48`.
    pub generate: Option<String>,
    /// The path of the value in the secret store; `<platform>/<environment>/<secret>` unless given.
    pub remote: Option<String>,
}
