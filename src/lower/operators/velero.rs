//! Velero: buckets, schedules, and the classes by which it makes snapshots of volumes.

use crate::lower::metadata::pairs;
use crate::lower::{labels, metadata};
use crate::model::{BackupSchedule, BackupStorage, Platform, SnapshotClass, Velero};
use crate::object::Object;
use crate::object::custom;

const COMPONENT: &str = "backups";
/// The label by which Velero finds the class for a driver (<https://velero.io/docs/main/csi/>).
const OF_VELERO: &str = "velero.io/csi-volumesnapshot-class";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let classes = platform.operators.snapshot_classes.iter().map(|class| snapshot_class(platform, class));
    let mut objects: Vec<Object> = classes.collect();
    if let Some(velero) = &platform.operators.velero {
        objects.extend(velero.storage.iter().map(|bucket| storage(platform, velero, bucket)));
        objects.extend(velero.schedules.iter().map(|found| schedule(platform, velero, found)));
    }
    objects
}

fn snapshot_class(platform: &Platform, class: &SnapshotClass) -> Object {
    let mut labels = labels::of_platform(platform);
    if class.velero {
        labels.extend(pairs([(OF_VELERO, "true")]));
    }
    let meta = metadata::of_cluster(class.name.as_str(), labels);
    let mut typed = custom::VolumeSnapshotClass::new(meta, class.driver.clone(), class.parameters.clone());
    if !class.retain {
        typed.deletion_policy = String::from("Delete");
    }
    Object::from_typed(&typed, COMPONENT, class.source.clone())
}

fn storage(platform: &Platform, velero: &Velero, bucket: &BackupStorage) -> Object {
    let spec = custom::BackupStorageLocationSpec {
        provider: bucket.provider.clone(),
        object_storage: custom::ObjectStorage {
            bucket: bucket.bucket.clone(),
            prefix: bucket.prefix.clone(),
        },
        config: bucket.config.clone(),
        credential: bucket
            .credential
            .as_ref()
            .map(|(name, key)| custom::SecretKeyRef { name: name.clone(), key: key.clone() }),
        default: bucket.default.then_some(true),
    };
    let meta = metadata::of(bucket.name.as_str(), &velero.namespace, labels::of_platform(platform));
    Object::from_typed(&custom::BackupStorageLocation::new(meta, spec), COMPONENT, bucket.source.clone())
}

fn schedule(platform: &Platform, velero: &Velero, found: &BackupSchedule) -> Object {
    let template = custom::BackupTemplate {
        included_namespaces: found.namespaces.clone(),
        storage_location: found.storage.clone(),
        ttl: whole(found.ttl.seconds()),
        snapshot_volumes: found.snapshots,
        default_volumes_to_fs_backup: found.files,
    };
    let spec = custom::ScheduleSpec { schedule: found.schedule.to_string(), template };
    let meta = metadata::of(found.name.as_str(), &velero.namespace, labels::of_platform(platform));
    Object::from_typed(&custom::Schedule::new(meta, spec), COMPONENT, found.source.clone())
}

/// The form that the API server gives a length of time back in: another would differ from the manifest for ever.
fn whole(seconds: u32) -> String {
    format!("{}h{}m{}s", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
