//! Where a `PersistentVolume` lies.
//!
//! Reports under the code of the rule that asks. After the functions `validate…VolumeSource` of `pkg/apis/core/validation`.

use super::ask::Ask;
use super::volume_source;
use crate::check::format;
use crate::check::values::Fields;
use crate::value::Value;

/// The kinds of sources, in the order in which the server looks for them.
pub(super) const SOURCES: [&str; 22] = [
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

/// What is wrong with the source of that kind, in the volume of that name.
pub(super) fn check<'a>(name: &str, kind: &str, source: &'a Value, ask: &mut Ask<'_, 'a>) {
    if !source.is_object() {
        return;
    }
    match kind {
        "hostPath" => volume_source::host_path(source, ask.code(), ask.findings()),
        "gcePersistentDisk" => disk(source, "pdName", ask),
        "awsElasticBlockStore" => disk(source, "volumeID", ask),
        "glusterfs" => {
            filled(source, &["endpoints", "path"], ask);
            ask.form(source, "endpointsNamespace", format::dns_label);
        }
        "flocker" => flocker(source, ask),
        "nfs" => volume_source::nfs(source, ask.code(), ask.findings()),
        "rbd" => {
            ask.filled_list(source, "monitors");
            ask.filled(source, "image");
        }
        "quobyte" => quobyte(source, ask),
        "cephfs" => ask.filled_list(source, "monitors"),
        "iscsi" => iscsi(name, source, ask),
        "cinder" => {
            ask.filled(source, "volumeID");
            secret(source, "secretRef", ask);
        }
        "fc" => fibre_channel(source, ask),
        "flexVolume" => flex(source, ask),
        "azureFile" => filled(source, &["secretName", "shareName", "secretNamespace"], ask),
        "vsphereVolume" => ask.filled(source, "volumePath"),
        "photonPersistentDisk" => ask.filled(source, "pdID"),
        "portworxVolume" => ask.filled(source, "volumeID"),
        "azureDisk" => azure_disk(source, ask),
        "scaleIO" => {
            filled(source, &["gateway", "system"], ask);
            ask.needed(source, "volumeName");
        }
        "local" => {
            ask.filled(source, "path");
            ask.form_if_any(source, "path", format::no_backsteps);
        }
        "storageos" => {
            ask.needed(source, "volumeName");
            ask.form_if_any(source, "volumeName", format::dns_label);
            ask.form_if_any(source, "volumeNamespace", format::dns_label);
            secret(source, "secretRef", ask);
        }
        "csi" => csi(source, ask),
        _ => {}
    }
}

fn filled<'a>(source: &'a Value, keys: &[&'static str], ask: &mut Ask<'_, 'a>) {
    keys.iter().for_each(|key| ask.filled(source, key));
}

fn disk<'a>(source: &'a Value, name: &'static str, ask: &mut Ask<'_, 'a>) {
    ask.filled(source, name);
    ask.number(source, "partition", 0..=255);
}

fn flocker<'a>(source: &'a Value, ask: &mut Ask<'_, 'a>) {
    let (name, id) = (source.text_or_empty("datasetName"), source.text_or_empty("datasetUUID"));
    if name.is_empty() == id.is_empty() {
        ask.refuse(source, "a dataset is found by exactly one of `datasetName` and `datasetUUID`");
    }
    if name.contains('/') {
        ask.refuse((source, "datasetName"), "the name of a dataset has no `/`");
    }
}

fn quobyte<'a>(source: &'a Value, ask: &mut Ask<'_, 'a>) {
    filled(source, &["registry", "volume"], ask);
    let registry = source.text_or_empty("registry");
    if registry.is_empty() {
        return;
    }
    let is_pair = |pair: &str| match pair.rsplit_once(':') {
        Some((host, _)) => {
            let bracketed = host.starts_with('[') && host.ends_with(']');
            bracketed || !host.contains([':', '[', ']'])
        }
        None => false,
    };
    if source.text_or_empty("tenant").len() >= 65 {
        ask.refuse((source, "tenant"), "the tenant has more than 64 characters");
    } else if !registry.split(',').all(is_pair) {
        ask.refuse(
            (source, "registry"),
            "the registry is pairs of a host and a port, with commas between them",
        );
    }
}

fn iscsi<'a>(name: &str, source: &'a Value, ask: &mut Ask<'_, 'a>) {
    filled(source, &["targetPortal", "iqn"], ask);
    let portal = source.text_or_empty("targetPortal");
    if source.child("initiatorName").is_some() && name.len() + 1 + portal.len() > 64 {
        ask.refuse(
            (source, "targetPortal"),
            "the name of the volume and the portal together have more than 63 characters",
        );
    }
    ask.form_if_any(source, "iqn", format::iscsi_name);
    ask.form(source, "initiatorName", format::iscsi_name);
    ask.number(source, "lun", 0..=255);
    let authenticates = source.is_true("chapAuthDiscovery") || source.is_true("chapAuthSession");
    match source.child("secretRef") {
        None if authenticates => ask.refuse((source, "secretRef"), "who authenticates needs a secret"),
        Some(reference) => ask.needed(reference, "name"),
        None => {}
    }
}

/// The name and namespace of a secret, where one is named.
fn secret<'a>(source: &'a Value, key: &str, ask: &mut Ask<'_, 'a>) {
    let Some(reference) = source.child(key) else { return };
    ask.needed(reference, "name");
    ask.needed(reference, "namespace");
}

fn fibre_channel<'a>(source: &'a Value, ask: &mut Ask<'_, 'a>) {
    let (ports, disks) = (source.items("targetWWNs").len(), source.items("wwids").len());
    if (ports == 0) == (disks == 0) {
        ask.refuse((source, "targetWWNs"), "a volume is found by exactly one of `targetWWNs` and `wwids`");
    }
    if ports != 0 {
        ask.number(source, "lun", 0..=255);
        if source.child("lun").is_none() {
            ask.refuse((source, "lun"), "`targetWWNs` need the number of a unit, `lun`");
        }
    }
}

fn flex<'a>(source: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.filled(source, "driver");
    let Some(options) = source.child("options") else { return };
    for (key, _) in source.entries("options") {
        let domain = key.split_once('/').map_or(key, |(domain, _)| domain).to_lowercase();
        if ["kubernetes.io", "k8s.io"].iter().any(|own| format!(".{domain}").ends_with(&format!(".{own}"))) {
            ask.refuse((options, key), format!("the option `{key}` is Kubernetes' own"));
        }
    }
}

fn azure_disk<'a>(source: &'a Value, ask: &mut Ask<'_, 'a>) {
    filled(source, &["diskName", "diskURI"], ask);
    ask.word(source, "cachingMode", &["None", "ReadOnly", "ReadWrite"]);
    ask.word(source, "kind", &["Dedicated", "Managed", "Shared"]);
    // Left out, the kind is Shared.
    let kind = source.text("kind").unwrap_or("Shared");
    let start = if kind == "Managed" { "/subscriptions/" } else { "https://" };
    let uri = source.text_or_empty("diskURI");
    if !uri.is_empty() && !uri.starts_with(start) {
        ask.refuse((source, "diskURI"), format!("the URI of a disk of that kind begins with {start}"));
    }
}

fn csi<'a>(source: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.form(source, "driver", format::driver_name);
    ask.filled(source, "volumeHandle");
    let secrets = [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ];
    for reference in secrets.into_iter().filter_map(|key| source.child(key)) {
        ask.needed(reference, "name");
        ask.form_if_any(reference, "name", format::dns_subdomain);
        ask.needed(reference, "namespace");
        ask.form_if_any(reference, "namespace", format::dns_label);
    }
}
