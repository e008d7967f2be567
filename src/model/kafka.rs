//! Event brokers, their topics and users, and the connectors that feed them.

use std::collections::BTreeMap;

use super::{EnvVar, Resources};
use crate::names::{DnsLabel, DnsSubdomain, ImageRef, Quantity};
use crate::source::KeyPath;

/// A Kafka cluster in KRaft mode, run by Strimzi.
#[derive(Debug, Clone, PartialEq)]
pub struct Kafka {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsLabel,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// The value of the region label of its nodes; empty for any.
    pub region: String,
    /// The version of Kafka.
    pub version: String,
    /// How many nodes, each controller and broker.
    pub nodes: i32,
    /// The size of a node's volume; `None` for scratch space.
    pub storage: Option<Quantity>,
    /// The storage class; `None` for the cluster's default.
    pub class: Option<String>,
    /// CPU and memory of a node.
    pub resources: Resources,
    /// Topics.
    pub topics: Vec<Topic>,
    /// Users.
    pub users: Vec<KafkaUser>,
    /// Kafka Connect.
    pub connect: Option<Connect>,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// The name of its object.
    pub name: DnsSubdomain,
    /// Its name in Kafka.
    pub topic: String,
    /// How many partitions.
    pub partitions: i32,
    /// How many copies.
    pub replicas: i32,
    /// Settings.
    pub config: BTreeMap<String, String>,
}

/// A user, which has a Secret of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaUser {
    /// Its name, here and in Kafka.
    pub name: DnsSubdomain,
    /// What it may do.
    pub acls: Vec<Acl>,
}

/// What a user may do with topics or groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acl {
    /// `topic` or `group`.
    pub kind: &'static str,
    /// The name, or what names begin with.
    pub name: String,
    /// Whether names only begin with it.
    pub prefix: bool,
    /// What may be done, in Kafka's words.
    pub operations: Vec<&'static str>,
}

/// Kafka Connect and its connectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Connect {
    /// Its name in the cluster, which is that of its user too.
    pub name: DnsSubdomain,
    /// The image.
    pub image: ImageRef,
    /// How many workers.
    pub replicas: i32,
    /// CPU and memory of a worker.
    pub resources: Resources,
    /// The passwords that connectors read.
    pub env: Vec<EnvVar>,
    /// Connectors.
    pub connectors: Vec<Connector>,
}

/// A connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connector {
    /// Its name in the cluster.
    pub name: DnsSubdomain,
    /// The Java class.
    pub class: &'static str,
    /// Its settings.
    pub config: BTreeMap<String, String>,
}
