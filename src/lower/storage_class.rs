//! Storage classes that the platform brings along.

use k8s_openapi::api::storage::v1::StorageClass as StorageClassObject;

use super::{absent, labels, metadata};
use crate::model::{Platform, StorageClass};
use crate::object::Object;

const COMPONENT: &str = "storage";
/// The provisioner of kind and k3s, whose volumes are plain folders: nothing in it can make one larger.
const LOCAL_PATH: &str = "rancher.io/local-path";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let object = |class: &StorageClass| {
        Object::from_typed(&storage_class(platform, class), COMPONENT, class.source.clone())
    };
    platform.storage_classes.iter().map(object).collect()
}

/// `WaitForFirstConsumer` makes the volume in the zone that the scheduler gave the pod. With `Immediate`, a pod and its
/// volume can end in two zones that never meet.
fn storage_class(platform: &Platform, class: &StorageClass) -> StorageClassObject {
    let reclaim = if class.retain { "Retain" } else { "Delete" };
    StorageClassObject {
        metadata: metadata::of_cluster(class.name.as_str(), labels::of_platform(platform)),
        provisioner: class.provisioner.clone(),
        parameters: absent::map(class.parameters.clone()),
        reclaim_policy: Some(reclaim.to_owned()),
        volume_binding_mode: Some("WaitForFirstConsumer".to_owned()),
        allow_volume_expansion: Some(class.provisioner != LOCAL_PATH),
        ..StorageClassObject::default()
    }
}
