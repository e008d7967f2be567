//! The parts of databases that are clusters of their own: `[databases.<name>.mongodb]` and `[databases.<name>.citus]`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Data, Resources};
use crate::value::{Map, Value};

/// A sharded MongoDB cluster: config servers, routers, and a replica set for each shard.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MongoDb {
    /// How many members each replica set has: 1 on a developer's machine, else an odd number; 3 unless given.
    pub members: Option<i32>,
    /// How many routers (`mongos`); 2 unless given.
    pub routers: Option<i32>,
    /// CPU and memory of a router, as `request..limit`; those of the database unless given.
    pub router_resources: Option<Resources>,
    /// CPU and memory of a config server, as `request..limit`; those of the database unless given.
    pub config_resources: Option<Resources>,
    /// The volume of a config server: `"2Gi"`.
    pub config_storage: Option<String>,
    /// The shards by name. The one without a region is the home of collections that are not sharded.
    pub shards: Option<BTreeMap<String, MongoShard>>,
    /// Collections that the init Job makes, by name.
    pub collections: Option<BTreeMap<String, MongoCollection>>,
    /// Users that the init Job makes, by name, with what each may do. Their passwords are keys of the secret `<name>-users`.
    pub users: Option<BTreeMap<String, MongoUser>>,
}

/// One shard.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MongoShard {
    /// `false` removes it.
    pub enabled: Option<bool>,
    /// The region that it lies in; it holds the countries of that region.
    pub region: Option<String>,
    /// What it holds; `personal` where it has a region, else what the database says.
    pub data: Option<Data>,
    /// The volume of a member; that of the database unless given.
    pub storage: Option<String>,
}

/// One collection.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MongoCollection {
    /// The shard key, field by field. Without one the collection is not sharded, and lies on the shard without a region.
    pub shard_key: Option<Vec<String>>,
    /// The field of the shard key that holds the country: each region's countries then stay on its shards. It must be the
    /// first field of the key, since zones are ranges of the key.
    pub zone_by: Option<String>,
    /// The JSON schema that documents must match (`$jsonSchema`).
    #[schemars(with = "Option<Map>")]
    pub schema: Option<Value>,
    /// Unique indexes, each a list of fields.
    pub unique: Option<Vec<Vec<String>>>,
    /// Other indexes, each a list of fields.
    pub indexes: Option<Vec<Vec<String>>>,
}

/// A user of a MongoDB cluster.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MongoUser {
    /// Its role in the database of the platform: `readWrite` unless given.
    pub role: Option<String>,
    /// Roles in other databases: `{ admin = "clusterMonitor" }`.
    pub roles: Option<BTreeMap<String, String>>,
}

/// PostgreSQL with Citus: a coordinator that clients talk to, and workers that hold the shards.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Citus {
    /// How many workers; 2 unless given. With none, the coordinator holds the shards itself.
    pub workers: Option<i32>,
    /// The volume of a worker; that of the database unless given.
    pub worker_storage: Option<String>,
    /// CPU and memory of a worker, as `request..limit`; those of the database unless given.
    pub worker_resources: Option<Resources>,
    /// Memory of `/dev/shm`, which parallel queries share: `"256Mi"` unless given.
    pub shared_memory: Option<String>,
    /// Workers in other clusters, by name. A worker in another region is refused.
    pub external_workers: Option<BTreeMap<String, CitusWorker>>,
    /// SQL that makes the schema, run on the coordinator; run again, it must change nothing (`CREATE TABLE IF NOT EXISTS`).
    pub schema: Option<String>,
    /// Tables by name, and how each is spread.
    pub tables: Option<BTreeMap<String, CitusTable>>,
    /// Tenants that have a shard of their own, and the worker that holds it: `{ "merchant-17" = 0 }`.
    pub tenants: Option<BTreeMap<String, i32>>,
    /// Roles that the registration Job makes, by name. Their passwords are keys of the secret `<name>-users`.
    pub users: Option<BTreeMap<String, CitusUser>>,
    /// Whether workers publish the changes of their shards under the name of the table, for change data capture.
    pub change_data_capture: Option<bool>,
}

/// A worker that runs in another cluster.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CitusWorker {
    /// Its host.
    pub host: Option<String>,
    /// Its port; 5432 unless given.
    pub port: Option<u16>,
    /// The addresses that it may have, as CIDR blocks.
    pub cidrs: Option<Vec<String>>,
    /// The region that it lies in.
    pub region: Option<String>,
}

/// How a table is spread over workers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CitusTable {
    /// The distribution column. Citus has exactly one, and hashes it: it places no country anywhere.
    pub distribute_by: Option<String>,
    /// `true` for a table that every worker has whole.
    pub reference: Option<bool>,
    /// The column with the country. Where the database has a region, only the countries of that region are let in.
    pub country_column: Option<String>,
}

/// A role of a Citus cluster.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CitusUser {
    /// Whether it may read and write the tables (`write`), read them (`read`) or follow their changes (`replicate`).
    pub may: Option<CitusRight>,
}

/// What a role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CitusRight {
    /// Read every table.
    Read,
    /// Read every table, and follow what changes.
    Replicate,
    /// Read and write every table.
    Write,
}
