//! `velero.io/v1`: where copies go, and when they are made.
//!
//! Source: <https://velero.io/docs/main/api-types/>.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;

/// A bucket for copies.
pub type BackupStorageLocation = Custom<BackupStorageLocationSpec>;
/// Copies by the clock.
pub type Schedule = Custom<ScheduleSpec>;

kind!(BackupStorageLocationSpec: Namespaced, "velero.io", "v1", "BackupStorageLocation", "backupstoragelocations");
kind!(ScheduleSpec: Namespaced, "velero.io", "v1", "Schedule", "schedules");

/// A bucket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BackupStorageLocationSpec {
    /// The plugin.
    pub provider: String,
    /// The bucket itself.
    pub object_storage: ObjectStorage,
    /// What the plugin needs to know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, String>,
    /// The credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<SecretKeyRef>,
    /// Whether it is the one for backups that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
}

/// A folder of a bucket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectStorage {
    /// The bucket.
    pub bucket: String,
    /// The folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

/// A key of a Secret in the same namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecretKeyRef {
    /// The Secret.
    pub name: String,
    /// The key.
    pub key: String,
}

/// Copies by the clock.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleSpec {
    /// When.
    pub schedule: String,
    /// What is copied.
    pub template: BackupTemplate,
}

/// What is copied.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BackupTemplate {
    /// The namespaces.
    pub included_namespaces: Vec<String>,
    /// Where it goes.
    pub storage_location: String,
    /// How long it is kept.
    pub ttl: String,
    /// Whether volumes are copied as snapshots.
    pub snapshot_volumes: bool,
    /// Whether volumes are copied file by file.
    pub default_volumes_to_fs_backup: bool,
}
