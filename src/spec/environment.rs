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
    /// What it is for, in one sentence.
    pub description: Option<String>,
    /// The cluster that it runs on: `"kind"`, or a table.
    pub cluster: Option<Cluster>,
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
    /// How many nodes run pods.
    pub nodes: Option<u32>,
    /// What one node offers to pods, for the capacity audit: cores.
    pub node_cpu: Option<String>,
    /// What one node offers to pods, for the capacity audit: bytes.
    pub node_memory: Option<String>,
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
    /// The folder of the developer's machine that keeps volumes when the cluster is made anew (kind).
    pub data_folder: Option<String>,
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
