//! Claims, storage classes, configs and secrets.

use std::collections::BTreeMap;

use super::Pairs;
use crate::names::{ConfigKey, DnsLabel, DnsSubdomain, Quantity};
use crate::source::KeyPath;

/// How a volume may be mounted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Written by the pods of one node.
    ReadWriteOnce,
    /// Written by one pod.
    ReadWriteOncePod,
    /// Read by many nodes.
    ReadOnlyMany,
    /// Written by many nodes.
    ReadWriteMany,
}

impl Access {
    /// Every mode, in Kubernetes' spelling.
    pub const ALL: [(&'static str, Self); 4] = [
        ("ReadOnlyMany", Self::ReadOnlyMany),
        ("ReadWriteMany", Self::ReadWriteMany),
        ("ReadWriteOnce", Self::ReadWriteOnce),
        ("ReadWriteOncePod", Self::ReadWriteOncePod),
    ];

    /// Kubernetes' spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, mode)| *mode == self).map_or("", |(word, _)| word)
    }
}

/// A `PersistentVolumeClaim`, alone or as a template of a `StatefulSet`.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsLabel,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// How it may be mounted.
    pub access: Access,
    /// The storage class; `None` for the cluster's default.
    pub class: Option<String>,
    /// How large.
    pub size: Quantity,
}

/// A `StorageClass` that the platform brings along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageClass {
    /// Where it is written; a cluster's profile may have written it.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsSubdomain,
    /// The driver.
    pub provisioner: String,
    /// Parameters of the driver.
    pub parameters: Pairs,
    /// Whether volumes outlive their claims.
    pub retain: bool,
}

/// A `ConfigMap`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsSubdomain,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// Keys and texts.
    pub data: BTreeMap<ConfigKey, String>,
}

/// The contract of a Secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsSubdomain,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// The type of the Secret.
    pub r#type: String,
    /// Its keys.
    pub keys: Vec<SecretKey>,
    /// Whether something else makes it: it is referred to and not described.
    pub provided: bool,
    /// The entities that read it.
    pub readers: Vec<String>,
}

/// One key of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretKey {
    /// The key.
    pub name: ConfigKey,
    /// What it is for; may be empty.
    pub description: String,
    /// A command that makes a good value; may be empty.
    pub generate: String,
    /// The path of the value in the secret store.
    pub remote: String,
}

/// Who turns a contract into a Secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretStore {
    /// A person, from an `.example` file.
    Kubernetes,
    /// The External Secrets Operator.
    ExternalSecrets {
        /// The `ClusterSecretStore`.
        name: String,
        /// How often it looks for a new value.
        refresh: String,
    },
}
