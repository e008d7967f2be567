//! `[tenant]`, `[tenants.<name>]` and `[bindings.<name>]`: who has a namespace of their own, and who may do what.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;
use super::{AccessRole, Database, PodSecurity, Quota, Use};

/// A tenant: a namespace, its limits, its isolation and its owner. `[tenant]` is the shape of all of them, and
/// `[tenants.<name>]` is one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tenant {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// What people call it: `"ACME Corp"`. Its key is a DNS label.
    pub title: Option<String>,
    /// Who owns it: a user as the API server knows it, or a table.
    pub owner: Option<Owner>,
    /// The name of its namespace, in which `{{ tenant.name }}` is its key; `org-{{ tenant.name }}` unless given.
    pub namespace: Option<String>,
    /// Labels of the Namespace, besides `tenant: <name>`.
    pub labels: Option<BTreeMap<String, String>>,
    /// Annotations of the Namespace.
    pub annotations: Option<BTreeMap<String, String>>,
    /// The Pod Security level that is enforced; `restricted` unless given.
    pub pod_security: Option<PodSecurity>,
    /// How much its pods may ask for together, and what a container gets that asks for nothing.
    pub quota: Option<Quota>,
    /// The role of its owner, by its key in `[roles]`; `tenant-owner`, which bayplan brings, unless given.
    pub role: Option<String>,
    /// Who else may do what in it: a group of the identity provider, and a role of `[roles]`.
    pub access: Option<BTreeMap<String, AccessRole>>,
    /// Whether its own pods may talk to one another; `true` unless given.
    pub internal_traffic: Option<bool>,
    /// What its pods may reach: databases, workloads or externals by key.
    pub uses: Option<Vec<Use>>,
    /// Who may call its pods, and on which of their ports: a workload or a namespace by key, `{ ingress = [8080] }`.
    pub callers: Option<BTreeMap<String, Vec<u16>>>,
    /// A database of its own, in its namespace. It is called as its engine is unless it has a `name`.
    pub database: Option<Box<Database>>,
}

/// Whoever a tenant belongs to. A text is a user.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "user")]))]
pub struct Owner {
    /// A user, as the API server knows it: `"alice@acme.example"`.
    pub user: Option<String>,
    /// A group of the identity provider.
    pub group: Option<String>,
}

/// A role given away, in one namespace or in the whole cluster.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Binding {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The component that it belongs to: one folder of the output. Its key unless given.
    pub component: Option<String>,
    /// The role, by its key in `[roles]`, or one that Kubernetes brings: `view`, `edit`, `admin` or `cluster-admin`.
    pub role: Option<String>,
    /// The namespace that it holds in, by its key in `[namespaces]`; the whole cluster unless given.
    pub namespace: Option<String>,
    /// Workloads by key, whose service accounts get it.
    pub workloads: Option<Vec<String>>,
    /// Users, as the API server knows them.
    pub users: Option<Vec<String>>,
    /// Groups of the identity provider.
    pub groups: Option<Vec<String>>,
}
