//! `[namespaces.<name>]` and `[roles.<name>]`: where things run, and who may touch them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Use;
use super::schema::short;

/// The level of the Pod Security Standards that a namespace enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PodSecurity {
    /// Anything goes.
    Privileged,
    /// No known escalation of privileges.
    Baseline,
    /// Current hardening practice.
    Restricted,
}

/// A namespace, its isolation, its limits and its owners.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Namespace {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// Its name in the cluster. Its key unless given; it may hold expressions: `"{{ vars.stage }}-infra"`.
    pub name: Option<String>,
    /// `true` where somebody else owns it: it may be referred to and is never emitted.
    pub external: Option<bool>,
    /// The clusters that hold an external namespace, by name; every cluster unless given.
    pub clusters: Option<Vec<String>>,
    /// The environments that an external namespace serves; every environment unless given.
    pub environments: Option<Vec<String>>,
    /// Labels of the Namespace.
    pub labels: Option<BTreeMap<String, String>>,
    /// Annotations of the Namespace.
    pub annotations: Option<BTreeMap<String, String>>,
    /// The Pod Security level that is enforced; `restricted` unless given.
    pub pod_security: Option<PodSecurity>,
    /// Whether it carries `status: placeholder` for as long as nothing runs in it.
    pub placeholder: Option<bool>,
    /// `true` denies all traffic but the declared edges and DNS; `false` unless given.
    pub isolated: Option<bool>,
    /// What any pod of the namespace may reach, besides the edges of its workloads.
    pub uses: Option<Vec<Use>>,
    /// How much its pods may ask for together.
    pub quota: Option<Quota>,
    /// Who may do what in it: a group of the identity provider, and a role of `[roles]`.
    pub access: Option<BTreeMap<String, AccessRole>>,
}

/// A role given to a group in one namespace. A text is the role.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "role"), ("boolean", "enabled")]))]
pub struct AccessRole {
    /// `false` removes what a weaker layer gave.
    pub enabled: Option<bool>,
    /// The role, by its key in `[roles]`.
    pub role: Option<String>,
}

/// A ResourceQuota, and the LimitRange that lets containers without requests in.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("boolean", "enabled")]))]
pub struct Quota {
    /// `false` for no quota.
    pub enabled: Option<bool>,
    /// Size it from what the workloads ask for while they are rolled out, and this many percent more.
    pub headroom: Option<u32>,
    /// Cores, as `requests..limits`.
    pub cpu: Option<String>,
    /// Bytes of memory, as `requests..limits`.
    pub memory: Option<String>,
    /// Bytes of all claims together: `"10Gi"`.
    pub storage: Option<String>,
    /// How many pods.
    pub pods: Option<u32>,
    /// What a container gets that asks for nothing, as `request..limit`; the built-in default of workloads unless given.
    pub default: Option<super::Resources>,
}

/// `[roles.<name>]`: what somebody may do in a namespace.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Role {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// `true` for one ClusterRole that every binding refers to; a Role in each namespace that gives it away unless given.
    pub cluster: Option<bool>,
    /// What is allowed; everything else is not.
    pub rules: Option<Vec<RoleRule>>,
}

/// Verbs on resources.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RoleRule {
    /// API groups; the core group (`""`) unless given.
    pub groups: Option<Vec<String>>,
    /// Resources in the plural: `["pods", "pods/log"]`.
    pub resources: Option<Vec<String>>,
    /// Verbs: `["get", "list", "watch"]`.
    pub verbs: Option<Vec<String>>,
    /// Only the objects of these names.
    pub names: Option<Vec<String>>,
}
