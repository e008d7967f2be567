//! `[policies]`: what the cluster refuses at its door.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyEngine {
    /// Kyverno.
    Kyverno,
    /// OPA Gatekeeper.
    Gatekeeper,
}

/// What happens to what breaks a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyMode {
    /// It is reported.
    Audit,
    /// It is refused.
    Enforce,
}

/// One policy of the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BaselinePolicy {
    /// Every container says how much CPU it asks for and how much memory it may use.
    Limits,
    /// No image is called `latest`, or has no tag at all.
    NoLatest,
    /// No container is privileged.
    NoPrivileged,
    /// Pods have the labels of `required-labels`.
    RequiredLabels,
}

/// `[policies]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Policies {
    /// Whether there are any.
    pub enabled: Option<bool>,
    /// Who judges; `kyverno` unless given.
    pub engine: Option<PolicyEngine>,
    /// What happens to what breaks one; `audit` unless given.
    pub mode: Option<PolicyMode>,
    /// The baseline; all of it unless given.
    pub baseline: Option<Vec<BaselinePolicy>>,
    /// The labels of pods; `app.kubernetes.io/name` and `app.kubernetes.io/part-of` unless given.
    pub required_labels: Option<Vec<String>>,
    /// Whether Kyverno gives a Namespace that somebody makes in the cluster what a tenant of this file has: its quota, its
    /// defaults, its network policies and its owner. It takes those with the label `tenant` and a tenant's name; the owner is
    /// the annotation `bayplan.dev/owner`. `false` unless given.
    pub generate_tenants: Option<bool>,
    /// The images whose signatures are verified, by key.
    pub signatures: Option<BTreeMap<String, Signature>>,
}

/// Images, and who must have signed them: one of `keyless`, `kms` and `public-key`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Signature {
    /// Whether it is asked for.
    pub enabled: Option<bool>,
    /// The images: `["registry.example/*"]`.
    pub images: Option<Vec<String>>,
    /// Signed by an identity, as the transparency log has it.
    pub keyless: Option<Keyless>,
    /// Signed by a key of a service: `azurekms://…`, `awskms://…`, `gcpkms://…` or `hashivault://…`.
    pub kms: Option<String>,
    /// Signed by the holder of the key that belongs to this one, in PEM.
    pub public_key: Option<String>,
    /// What happens to an image without; as `mode` says unless given.
    pub mode: Option<PolicyMode>,
}

/// An identity that signs without a key of its own.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Keyless {
    /// Who vouches for it: `https://token.actions.githubusercontent.com`.
    pub issuer: Option<String>,
    /// Who it is; `*` stands for anything.
    pub subject: Option<String>,
    /// The transparency log; that of Sigstore unless given.
    pub rekor: Option<String>,
}
