//! `[hot-settings]`, and what a database may bring along: SQL to begin with, backups, users of a broker.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scalar;
use super::schema::short;

/// Settings that change while everything runs: they live in a database, and a broker announces each change. They never
/// become a ConfigMap or a variable of a workload.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HotSettings {
    /// The database that holds them, by its key in `[databases]`. Its bootstrap Job gets a file with the defaults.
    pub database: Option<String>,
    /// The Redis that announces changes, by its key in `[databases]`.
    pub broker: Option<String>,
    /// The table with the columns `service`, `key` and `value`; `service_configs` unless given.
    pub table: Option<String>,
    /// The first word of every channel; `config` unless given, as in `config:ai:threshold`.
    pub prefix: Option<String>,
    /// Whether the quota of `[tenant]` is written beside the settings, for the service that shows and changes it.
    pub mirror_quota: Option<bool>,
    /// The defaults by service and key: `ai.threshold = 0.75`. The text `unlimited` becomes NULL.
    pub defaults: Option<BTreeMap<String, BTreeMap<String, Scalar>>>,
}

/// SQL that a Job runs until it has succeeded once, and again whenever it changes: it must do no harm then.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Bootstrap {
    /// Files below the platform's folder by their names in the Job, which run in order of their names. A file ending in
    /// `.j2` is a template.
    pub files: Option<BTreeMap<String, String>>,
}

/// Dumps by the clock, onto a volume of their own.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("boolean", "enabled")]))]
pub struct Backup {
    /// `false` removes what a weaker layer set.
    pub enabled: Option<bool>,
    /// When: `"0 2 * * *"`, in UTC.
    pub schedule: Option<String>,
    /// The volume that dumps go to: a size, or a table.
    pub to: Option<super::Storage>,
    /// How many dumps are kept; 7 unless given.
    pub keep: Option<u32>,
}

/// A user of a Redis, and what it may do. Everything else is denied.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BrokerUser {
    /// `false` removes what a weaker layer set.
    pub enabled: Option<bool>,
    /// The secret with its password, by its key in `[secrets]`.
    pub secret: Option<String>,
    /// The key within the secret; the user's name unless given.
    pub key: Option<String>,
    /// The channels that it may publish to: `["config:*"]`.
    pub publish: Option<Vec<String>>,
    /// The channels that it may subscribe to, with PSUBSCRIBE where they hold a `*`.
    pub subscribe: Option<Vec<String>>,
    /// The keys that it may read and write: `["cache:*"]`.
    pub keys: Option<Vec<String>>,
}
