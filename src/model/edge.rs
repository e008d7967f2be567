//! Edges: who may open a connection to whom.

use super::{Pairs, Protocol};
use crate::names::{Cidr, DnsLabel, PortNumber};
use crate::source::{KeyPath, Segment};

/// Permission to open connections. Ports are those of the pods, not of Services: that is what a policy sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The `uses` or the route that declares it.
    pub source: KeyPath,
    /// Who connects.
    pub from: Peer,
    /// Who is connected to.
    pub to: Peer,
    /// The ports.
    pub ports: Vec<EdgePort>,
}

impl Edge {
    /// Whether who connects must wait for whom it connects to. Members of one cluster connect to each other in both
    /// directions, and none of them is first.
    #[must_use]
    pub fn orders(&self) -> bool {
        // `workloads.<key>.joins` and `.peers`; an entity itself may have such a name.
        !matches!(self.source.segments().get(2), Some(Segment::Key(key)) if key == "joins" || key == "peers")
    }
}

/// One end of an edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// The pods of a workload.
    Workload {
        /// The namespace, by its name in the cluster.
        namespace: DnsLabel,
        /// The workload, by its name in the cluster.
        name: DnsLabel,
    },
    /// Every pod of a namespace.
    Namespace(DnsLabel),
    /// The pods of somebody else's service, by their labels.
    Pods {
        /// The namespace, by its name in the cluster.
        namespace: DnsLabel,
        /// The labels that select the pods.
        labels: Pairs,
    },
    /// Every pod of every tenant.
    Tenants,
    /// Addresses outside the cluster.
    Addresses(Vec<Cidr>),
}

/// A port of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EdgePort {
    /// The port of the pod.
    pub number: PortNumber,
    /// The transport.
    pub protocol: Protocol,
}
