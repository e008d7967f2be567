//! `external-secrets.io/v1`: a Secret that the External Secrets Operator copies out of a secret store.
//!
//! Source: <https://external-secrets.io/latest/api/externalsecret/>.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;

/// A Secret that the operator keeps equal to a secret store.
pub type ExternalSecret = Custom<ExternalSecretSpec>;

/// What the Secret is made of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretSpec {
    /// How often the operator looks for a new value: `1h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_interval: Option<String>,
    /// The store that is read.
    pub secret_store_ref: SecretStoreRef,
    /// The Secret that is made.
    pub target: SecretTarget,
    /// The keys of the Secret and where their values lie.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<ExternalSecretData>,
}

kind!(ExternalSecretSpec: Namespaced, "external-secrets.io", "v1", "ExternalSecret", "externalsecrets");

/// A secret store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretStoreRef {
    /// `SecretStore` or `ClusterSecretStore`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// The Secret that the operator makes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretTarget {
    /// Its name.
    pub name: String,
    /// `Owner`: the Secret goes when the `ExternalSecret` goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_policy: Option<String>,
    /// `Retain`: the Secret stays when the value is gone from the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_policy: Option<String>,
    /// What the Secret has besides its data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<SecretTemplate>,
}

/// What a made Secret has besides its data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretTemplate {
    /// Its type: `kubernetes.io/tls`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
    /// The template engine: `v2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// `Replace` or `Merge`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_policy: Option<String>,
}

/// One key of the Secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretData {
    /// The key.
    pub secret_key: String,
    /// Where its value lies.
    pub remote_ref: RemoteRef,
}

/// A value in a secret store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RemoteRef {
    /// The path or name in the store.
    pub key: String,
    /// The field of a value that is a table; `None` for the whole value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// `Default` or `Unicode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversion_strategy: Option<String>,
    /// `None`, `Auto`, `Base64` or `Base64URL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decoding_strategy: Option<String>,
    /// `None` or `Fetch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_policy: Option<String>,
}
