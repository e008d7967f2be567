//! What others run and own, as far as this platform meets it; and where the platform stands in its own adoption.

use super::{Pairs, Resources};
use crate::names::{Cidr, ConfigKey, DnsLabel, HostName, PortNumber, ServiceName};
use crate::source::KeyPath;

/// Everything round the platform that it does not own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surroundings {
    /// Services that others run.
    pub externals: Vec<External>,
    /// The Vault whose agents write secrets into pods; `None` where there is none.
    pub vault: Option<Vault>,
    /// Clients of an identity provider that others run.
    pub clients: Vec<OidcClient>,
}

/// A service that somebody else runs.
#[derive(Debug, Clone, PartialEq)]
pub struct External {
    /// Where it is written.
    pub source: KeyPath,
    /// Its key in `platform.toml`.
    pub key: String,
    /// Where it is.
    pub reach: Reach,
    /// The port that URLs name.
    pub port: PortNumber,
    /// Public hosts that its owner claims.
    pub hosts: Vec<HostName>,
}

/// Where a service that somebody else runs is.
#[derive(Debug, Clone, PartialEq)]
pub enum Reach {
    /// In a namespace of the same cluster.
    Pods {
        /// The namespace, by its name in the cluster.
        namespace: DnsLabel,
        /// Its Service.
        service: ServiceName,
        /// The labels that select its pods.
        labels: Pairs,
        /// The port of its pods; `None` where no policy needs it.
        pod_port: Option<PortNumber>,
    },
    /// Outside the cluster.
    Host {
        /// Its host.
        host: HostName,
        /// The addresses that the host may have.
        cidrs: Vec<Cidr>,
    },
}

/// A Vault whose injector writes secrets into pods.
#[derive(Debug, Clone, PartialEq)]
pub struct Vault {
    /// Its URL.
    pub address: String,
    /// Where the Kubernetes auth method is mounted: `auth/kubernetes`.
    pub auth_path: String,
    /// Where the key-value store (version 2) is mounted: `secret`.
    pub mount: String,
    /// CPU and memory of an agent.
    pub resources: Resources,
    /// Who reads what.
    pub grants: Vec<VaultGrant>,
}

/// What one workload may read from a Vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultGrant {
    /// The role, and the policy of the same name.
    pub role: String,
    /// The namespace of the service account.
    pub namespace: DnsLabel,
    /// The service account, called as its workload is.
    pub account: DnsLabel,
    /// What it reads.
    pub secrets: Vec<VaultSecret>,
}

/// A secret in a Vault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VaultSecret {
    /// Its path below the mount: `shop/staging/api`.
    pub path: String,
    /// The field of it.
    pub field: ConfigKey,
    /// What it is for; may be empty.
    pub description: String,
}

/// A client of an identity provider that others run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcClient {
    /// Where it is written.
    pub source: KeyPath,
    /// The client id.
    pub id: String,
    /// The realm.
    pub realm: String,
    /// Whether the realm is made for it; else it exists.
    pub own_realm: bool,
    /// The audience that the API expects in a token.
    pub audience: String,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Whether it runs in browsers, which keep no secret.
    pub public: bool,
    /// The provider, by its key.
    pub provider: String,
}

/// Where an environment stands in the adoption of the platform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollout {
    /// The phase that brings it; `None` where it belongs to no phase.
    pub phase: Option<u32>,
    /// What must happen for the phase to begin; may be empty.
    pub trigger: String,
    /// What is done then; may be empty.
    pub action: String,
    /// The environment that its images are promoted from; empty for none.
    pub promotes_from: String,
    /// The products of the platform.
    pub groups: Vec<Group>,
}

/// A product: entities that stand together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Its key.
    pub key: String,
    /// What it is, in one sentence; may be empty.
    pub description: String,
    /// The phase that brings it; `None` where it belongs to no phase.
    pub phase: Option<u32>,
    /// The namespace of its members, by its key; `None` where they have several.
    pub namespace: Option<String>,
}

/// An environment that runs on no cluster: it is recorded, and nothing is written for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Its name.
    pub name: String,
    /// Where it runs: `Docker Compose`.
    pub place: String,
    /// Where it stands in the adoption of the platform.
    pub rollout: Rollout,
}

/// Load that is on a cluster before the platform comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Existing {
    /// Millicores that others ask for.
    pub millicores: u64,
    /// Bytes of memory that others ask for.
    pub memory: u64,
    /// How many pods they are.
    pub pods: u64,
}
