//! `[velero]` and `[snapshot-classes.<name>]`: copies of objects and volumes, by the clock.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[velero]`: where copies go, and when they are made.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Velero {
    /// Whether there is one.
    pub enabled: Option<bool>,
    /// The namespace that it runs in, by its key in `[namespaces]`. It reads its objects from no other.
    pub namespace: Option<String>,
    /// Where copies go, by name. One is `default` unless a schedule names another.
    pub storage: Option<BTreeMap<String, BackupStorage>>,
    /// When copies are made, by name.
    pub schedules: Option<BTreeMap<String, BackupSchedule>>,
}

/// A bucket for copies.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BackupStorage {
    /// The plugin: `aws`, `azure` or `gcp`.
    pub provider: Option<String>,
    /// The bucket.
    pub bucket: Option<String>,
    /// A folder of the bucket.
    pub prefix: Option<String>,
    /// What the plugin needs to know: `{ region = "eu-central-1" }`.
    pub config: Option<BTreeMap<String, String>>,
    /// The secret with the credentials, by its key in `[secrets]`; the identity of Velero's service account unless given.
    pub secret: Option<String>,
    /// The key of it; `cloud` unless given.
    pub key: Option<String>,
}

/// Copies by the clock.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BackupSchedule {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// When, in UTC: `"0 2 * * *"`.
    pub schedule: Option<String>,
    /// How long a copy is kept: `"720h"`.
    pub ttl: Option<String>,
    /// What is copied: namespaces by key; every namespace of the platform unless given.
    pub namespaces: Option<Vec<String>>,
    /// Where it goes, by its name in `storage`; `default` unless given.
    pub storage: Option<String>,
    /// Whether volumes are copied as snapshots; `true` unless given.
    pub snapshots: Option<bool>,
    /// Whether volumes are copied file by file, for drivers without snapshots.
    pub files: Option<bool>,
}

/// How snapshots of volumes are made.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SnapshotClass {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The driver: `ebs.csi.aws.com`.
    pub driver: Option<String>,
    /// Whether a snapshot outlives its object; `true` unless given.
    pub retain: Option<bool>,
    /// Whether Velero uses it for volumes of that driver; `true` unless given.
    pub velero: Option<bool>,
    /// Parameters of the driver.
    pub parameters: Option<BTreeMap<String, String>>,
}
