//! `[kafkas.<name>]`: event brokers that Strimzi runs, their topics and users, and the connectors that feed them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Data, Resources, Storage};

/// A Kafka cluster in KRaft mode, run by the Strimzi operator.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Kafka {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to. Its own name unless given.
    pub component: Option<String>,
    /// The name of its objects in the cluster. Its key unless given.
    pub name: Option<String>,
    /// The regions that each have one.
    pub regions: Option<Vec<String>>,
    /// The region that it lies in.
    pub region: Option<String>,
    /// What its topics hold.
    pub data: Option<Data>,
    /// The version of Kafka: `"4.1.0"`.
    pub version: Option<String>,
    /// How many nodes, each of them controller and broker: 1 on a developer's machine, else an odd number; 3 unless given.
    pub nodes: Option<i32>,
    /// The volume of a node: a size such as `"20Gi"`, or a table.
    pub storage: Option<Storage>,
    /// CPU and memory of a node, as `request..limit`.
    pub resources: Option<Resources>,
    /// The namespace of the operator, by its key in `[namespaces]`.
    pub operator: Option<String>,
    /// The addresses of the API server, which the operators of topics and users talk to; any unless given.
    pub api_server: Option<Vec<String>>,
    /// Topics by name.
    pub topics: Option<BTreeMap<String, Topic>>,
    /// Users by name. Each gets a Secret of its name with a password that the operator makes.
    pub users: Option<BTreeMap<String, KafkaUser>>,
    /// Kafka Connect, which runs connectors.
    pub connect: Option<Connect>,
}

/// A topic.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Topic {
    /// `false` removes it.
    pub enabled: Option<bool>,
    /// How many partitions; 3 unless given.
    pub partitions: Option<i32>,
    /// How many copies; as many as there are nodes, at most 3, unless given.
    pub replicas: Option<i32>,
    /// Settings of the topic: `{ "retention.ms" = "604800000" }`.
    pub config: Option<BTreeMap<String, String>>,
}

/// A user of a Kafka cluster, and what it may do.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KafkaUser {
    /// Topics that it reads; one that ends in `*` is a prefix.
    pub reads: Option<Vec<String>>,
    /// Topics that it writes; one that ends in `*` is a prefix.
    pub writes: Option<Vec<String>>,
    /// Consumer groups that it may join; one that ends in `*` is a prefix. Its own name unless given.
    pub groups: Option<Vec<String>>,
    /// The workloads or externals that are this user: they may reach the brokers.
    pub workloads: Option<Vec<String>>,
}

/// Kafka Connect.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Connect {
    /// The image: Strimzi's, with the connectors in it, pinned by tag or digest.
    pub image: Option<String>,
    /// How many workers; 1 unless given.
    pub replicas: Option<i32>,
    /// CPU and memory of a worker, as `request..limit`.
    pub resources: Option<Resources>,
    /// Debezium connectors by name.
    pub connectors: Option<BTreeMap<String, Connector>>,
}

/// A Debezium connector, made from the database that it follows.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Connector {
    /// `false` removes it.
    pub enabled: Option<bool>,
    /// The database, by its key in `[databases]`; its engine chooses the connector.
    pub database: Option<String>,
    /// The user of the database that it connects as, one of its `users`.
    pub user: Option<String>,
    /// The tables or collections that it follows.
    pub tables: Option<Vec<String>>,
    /// `per-node` for a connector on each node of a Citus cluster, which `single-node` leaves out.
    pub mode: Option<ConnectorMode>,
    /// What its topics begin with: `"eu.ledger"`. The region and the name of the database unless given.
    pub prefix: Option<String>,
    /// How many partitions its topics have; 3 unless given.
    pub partitions: Option<i32>,
    /// Further settings of the connector.
    pub config: Option<BTreeMap<String, String>>,
}

/// Which nodes of a cluster a connector follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectorMode {
    /// Every node: rows are changed where they lie.
    PerNode,
    /// The coordinator alone, which holds the shards itself.
    SingleNode,
}
