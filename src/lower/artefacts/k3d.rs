//! The configuration of a k3d cluster: `k3d.io/v1alpha5`, kind `Simple` (<https://k3d.io/stable/usage/configfile/>).

use serde::Serialize;

use super::cluster_config::{LOOPBACK, PORTS};
use crate::model::{Cluster, Development};

/// Where the provisioner of k3s keeps volumes.
const K3S_VOLUMES: &str = "/var/lib/rancher/k3s/storage";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Simple {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    servers: u32,
    agents: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<Port>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    volumes: Vec<Volume>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registries: Option<Registries>,
    options: Options,
}

#[derive(Serialize)]
struct Metadata {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Port {
    port: String,
    node_filters: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Volume {
    volume: String,
    node_filters: Vec<String>,
}

#[derive(Serialize)]
struct Registries {
    create: Registry,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Registry {
    name: String,
    host: &'static str,
    host_port: String,
}

#[derive(Serialize)]
struct Options {
    k3s: K3s,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct K3s {
    extra_args: Vec<Argument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    node_labels: Vec<NodeLabel>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Argument {
    arg: String,
    node_filters: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NodeLabel {
    label: String,
    node_filters: Vec<String>,
}

fn filter(text: impl Into<String>) -> Vec<String> {
    vec![text.into()]
}

/// K3s brings an ingress controller, which would take the ports of ours. Its load balancer goes too, unless it is what
/// leads the ports of the machine to Services.
pub(super) fn simple(cluster: &Cluster, development: &Development) -> Simple {
    let balanced = development.load_balancer;
    let disabled = ["traefik", "servicelb"].into_iter().filter(|name| !balanced || *name == "traefik");
    let extra_args = disabled
        .map(|name| Argument { arg: format!("--disable={name}"), node_filters: filter("server:*") })
        .collect();
    let mounted = !cluster.data_folder.is_empty();
    let volume =
        Volume { volume: format!("{}:{K3S_VOLUMES}", cluster.data_folder), node_filters: filter("all") };
    Simple {
        api_version: "k3d.io/v1alpha5",
        kind: "Simple",
        metadata: Metadata { name: cluster.name.clone() },
        servers: 1,
        agents: cluster.nodes.saturating_sub(1),
        ports: ports(cluster, balanced),
        volumes: mounted.then_some(volume).into_iter().collect(),
        registries: development.registry.as_ref().map(|(name, port)| Registries {
            create: Registry { name: name.clone(), host: LOOPBACK, host_port: port.to_string() },
        }),
        options: Options { k3s: K3s { extra_args, node_labels: node_labels(cluster, development) } },
    }
}

/// Ports of the machine, at k3d's own load balancer or at the node that the ingress controller is sent to.
fn ports(cluster: &Cluster, balanced: bool) -> Vec<Port> {
    let at = if balanced { "loadbalancer" } else { "server:0" };
    let ports = if balanced || cluster.host_ports { PORTS.as_slice() } else { &[] };
    ports
        .iter()
        .map(|port| Port { port: format!("{LOOPBACK}:{port}:{port}"), node_filters: filter(at) })
        .collect()
}

/// Regions are simulated: the nodes that run pods stand in them in turn, so that what is bound to one has a node.
fn node_labels(cluster: &Cluster, development: &Development) -> Vec<NodeLabel> {
    let agents = cluster.nodes.saturating_sub(1);
    let nodes: Vec<String> =
        if agents == 0 { filter("server:0") } else { (0..agents).map(|at| format!("agent:{at}")).collect() };
    let places = nodes.iter().cycle().take(nodes.len().max(development.regions.len()));
    let regions = development.regions.iter().cycle();
    let mut labels: Vec<NodeLabel> = places
        .zip(regions)
        .map(|(node, region)| NodeLabel {
            label: format!("topology.kubernetes.io/region={region}"),
            node_filters: filter(node.clone()),
        })
        .collect();
    if cluster.host_ports && !development.load_balancer {
        labels.insert(
            0,
            NodeLabel { label: "ingress-ready=true".to_owned(), node_filters: filter("server:0") },
        );
    }
    labels
}
