//! `[databases.<name>]`: a typed engine, run in the cluster or reached outside it under the same name.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;
use super::{
    Backup, Bootstrap, BrokerUser, Citus, Data, EnvValue, Kind, MongoDb, Probes, Resources, Security,
    Service, Storage,
};
use crate::value::{Map, Value};

/// A database or cache: the engine knows its image, port, probes, volume and credentials.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Database {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The product that it belongs to, by its key in `[groups]`; that of its file unless given.
    pub group: Option<String>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to: one folder of the output. Its own name unless given.
    pub component: Option<String>,
    /// The name of its objects in the cluster. Its key unless given.
    pub name: Option<String>,
    /// The engine: `citus`, `mariadb`, `mongodb`, `mysql`, `postgres`, `redis` or `sqlserver`.
    pub engine: Option<String>,
    /// The version of the engine: `"16"`. Where `image` is given, it only documents.
    pub version: Option<String>,
    /// The image, pinned by tag or digest. There is no default: a tag that moves is not a pin.
    pub image: Option<String>,
    /// The name of its container; its own name unless given.
    pub container: Option<String>,
    /// `statefulset` or `deployment`; the engine's choice unless given.
    pub kind: Option<Kind>,
    /// The parts of a sharded MongoDB cluster.
    pub mongodb: Option<MongoDb>,
    /// The parts of a Citus cluster.
    pub citus: Option<Citus>,
    /// The regions that each have one.
    pub regions: Option<Vec<String>>,
    /// The region that it lies in: its pods run on that region's nodes, and it calls nothing elsewhere.
    pub region: Option<String>,
    /// What it holds.
    pub data: Option<Data>,
    /// How many pods; 1 unless given.
    pub replicas: Option<i32>,
    /// The volume: a size such as `"10Gi"`, or a table.
    pub storage: Option<Storage>,
    /// CPU and memory, as `request..limit`.
    pub resources: Option<Resources>,
    /// The port; the engine's usual one unless given.
    pub port: Option<u16>,
    /// The user that applications connect as; the engine's usual one unless given.
    pub user: Option<String>,
    /// The database within the engine; the engine's usual one unless given.
    pub database: Option<String>,
    /// More databases within the server, each with a user of its own, made by a Job: a secret with the password, or a table.
    pub schemas: Option<BTreeMap<String, Schema>>,
    /// How it is reached. A ClusterIP Service and a headless one unless given; `type = "headless"` for that one alone.
    pub service: Option<Service>,
    /// Where the password lives: the key of a secret, or a table. A secret `<name>-credentials` unless given.
    pub credentials: Option<Credentials>,
    /// Probes; the engine's unless given, field by field.
    pub probes: Option<Probes>,
    /// More arguments for the server.
    pub args: Option<Vec<String>>,
    /// More environment variables for the server.
    pub env: Option<BTreeMap<String, EnvValue>>,
    /// User, groups and file system of the container; the engine's unless given.
    pub security: Option<Security>,
    /// It runs elsewhere: its host, or a table. The cluster keeps the same name for it and runs nothing.
    pub external: Option<External>,
    /// SQL that a Job runs in it: tables, and the rows that must be there (`postgres`).
    pub bootstrap: Option<Bootstrap>,
    /// Dumps by the clock (`postgres`).
    pub backup: Option<Backup>,
    /// Users besides the main one, each with a password of its own (`redis`).
    pub users: Option<BTreeMap<String, BrokerUser>>,
    /// Labels for its objects and pods, besides the ones that bayplan sets.
    pub labels: Option<BTreeMap<String, String>>,
    /// Which of its labels select its pods, by key; `app.kubernetes.io/name` unless given. It cannot be changed later.
    pub selector: Option<Vec<String>>,
    /// Annotations for its objects.
    pub annotations: Option<BTreeMap<String, String>>,
    /// Raw fields merged into an object that it becomes, by kind: `patch.StatefulSet.spec.minReadySeconds = 10`.
    #[schemars(with = "Option<Map>")]
    pub patch: Option<BTreeMap<String, Value>>,
}

/// One more database within a server. A text is the secret.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "secret"), ("boolean", "enabled")]))]
pub struct Schema {
    /// `false` removes what a weaker layer set. What was made is not dropped.
    pub enabled: Option<bool>,
    /// The user that owns it; its key unless given.
    pub user: Option<String>,
    /// The secret with the user's password, by its key in `[secrets]`.
    pub secret: Option<String>,
    /// The key of the password within it; `password` unless given.
    pub password: Option<String>,
}

/// Where the password of a database lives.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "secret"), ("boolean", "enabled")]))]
pub struct Credentials {
    /// `false` for an engine that runs without a password.
    pub enabled: Option<bool>,
    /// The secret, by its key in `[secrets]`.
    pub secret: Option<String>,
    /// The key of the password within it; `password` unless given.
    pub password: Option<String>,
}

/// A database that runs outside the cluster.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "host"), ("boolean", "enabled")]))]
pub struct External {
    /// `false` brings it back into the cluster.
    pub enabled: Option<bool>,
    /// Its DNS name.
    pub host: Option<String>,
    /// Its port; that of the database unless given.
    pub port: Option<u16>,
    /// The addresses that it may have, as CIDR blocks. Needed where network policies isolate, which cannot name a host.
    pub cidrs: Option<Vec<String>>,
    /// The name that its certificate is for, since that is not its name in the cluster; its host unless given.
    pub certificate_name: Option<String>,
}
