//! `external-secrets.io/v1`: the stores that the External Secrets Operator reads.
//!
//! Source: <https://external-secrets.io/latest/api/spec/>.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;

/// A store for one namespace.
pub type SecretStore = Custom<SecretStoreSpec>;
/// A store for several namespaces.
pub type ClusterSecretStore = Custom<ClusterSecretStoreSpec>;

kind!(SecretStoreSpec: Namespaced, "external-secrets.io", "v1", "SecretStore", "secretstores");
kind!(ClusterSecretStoreSpec: Cluster, "external-secrets.io", "v1", "ClusterSecretStore", "clustersecretstores");

/// A store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecretStoreSpec {
    /// How it is reached.
    pub provider: SecretProvider,
}

/// A store, and who may use it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterSecretStoreSpec {
    /// How it is reached.
    pub provider: SecretProvider,
    /// The namespaces that may use it; all where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<StoreCondition>,
}

/// Namespaces that may use a store.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StoreCondition {
    /// Their names.
    pub namespaces: Vec<String>,
}

/// How a store is reached: one of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecretProvider {
    /// Azure Key Vault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azurekv: Option<AzureKeyVault>,
    /// AWS Secrets Manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<AwsSecrets>,
    /// A Vault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vault: Option<VaultSecrets>,
    /// Google Secret Manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gcpsm: Option<GcpSecrets>,
    /// Secrets of a cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<KubernetesSecrets>,
    /// What stands in the object itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fake: Option<FakeSecrets>,
}

/// A service account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceAccountRef {
    /// Its name.
    pub name: String,
    /// Its namespace; that of a `SecretStore` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Azure Key Vault.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AzureKeyVault {
    /// `WorkloadIdentity`.
    pub auth_type: String,
    /// Its URL.
    pub vault_url: String,
    /// The tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Whose identity is used.
    pub service_account_ref: ServiceAccountRef,
}

/// AWS Secrets Manager.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AwsSecrets {
    /// `SecretsManager`.
    pub service: String,
    /// The region.
    pub region: String,
    /// A role that is assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whose identity is used.
    pub auth: AwsAuth,
}

/// How AWS knows the operator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AwsAuth {
    /// By a token of a service account.
    pub jwt: TokenAuth,
}

/// By a token of a service account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenAuth {
    /// The service account.
    pub service_account_ref: ServiceAccountRef,
}

/// A Vault.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VaultSecrets {
    /// Its URL.
    pub server: String,
    /// Where the key-value store is mounted.
    pub path: String,
    /// `v2`.
    pub version: String,
    /// How the Vault knows the operator.
    pub auth: VaultAuth,
}

/// How a Vault knows the operator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VaultAuth {
    /// By a token of a service account.
    pub kubernetes: VaultKubernetesAuth,
}

/// The Kubernetes auth method of a Vault.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VaultKubernetesAuth {
    /// Where it is mounted.
    pub mount_path: String,
    /// The role.
    pub role: String,
    /// The service account.
    pub service_account_ref: ServiceAccountRef,
}

/// Google Secret Manager.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GcpSecrets {
    /// The project.
    #[serde(rename = "projectID")]
    pub project_id: String,
    /// How Google knows the operator.
    pub auth: GcpAuth,
}

/// How Google knows the operator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GcpAuth {
    /// By workload identity.
    pub workload_identity: GcpWorkloadIdentity,
}

/// The identity of a service account in a cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GcpWorkloadIdentity {
    /// Where the cluster is.
    pub cluster_location: String,
    /// The cluster.
    pub cluster_name: String,
    /// The service account.
    pub service_account_ref: ServiceAccountRef,
}

/// Secrets of a cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubernetesSecrets {
    /// The namespace.
    pub remote_namespace: String,
    /// The API server.
    pub server: KubernetesServer,
    /// How it knows the operator.
    pub auth: KubernetesAuth,
}

/// An API server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubernetesServer {
    /// Whose certificate it has.
    pub ca_provider: CaProvider,
}

/// A certificate in a `ConfigMap`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaProvider {
    /// `ConfigMap` or `Secret`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Its name.
    pub name: String,
    /// The key of it.
    pub key: String,
    /// Its namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// How an API server knows the operator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubernetesAuth {
    /// By a token of a service account.
    pub service_account: ServiceAccountRef,
}

/// What stands in the object itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FakeSecrets {
    /// The values.
    pub data: Vec<FakeSecret>,
}

/// A value that stands in the object itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FakeSecret {
    /// The path.
    pub key: String,
    /// The value.
    pub value: String,
}
