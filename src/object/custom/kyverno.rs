//! `kyverno.io/v1`: what the cluster refuses at its door.
//!
//! Source: <https://kyverno.io/docs/policy-types/cluster-policy/>.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;
use crate::value::{Map, Value};

/// Rules for objects of the whole cluster.
pub type ClusterPolicy = Custom<ClusterPolicySpec>;

kind!(ClusterPolicySpec: Cluster, "kyverno.io", "v1", "ClusterPolicy", "clusterpolicies");

/// Rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClusterPolicySpec {
    /// Whether what is there already is judged too.
    pub background: bool,
    /// Seconds that the API server waits for a verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_timeout_seconds: Option<i32>,
    /// The rules.
    pub rules: Vec<PolicyRule>,
}

/// One rule: one of `mutate`, `validate`, `verifyImages` and `generate`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRule {
    /// Its name.
    pub name: String,
    /// What it judges.
    #[serde(rename = "match")]
    pub matched: PolicyMatch,
    /// What of that it does not judge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<PolicyMatch>,
    /// When it applies at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preconditions: Option<PolicyConditions>,
    /// What is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutate: Option<Mutation>,
    /// What must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validate: Option<PolicyValidation>,
    /// Images that must be signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verify_images: Vec<ImageVerification>,
    /// An object that is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generate: Option<Generation>,
}

/// A change of an object on its way in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mutation {
    /// The fields that are merged into it.
    #[schemars(with = "Map")]
    pub patch_strategic_merge: Value,
}

/// Conditions on what was asked of the API server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyConditions {
    /// All of these.
    pub all: Vec<PolicyCondition>,
}

/// A condition.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyCondition {
    /// What is looked at.
    pub key: String,
    /// How: `Equals`, `NotEquals`.
    pub operator: String,
    /// What it is held against.
    pub value: String,
}

/// An object that is made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Generation {
    /// Its API version.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Whether it is kept as it is here, and goes when its cause goes.
    pub synchronize: bool,
    /// Whether it is made for what is there already.
    pub generate_existing: bool,
    /// The rest of it.
    #[schemars(with = "Map")]
    pub data: Value,
}

/// What a rule judges.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyMatch {
    /// Any of these.
    pub any: Vec<PolicyFilter>,
}

/// Objects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyFilter {
    /// Their kinds and namespaces.
    pub resources: PolicyResources,
}

/// Kinds, names, namespaces and labels.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyResources {
    /// The kinds.
    pub kinds: Vec<String>,
    /// Their names, which may have wildcards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The namespaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Their labels, as a label selector.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Map>")]
    pub selector: Option<Value>,
}

/// What must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyValidation {
    /// `Audit` or `Enforce`.
    pub failure_action: String,
    /// What people read where it does not.
    pub message: String,
    /// The shape that the object has.
    #[schemars(with = "Map")]
    pub pattern: Value,
}

/// Images that must be signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageVerification {
    /// The images.
    pub image_references: Vec<String>,
    /// `Audit` or `Enforce`.
    pub failure_action: String,
    /// Whether a tag is replaced by the digest that was verified.
    pub mutate_digest: bool,
    /// Who must have signed them.
    pub attestors: Vec<Attestors>,
}

/// People and keys, one of whom must have signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attestors {
    /// They.
    pub entries: Vec<AttestorEntry>,
}

/// A person or a key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttestorEntry {
    /// An identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keyless: Option<KeylessAttestor>,
    /// A key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<KeyAttestor>,
}

/// An identity, as the transparency log has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KeylessAttestor {
    /// Who vouches for it.
    pub issuer: String,
    /// Who it is.
    pub subject: String,
    /// The transparency log.
    pub rekor: Rekor,
}

/// A transparency log.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rekor {
    /// Its URL.
    pub url: String,
}

/// A key.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyAttestor {
    /// That a service keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms: Option<String>,
    /// In PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_keys: Option<String>,
}
