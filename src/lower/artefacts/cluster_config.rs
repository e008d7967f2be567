//! The configuration of a local cluster: `kind.x-k8s.io/v1alpha4` or `k3d.io/v1alpha5`.
//!
//! Sources: <https://kind.sigs.k8s.io/docs/user/configuration/>, <https://k3d.io/stable/usage/configfile/>.

use std::collections::BTreeMap;

use serde::Serialize;

use super::local::Tool;
use super::{Artefact, encryption, k3d};
use crate::model::{Cluster, Development};
use crate::value::Value;

/// Where the provisioner of kind's node images keeps volumes (`pkg/build/nodeimage/const_storage.go` of kind).
const KIND_VOLUMES: &str = "/var/local-path-provisioner";
/// What is published on the developer's machine is published to that machine alone.
pub(super) const LOOPBACK: &str = "127.0.0.1";
/// The ports of the ingress controller.
pub(super) const PORTS: [u16; 2] = [80, 443];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KindCluster {
    api_version: &'static str,
    kind: &'static str,
    name: String,
    nodes: Vec<KindNode>,
}

#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct KindNode {
    role: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<&'static str, &'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extra_port_mappings: Vec<KindPort>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extra_mounts: Vec<KindMount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kubeadm_config_patches: Vec<String>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct KindPort {
    container_port: u16,
    host_port: u16,
    listen_address: &'static str,
    protocol: &'static str,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KindMount {
    pub(super) host_path: String,
    pub(super) container_path: &'static str,
}

/// The configuration file of the cluster.
pub(super) fn config(cluster: &Cluster, development: &Development, tool: Tool) -> Artefact {
    let value = match tool {
        Tool::Kind => crate::value::to_value(&kind(cluster)).unwrap_or(Value::Null),
        Tool::K3d => crate::value::to_value(&k3d::simple(cluster, development)).unwrap_or(Value::Null),
    };
    Artefact::yaml(tool.config_file(), value)
}

/// One node is the control plane and runs pods too. Of several, the control plane runs only what puts up with it, so
/// there is one more than run pods.
fn kind(cluster: &Cluster) -> KindCluster {
    let workers = if cluster.nodes > 1 { cluster.nodes } else { 0 };
    let worker = KindNode { role: "worker", extra_mounts: mounts(cluster), ..KindNode::default() };
    let nodes = std::iter::once(control_plane(cluster)).chain((0..workers).map(|_| worker.clone()));
    KindCluster {
        api_version: "kind.x-k8s.io/v1alpha4",
        kind: "Cluster",
        name: cluster.name.clone(),
        nodes: nodes.collect(),
    }
}

/// With ports of the machine, the ingress controller is sent here by the label, so that `http://localhost/` finds it.
fn control_plane(cluster: &Cluster) -> KindNode {
    let mut node = KindNode { role: "control-plane", extra_mounts: mounts(cluster), ..KindNode::default() };
    if cluster.encrypt_secrets {
        node.extra_mounts.push(encryption::mount());
        node.kubeadm_config_patches.push(encryption::kubeadm_patch());
    }
    if !cluster.host_ports {
        return node;
    }
    let port = |number| KindPort {
        container_port: number,
        host_port: number,
        listen_address: LOOPBACK,
        protocol: "TCP",
    };
    KindNode {
        labels: BTreeMap::from([("ingress-ready", "true")]),
        extra_port_mappings: PORTS.map(port).to_vec(),
        ..node
    }
}

fn mounts(cluster: &Cluster) -> Vec<KindMount> {
    let host_path = cluster.data_folder.clone();
    let mount = KindMount { host_path, container_path: KIND_VOLUMES };
    if cluster.data_folder.is_empty() { Vec::new() } else { vec![mount] }
}
