//! The cluster that an environment runs on.

use super::{Existing, Pairs};

/// Which kind of cluster: it decides what is there already and what the platform must bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClusterKind {
    /// Promises nothing: the base.
    Generic,
    /// Kubernetes in Docker, on a developer's machine.
    Kind,
    /// K3s in Docker, on a developer's machine.
    K3d,
    /// K3s on machines of one's own.
    K3s,
    /// Google Kubernetes Engine.
    Gke,
    /// Amazon Elastic Kubernetes Service.
    Eks,
    /// Azure Kubernetes Service.
    Aks,
}

impl ClusterKind {
    /// Every kind, by the word that names it in `platform.toml`.
    pub const ALL: [(&'static str, Self); 7] = [
        ("aks", Self::Aks),
        ("eks", Self::Eks),
        ("generic", Self::Generic),
        ("gke", Self::Gke),
        ("k3d", Self::K3d),
        ("k3s", Self::K3s),
        ("kind", Self::Kind),
    ];

    /// The word that names it in `platform.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("generic", |(word, _)| word)
    }

    /// Whether it runs on a developer's machine and is made by a script.
    #[must_use]
    pub const fn is_local(self) -> bool {
        matches!(self, Self::Kind | Self::K3d)
    }

    /// Whether a cloud provider runs it.
    #[must_use]
    pub const fn is_cloud(self) -> bool {
        matches!(self, Self::Gke | Self::Eks | Self::Aks)
    }
}

/// A cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Which kind.
    pub kind: ClusterKind,
    /// Its name, as its provider or tool knows it.
    pub name: String,
    /// Whether others made it.
    pub provided: bool,
    /// How many nodes run pods.
    pub nodes: u32,
    /// Cores that one node offers to pods, in millicores; `None` where nobody said.
    pub node_millicores: Option<u64>,
    /// Memory that one node offers to pods, in bytes; `None` where nobody said.
    pub node_memory: Option<u64>,
    /// How many pods one node takes.
    pub node_pods: u64,
    /// What others run there already.
    pub existing: Existing,
    /// The region; empty where it has none.
    pub region: String,
    /// The zone; empty where it has none.
    pub zone: String,
    /// The resource group; empty where it has none.
    pub resource_group: String,
    /// `MetalLB`, where it hands out addresses.
    pub metallb: Option<MetalLb>,
    /// Annotations for Services of type `LoadBalancer`.
    pub load_balancer_annotations: Pairs,
    /// Whether ports 80 and 443 of the ingress controller are opened on the node itself.
    pub host_ports: bool,
    /// Whether Secrets are encrypted where the API server keeps them.
    pub encrypt_secrets: bool,
    /// The folder of the developer's machine that keeps volumes; empty for none.
    pub data_folder: String,
}

/// `MetalLB` in layer 2 mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetalLb {
    /// The release that the set-up script installs.
    pub version: String,
    /// The addresses that it may give away.
    pub addresses: Vec<String>,
}
