//! Who may do what: roles and their holders.

use crate::names::DnsLabel;
use crate::source::KeyPath;

/// A role and everybody who holds it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Where it is written.
    pub source: KeyPath,
    /// The name of the role and of the binding.
    pub name: String,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// Where it holds.
    pub scope: Scope,
    /// What is allowed.
    pub rules: Vec<AccessRule>,
    /// Who holds it.
    pub subjects: Vec<Subject>,
}

/// Where a role holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// In one namespace.
    Namespace(DnsLabel),
    /// In the whole cluster.
    Cluster,
}

/// Verbs on resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRule {
    /// API groups.
    pub groups: Vec<String>,
    /// Resources in the plural.
    pub resources: Vec<String>,
    /// Verbs.
    pub verbs: Vec<String>,
    /// Only the objects of these names; empty for all.
    pub names: Vec<String>,
}

/// Who holds a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A user, as the API server knows it.
    User(String),
    /// A group of the identity provider.
    Group(String),
    /// A service account of a namespace.
    ServiceAccount {
        /// The namespace.
        namespace: DnsLabel,
        /// The account.
        name: DnsLabel,
    },
}

/// A ClusterRole that bindings refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterRole {
    /// The entity that it comes from.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: String,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// What it allows.
    pub rules: Vec<AccessRule>,
}

/// A role given away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The entity that it comes from.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: String,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// Where it holds.
    pub scope: Scope,
    /// The ClusterRole that it gives: one of the platform, or one that Kubernetes brings.
    pub role: String,
    /// Who gets it.
    pub subjects: Vec<Subject>,
}
