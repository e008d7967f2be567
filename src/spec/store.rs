//! `[secret-store.provider]`: the store itself, where this platform declares it to the External Secrets Operator.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;

/// Where the External Secrets Operator finds values: one of these. Without it, somebody else declares the store.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StoreProvider {
    /// Azure Key Vault, with workload identity.
    pub azure: Option<AzureStore>,
    /// AWS Secrets Manager, with the role of a service account.
    pub aws: Option<AwsStore>,
    /// HashiCorp Vault or OpenBao, with Kubernetes authentication.
    pub vault: Option<VaultStore>,
    /// Google Secret Manager, with workload identity.
    pub gcp: Option<GcpStore>,
    /// Secrets of another namespace of the same cluster.
    pub kubernetes: Option<KubernetesStore>,
    /// `true`: a store that holds `not-a-secret` for everything, for clusters on a developer's machine.
    pub fake: Option<bool>,
    /// The service account that the operator uses for it: `external-secrets/external-secrets` unless given. With an
    /// `identity` it is written, and called `secret-store` unless it has a name.
    pub service_account: Option<StoreAccount>,
    /// `true` gives every namespace that reads secrets a store of its own; else one store serves those namespaces.
    pub per_namespace: Option<bool>,
}

/// A service account by name and namespace.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "name")]))]
pub struct StoreAccount {
    /// Its name.
    pub name: Option<String>,
    /// Its namespace, by its name in the cluster.
    pub namespace: Option<String>,
    /// Who it is to the cloud that runs the cluster.
    pub identity: Option<super::Identity>,
}

/// An Azure Key Vault.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "vault-url")]))]
pub struct AzureStore {
    /// Its URL: `https://acme.vault.azure.net`.
    pub vault_url: Option<String>,
    /// The tenant, where it is not that of the workload identity.
    pub tenant_id: Option<String>,
}

/// AWS Secrets Manager.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "region")]))]
pub struct AwsStore {
    /// The region: `eu-central-1`.
    pub region: Option<String>,
    /// A role that is assumed on top of that of the service account.
    pub role: Option<String>,
}

/// A Vault.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "server")]))]
pub struct VaultStore {
    /// Its URL: `https://vault.example.com:8200`.
    pub server: Option<String>,
    /// Where the key-value store (version 2) is mounted; `secret` unless given.
    pub path: Option<String>,
    /// Where the Kubernetes auth method is mounted; `kubernetes` unless given.
    pub auth_mount: Option<String>,
    /// The role; `external-secrets` unless given.
    pub role: Option<String>,
}

/// Google Secret Manager.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "project")]))]
pub struct GcpStore {
    /// The project that holds the secrets.
    pub project: Option<String>,
    /// The cluster whose identity is used; that of the environment unless given.
    pub cluster: Option<String>,
    /// Its region or zone; that of the environment unless given.
    pub location: Option<String>,
}

/// Secrets of the same cluster.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "namespace")]))]
pub struct KubernetesStore {
    /// The namespace that holds them, by its name in the cluster.
    pub namespace: Option<String>,
}
