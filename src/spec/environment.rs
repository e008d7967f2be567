//! `[environments.<name>]`: a cluster, and what is different there.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;

/// What an environment says of itself. Besides these keys it may hold every noun of the platform (`workloads`,
/// `vars`, …), whose fields then win over the platform's.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Environment {
    /// The name of the environment; set by bayplan.
    #[schemars(skip)]
    pub name: Option<String>,
    /// Whether this is the base of a platform that has environments; set by bayplan.
    #[schemars(skip)]
    pub stands_for_all: Option<bool>,
    /// What it is for, in one sentence.
    pub description: Option<String>,
    /// The cluster that it runs on: `"kind"`, or a table.
    pub cluster: Option<Cluster>,
    /// Where it runs; `kubernetes` unless given.
    pub target: Option<Target>,
    /// The phase of adoption that brings it.
    pub phase: Option<u32>,
    /// What must happen for its phase to begin.
    pub trigger: Option<String>,
    /// What is done then.
    pub action: Option<String>,
    /// The tool by which developers build and follow their sources there.
    pub inner_loop: Option<super::InnerLoop>,
    /// The environment that its images are promoted from.
    pub promotes_from: Option<String>,
}

/// Where an environment runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// On a cluster, from the files that bayplan writes.
    Kubernetes,
    /// With Docker Compose, from a file of its own: bayplan records the environment and writes nothing for it.
    Compose,
}

/// A cluster: its kind decides storage classes, load balancer and how it is created.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "kind")]))]
pub struct Cluster {
    /// `kind`, `k3d`, `k3s`, `gke`, `eks` or `aks`; `generic` promises nothing.
    pub kind: Option<String>,
    /// Its name, as the provider knows it.
    pub name: Option<String>,
    /// `true` where others made it: the platform's pages say how to reach it, not how to create it.
    pub provided: Option<bool>,
    /// How many nodes run pods.
    pub nodes: Option<u32>,
    /// What one node offers to pods, for the capacity audit: cores.
    pub node_cpu: Option<String>,
    /// What one node offers to pods, for the capacity audit: bytes.
    pub node_memory: Option<String>,
    /// How many pods one node takes, for the capacity audit; 110 unless given.
    pub node_pods: Option<u32>,
    /// What others run on the same nodes already, for the capacity audit.
    pub existing: Option<Existing>,
    /// The region, for clouds that place clusters in one: `us-west-2`.
    pub region: Option<String>,
    /// The zone, for clouds that place clusters in one: `us-central1-a`.
    pub zone: Option<String>,
    /// The resource group (AKS).
    pub resource_group: Option<String>,
    /// Which storage classes volumes use.
    pub storage: Option<ClusterStorage>,
    /// MetalLB gives LoadBalancer Services an address where no cloud does.
    pub metallb: Option<MetalLb>,
    /// Annotations for LoadBalancer Services.
    pub load_balancer_annotations: Option<BTreeMap<String, String>>,
    /// Whether ports 80 and 443 of the ingress controller are opened on the node itself (kind).
    pub host_ports: Option<bool>,
    /// Whether Secrets are encrypted where the API server keeps them, with a key that the set-up script makes (kind).
    pub encrypt_secrets: Option<bool>,
    /// Whether K3s' own load balancer stays, so that Services of type LoadBalancer have ports 80 and 443 of the developer's machine (k3d).
    pub load_balancer: Option<bool>,
    /// A registry beside the cluster (k3d).
    pub registry: Option<super::Registry>,
    /// The folder of the developer's machine that keeps volumes when the cluster is made anew (kind).
    pub data_folder: Option<String>,
}

/// Load that is on the cluster before this platform comes: the requests of what others run there.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Existing {
    /// Cores that they ask for, all together.
    pub cpu: Option<String>,
    /// Bytes of memory that they ask for, all together.
    pub memory: Option<String>,
    /// How many pods they are.
    pub pods: Option<u32>,
}

/// Which storage classes volumes use that name none.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClusterStorage {
    /// The class for volumes that one node mounts.
    pub class: Option<String>,
    /// The class for volumes that several nodes mount.
    pub shared: Option<String>,
}

/// MetalLB in layer 2 mode.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("boolean", "enabled")]))]
pub struct MetalLb {
    /// `false` removes it.
    pub enabled: Option<bool>,
    /// The release that the set-up script installs: `v0.15.2`.
    pub version: Option<String>,
    /// The addresses that it may give away: `["172.18.255.200-172.18.255.250"]`.
    pub addresses: Option<Vec<String>>,
}
