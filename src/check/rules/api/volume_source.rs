//! `volume-source`: the fields of each volume source are well-formed.

use std::collections::BTreeSet;

use super::env_source;
use super::projected_trust;
use super::pvc_fields::{claim_problems, source as source_of_claim};
use crate::check::KubernetesVersion;
use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::Code;
use crate::value::Value;

code! {
    "volume-source", Error,
    means: "A volume source is not well-formed: it names no object, has a file mode outside 0-0777, a file path that is absolute or goes upwards, two files at one path, or a token that lives for less than ten minutes.",
    matters: "The API server refuses the object.",
    example: "volumes: [{ name: a, configMap: { name: api, items: [{ key: a, path: /etc/a }] } }]",
    instead: "volumes: [{ name: a, configMap: { name: api, items: [{ key: a, path: a }] } }]",
    source: "validateVolumeSource in pkg/apis/core/validation"
}

/// The fields of a pod that a file can have beside labels and annotations.
const FILE_FIELDS: [&str; 5] =
    ["metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for volume in pod.volumes() {
        for (key, source) in volume.as_object().into_iter().flatten().filter(|(_, source)| source.is_object())
        {
            match key.as_str() {
                "configMap" => keyed(source, "name", found),
                "secret" => keyed(source, "secretName", found),
                "hostPath" => host_path(source, &CODE, found),
                "emptyDir" => empty_dir(source, found),
                "persistentVolumeClaim" => required(source, "claimName", found),
                "projected" => projected(subject, source, found),
                "downwardAPI" => downward_api(source, found),
                "gitRepo" if source.text("repository") == Some("") => {
                    found.add(&CODE, (source, "repository"), "the repository is empty");
                }
                "nfs" => nfs(source, &CODE, found),
                "iscsi" => iscsi(source, found),
                "scaleIO" => {
                    ["gateway", "system", "volumeName"].iter().for_each(|key| remote(source, key, found));
                }
                "csi" => csi(source, found),
                "image" if subject.serves(Feature::ImageVolume) => image(subject, source, found),
                "ephemeral" => ephemeral(subject, source, found),
                _ => {}
            }
        }
    }
}

fn required<'a>(source: &'a Value, key: &'a str, found: &mut Findings<'a>) {
    if source.text_or_empty(key).is_empty() && !(source.get(key).is_none() && is_schema_required(key)) {
        found.add(&CODE, (source, key), format!("the volume source has no `{key}`"));
    }
}

/// What the schema requires is missed by another rule.
fn is_schema_required(key: &str) -> bool {
    matches!(key, "claimName" | "driver" | "server" | "path")
}

fn keyed<'a>(source: &'a Value, name: &'a str, found: &mut Findings<'a>) {
    required(source, name, found);
    mode(source, "defaultMode", found);
    source.items("items").iter().for_each(|item| key_to_path(item, found));
}

fn key_to_path<'a>(item: &'a Value, found: &mut Findings<'a>) {
    if item.text("key") == Some("") {
        found.add(&CODE, (item, "key"), "the key is empty");
    }
    file_path(item, "path", found);
    mode(item, "mode", found);
}

pub(super) fn file_path<'a>(item: &'a Value, key: &'a str, found: &mut Findings<'a>) {
    match item.text(key) {
        Some("") => found.add(&CODE, (item, key), "the path is empty"),
        Some(path) => {
            if let Some(problem) = format::volume_file_path(path) {
                found.add(&CODE, (item, key), format!("the path `{path}` is {problem}"));
            }
        }
        None => {}
    }
}

fn mode<'a>(source: &'a Value, key: &'a str, found: &mut Findings<'a>) {
    if let Some(mode) = source.integer(key).filter(|mode| !(0..=0o777).contains(mode)) {
        let message = format!("the file mode {mode} is outside 0 to 511, which is 0777 in octal");
        found.add(&CODE, (source, key), message);
    }
}

pub(super) fn host_path<'a>(source: &'a Value, code: &'static Code, found: &mut Findings<'a>) {
    let path = source.text_or_empty("path");
    if source.text("path") == Some("") {
        found.add(code, (source, "path"), "the path is empty");
    } else if let Some(problem) = format::no_backsteps(path) {
        found.add(code, (source, "path"), format!("the path `{path}` is {problem}"));
    }
    let known =
        ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];
    let kind = source.text_or_empty("type");
    if !known.contains(&kind) {
        found.add(code, (source, "type"), format!("`{kind}` is no type of host path"));
    }
}

fn empty_dir<'a>(source: &'a Value, found: &mut Findings<'a>) {
    if let Some(limit) = source.child("sizeLimit")
        && Quantity::of(limit).is_some_and(Quantity::is_negative)
    {
        found.add(&CODE, limit, "the size limit is negative");
    }
}

pub(super) fn nfs<'a>(source: &'a Value, code: &'static Code, found: &mut Findings<'a>) {
    for key in ["server", "path"].into_iter().filter(|key| source.text(key) == Some("")) {
        found.add(code, (source, key), format!("the volume source has no `{key}`"));
    }
    let path = source.text_or_empty("path");
    if !path.is_empty() && !path.starts_with('/') {
        found.add(code, (source, "path"), format!("the path `{path}` must be absolute"));
    }
}

fn iscsi<'a>(source: &'a Value, found: &mut Findings<'a>) {
    let name = source.text_or_empty("iqn");
    if !name.is_empty() && !["iqn", "eui", "naa"].iter().any(|start| name.starts_with(start)) {
        found.add(&CODE, (source, "iqn"), format!("`{name}` does not begin with iqn, eui or naa"));
    }
    if source.integer("lun").is_some_and(|lun| !(0..=255).contains(&lun)) {
        found.add(&CODE, (source, "lun"), "the number of the unit is outside 0 to 255");
    }
}

/// A field that the schema lets out and the server does not.
fn remote<'a>(source: &'a Value, key: &'static str, found: &mut Findings<'a>) {
    let is_left_to_the_schema = source.get(key).is_none() && key != "volumeName";
    if source.text_or_empty(key).is_empty() && !is_left_to_the_schema {
        found.add(&CODE, (source, key), format!("the volume source has no `{key}`"));
    }
}

fn downward_api<'a>(source: &'a Value, found: &mut Findings<'a>) {
    mode(source, "defaultMode", found);
    source.items("items").iter().for_each(|file| downward_file(file, found));
}

fn downward_file<'a>(file: &'a Value, found: &mut Findings<'a>) {
    file_path(file, "path", found);
    mode(file, "mode", found);
    match (file.child("fieldRef"), file.child("resourceFieldRef")) {
        (Some(field), None) => env_source::check_field(field, &FILE_FIELDS, found),
        (None, Some(resource)) => {
            if resource.text_or_empty("containerName").is_empty() {
                found.add(&CODE, (resource, "containerName"), "a file cannot tell whose resource it holds");
            }
            env_source::check_resource_field(resource, found);
        }
        (None, None) => found.add(&CODE, file, "the file has no source"),
        (Some(_), Some(_)) => found.add(&CODE, file, "the file has two sources"),
    }
}

fn projected<'a>(subject: &Subject<'a>, source: &'a Value, found: &mut Findings<'a>) {
    mode(source, "defaultMode", found);
    let mut paths = BTreeSet::new();
    for part in source.items("sources") {
        // What clusters do not serve unless they are told to is dropped before it is counted.
        let served = |key: &str| match key {
            "clusterTrustBundle" => subject.serves(Feature::ClusterTrustBundleProjection),
            "podCertificate" => subject.serves(Feature::PodCertificateRequest),
            _ => true,
        };
        let fields = part.as_object().into_iter().flatten();
        let kinds: Vec<_> = fields.filter(|(key, value)| !value.is_null() && served(key)).collect();
        if kinds.len() > 1 {
            found.add(&CODE, part, "a projected source has one kind, not several");
        }
        for (kind, projection) in kinds {
            projection_problems(kind, projection, found);
            for path in file_paths(kind, projection) {
                let text = path.as_str().unwrap_or("");
                if !text.is_empty() && !paths.insert(text) {
                    found.add(&CODE, path, format!("two projected files have the path `{text}`"));
                }
            }
        }
    }
}

fn projection_problems<'a>(kind: &str, projection: &'a Value, found: &mut Findings<'a>) {
    match kind {
        "secret" | "configMap" => {
            required(projection, "name", found);
            projection.items("items").iter().for_each(|item| key_to_path(item, found));
        }
        "downwardAPI" => projection.items("items").iter().for_each(|file| downward_file(file, found)),
        "serviceAccountToken" => token(projection, found),
        "clusterTrustBundle" => projected_trust::bundle(projection, &CODE, found),
        "podCertificate" => projected_trust::certificate(projection, &CODE, found),
        _ => {}
    }
}

/// Tokens do not take part in the search for conflicting paths.
fn file_paths<'a>(kind: &str, projection: &'a Value) -> impl Iterator<Item = &'a Value> {
    let items =
        if matches!(kind, "secret" | "configMap" | "downwardAPI") { projection.items("items") } else { &[] };
    let own: &[&str] = match kind {
        "clusterTrustBundle" => &["path"],
        "podCertificate" => &projected_trust::PATHS,
        _ => &[],
    };
    let own = own.iter().filter_map(|key| projection.child(key));
    items.iter().filter_map(|item| item.child("path")).chain(own)
}

fn token<'a>(projection: &'a Value, found: &mut Findings<'a>) {
    file_path(projection, "path", found);
    if let Some(seconds) = projection.integer("expirationSeconds").filter(|it| !(600..=1 << 32).contains(it))
    {
        let message = format!("a token lives for 600 to 4294967296 seconds, not {seconds}");
        found.add(&CODE, (projection, "expirationSeconds"), message);
    }
}

fn csi<'a>(source: &'a Value, found: &mut Findings<'a>) {
    let driver = source.text("driver").map(str::to_lowercase);
    if let Some(driver) = driver.filter(|driver| driver.len() > 63 || format::dns_subdomain(driver).is_some())
    {
        found.add(&CODE, (source, "driver"), format!("`{driver}` is no name of a driver"));
    }
    let Some(secret) = source.child("nodePublishSecretRef") else { return };
    let name = secret.text_or_empty("name");
    if format::dns_subdomain(name).is_some() {
        found.add(&CODE, (secret, "name"), format!("`{name}` is no name of a Secret"));
    }
}

/// `validateImageVolumeSource`. Up to Kubernetes 1.36 only a Pod itself had to name its image.
fn image<'a>(subject: &Subject<'a>, source: &'a Value, found: &mut Findings<'a>) {
    let named = subject.kind == "Pod" || subject.version() >= KubernetesVersion::V1_37;
    if named && source.text_or_empty("reference").is_empty() {
        found.add(&CODE, (source, "reference"), "the volume names no image");
    }
    let policy = source.text_or_empty("pullPolicy");
    if !matches!(policy, "" | "Always" | "IfNotPresent" | "Never") {
        found.add(&CODE, (source, "pullPolicy"), format!("`{policy}` is no pull policy"));
    }
}

fn ephemeral<'a>(subject: &Subject<'a>, source: &'a Value, found: &mut Findings<'a>) {
    match source.child("volumeClaimTemplate") {
        None => {
            found.add(&CODE, (source, "volumeClaimTemplate"), "the ephemeral volume has no claim template");
        }
        Some(template) => {
            if let Some(spec) = template.child("spec") {
                claim_problems(subject, spec, &CODE, found);
                source_of_claim(spec, "dataSource", &CODE, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    fn volume(source: &str) -> String {
        format!("spec.template.spec.volumes[2]: {{ name: mixed, {source} }}")
    }

    #[track_caller]
    fn refused(source: &str, field: &str) {
        refuses(&CODE, "Deployment", &volume(source), &format!("spec.template.spec.volumes[2].{field}"));
    }

    #[test]
    fn objects_are_named_and_files_stay_below() {
        refused("configMap: { name: '' }", "configMap.name");
        refused("secret: { secretName: '' }", "secret.secretName");
        refused("persistentVolumeClaim: { claimName: '' }", "persistentVolumeClaim.claimName");
        refused("configMap: { name: a, defaultMode: 512 }", "configMap.defaultMode");
        refused("configMap: { name: a, items: [{ key: a, path: /a }] }", "configMap.items[0].path");
        refused("secret: { secretName: a, items: [{ key: a, path: ../a }] }", "secret.items[0].path");
        accepts(
            "Deployment",
            &volume("secret: { secretName: a, defaultMode: 256, items: [{ key: a, path: b/a, mode: 511 }] }"),
        );
    }

    #[test]
    fn other_sources() {
        refused("hostPath: { path: /a/../b }", "hostPath.path");
        refused("hostPath: { path: /a, type: Folder }", "hostPath.type");
        refused("emptyDir: { sizeLimit: -1Gi }", "emptyDir.sizeLimit");
        refused("nfs: { server: a, path: b }", "nfs.path");
        refused("downwardAPI: { items: [{ path: a }] }", "downwardAPI.items[0]");
        refused("gitRepo: { repository: '' }", "gitRepo.repository");
        refused("ephemeral: {}", "ephemeral.volumeClaimTemplate");
        accepts("Deployment", &volume("hostPath: { path: /a, type: '' }"));
        accepts("Deployment", &volume("emptyDir: { medium: Memory, sizeLimit: 64Mi }"));
        accepts(
            "Deployment",
            &volume("downwardAPI: { items: [{ path: a, fieldRef: { fieldPath: metadata.labels } }] }"),
        );
    }

    #[test]
    fn projected_sources() {
        refused(
            "projected: { sources: [{ secret: { name: a }, configMap: { name: b } }] }",
            "projected.sources[0]",
        );
        refused(
            "projected: { sources: [{ serviceAccountToken: { path: a, expirationSeconds: 60 } }] }",
            "projected.sources[0].serviceAccountToken.expirationSeconds",
        );
        let twice = "projected: { sources: [{ secret: { name: a, items: [{ key: a, path: x }] } }, \
                     { configMap: { name: b, items: [{ key: b, path: x }] } }] }";
        refused(twice, "projected.sources[1].configMap.items[0].path");
    }
}
