//! `snapshot.storage.k8s.io/v1`: how snapshots of volumes are made.
//!
//! Source: <https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes/>. The kind has no `spec`: its fields
//! stand beside `metadata`.

use std::collections::BTreeMap;

use crate::value::{Value, json};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{ClusterResourceScope, Metadata, Resource};
use serde::{Deserialize, Serialize};

const API_VERSION: &str = "snapshot.storage.k8s.io/v1";

/// How snapshots of one driver's volumes are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VolumeSnapshotClass {
    api_version: String,
    kind: String,
    /// Its name, labels and annotations.
    pub metadata: ObjectMeta,
    /// The driver.
    pub driver: String,
    /// `Retain` or `Delete`: what becomes of the snapshot when its object goes.
    pub deletion_policy: String,
    /// Parameters of the driver.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
}

impl VolumeSnapshotClass {
    /// The class of that driver.
    #[must_use]
    pub fn new(metadata: ObjectMeta, driver: String, parameters: BTreeMap<String, String>) -> Self {
        Self {
            api_version: API_VERSION.to_owned(),
            kind: "VolumeSnapshotClass".to_owned(),
            metadata,
            driver,
            deletion_policy: "Retain".to_owned(),
            parameters,
        }
    }
}

impl Resource for VolumeSnapshotClass {
    const API_VERSION: &'static str = API_VERSION;
    const GROUP: &'static str = "snapshot.storage.k8s.io";
    const KIND: &'static str = "VolumeSnapshotClass";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "volumesnapshotclasses";
    type Scope = ClusterResourceScope;
}

impl Metadata for VolumeSnapshotClass {
    type Ty = ObjectMeta;

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

pub(super) fn definition() -> Value {
    let fields = json!({
        "driver": {"type": "string"},
        "deletionPolicy": {"type": "string", "enum": ["Delete", "Retain"]},
        "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
    });
    let schema = json!({"type": "object", "required": ["driver", "deletionPolicy"], "properties": fields});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "volumesnapshotclasses.snapshot.storage.k8s.io"},
        "spec": {
            "group": "snapshot.storage.k8s.io",
            "names": {"kind": "VolumeSnapshotClass", "plural": "volumesnapshotclasses"},
            "scope": "Cluster",
            "versions": [{
                "name": "v1",
                "served": true,
                "storage": true,
                "schema": {"openAPIV3Schema": schema},
            }],
        },
    })
}
