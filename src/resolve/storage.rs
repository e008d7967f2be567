//! Volumes and storage classes: which class a claim gets, what it offers, and who may share it.

use std::collections::BTreeMap;

use super::codes::{ACCESS_NOT_OFFERED, RETENTION_LOST};
use super::container::Place;
use super::scope::{Scope, enabled, listed};
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{AccessMode, Claim, Mount, StorageClass, Volume, VolumeSource};
use crate::names::{DnsLabel, DnsSubdomain, Quantity};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::{BAD_VALUE, MISSING_KEY};

/// Claims that are objects of their own, collected while entities are built.
pub(super) type Claims = Vec<Claim>;

/// Every shared volume.
pub(super) fn volumes(scope: &mut Scope<'_>) -> Claims {
    let volumes = enabled(scope.spec.volumes.as_ref(), |volume| volume.enabled);
    volumes.into_iter().filter_map(|(key, volume)| shared(scope, key, volume)).collect()
}

fn shared(scope: &mut Scope<'_>, key: &str, volume: &spec::Volume) -> Option<Claim> {
    let path = KeyPath::of(["volumes", key]);
    let name = scope.name(&path, volume.name.as_deref(), DnsLabel::parse);
    let component = scope.component(&path, volume.component.as_deref());
    let namespace = scope.namespace(&path, volume.namespace.as_deref());
    let size = scope.parse_required(&path, "size", volume.size.as_deref(), Quantity::parse);
    let access = access(scope, &path, volume.access.as_deref().unwrap_or("ReadWriteOnce"))?;
    let class = class(scope, &path, volume.class.as_deref(), access);
    Some(Claim {
        source: path,
        name: name?,
        namespace: namespace?,
        component: component?,
        access,
        class,
        size: size?,
    })
}

fn access(scope: &mut Scope<'_>, path: &KeyPath, word: &str) -> Option<AccessMode> {
    let found = AccessMode::ALL.iter().find(|(name, _)| *name == word).map(|(_, mode)| *mode);
    if found.is_none() {
        let words: Vec<&str> = AccessMode::ALL.iter().map(|(name, _)| *name).collect();
        let problem = Diagnostic::new(&BAD_VALUE, format!("`{path}.access` cannot be `{word}`"));
        let place = scope.span(&path.key("access"));
        let hint = long_form(word).map_or_else(
            || format!("the access modes are {}", words.join(", ")),
            |long| format!("did you mean `{long}`?"),
        );
        scope.report(problem.at(place, "").hint(hint));
    }
    found
}

/// The access mode that kubectl abbreviates so, or the one that is spelt nearly so.
fn long_form(word: &str) -> Option<&'static str> {
    match word {
        "RWO" => Some("ReadWriteOnce"),
        "ROX" => Some("ReadOnlyMany"),
        "RWX" => Some("ReadWriteMany"),
        "RWOP" => Some("ReadWriteOncePod"),
        _ => did_you_mean(word, AccessMode::ALL.iter().map(|(name, _)| *name)),
    }
}

/// The claim that a database or workload has for itself.
pub(super) fn own_claim(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    (storage, component): (Option<&spec::Storage>, &DnsLabel),
) -> Option<Claim> {
    let storage = storage.filter(|storage| storage.enabled != Some(false))?;
    claim_at(scope, &path.key("storage"), place, (storage, component, "data"))
}

/// The claim that `storage`, which stands at `at`, is for: it is called as the entity is, and what it is for.
pub(super) fn claim_at(
    scope: &mut Scope<'_>,
    at: &KeyPath,
    place: &Place,
    (storage, component, purpose): (&spec::Storage, &DnsLabel, &str),
) -> Option<Claim> {
    let name = storage.name.clone().unwrap_or_else(|| format!("{}-{purpose}", place.name));
    let name = scope.parse(&at.key("name"), &name, DnsLabel::parse);
    let size = scope.parse_required(at, "size", storage.size.as_deref(), Quantity::parse);
    let class = class(scope, at, storage.class.as_deref(), AccessMode::ReadWriteOnce);
    Some(Claim {
        source: place.source.clone(),
        name: name?,
        namespace: place.namespace.clone(),
        component: component.clone(),
        access: AccessMode::ReadWriteOnce,
        class,
        size: size?,
    })
}

/// The class of a claim: its own, or that of the cluster for its access mode. Reports a class that does not exist,
/// that cannot offer the access mode, or that deletes the data with the claim.
fn class(scope: &mut Scope<'_>, path: &KeyPath, own: Option<&str>, access: AccessMode) -> Option<String> {
    let cluster = scope.spec.environment.as_ref().and_then(|environment| environment.cluster.as_ref());
    let storage = cluster.and_then(|cluster| cluster.storage.as_ref());
    let shared = matches!(access, AccessMode::ReadWriteMany | AccessMode::ReadOnlyMany);
    let default = storage.and_then(|storage| {
        let for_many = storage.shared.as_deref().filter(|_| shared);
        for_many.or(storage.class.as_deref())
    });
    let name = own.or(default)?;
    let classes = scope.spec.storage_classes.as_ref();
    let Some(class) = classes.and_then(|classes| classes.get(name)) else {
        let known: Vec<String> = classes.into_iter().flatten().map(|(name, _)| name.clone()).collect();
        scope.unknown(&path.key("class"), &format!("storage class `{name}`"), name, &known);
        return None;
    };
    let offered = offered(class);
    if !offers(class, access) {
        let message =
            format!("`{path}` wants {}, and class `{name}` offers {}", access.as_str(), offered.join(", "));
        let place = scope.span(&path.key("access"));
        let fitting = classes.into_iter().flatten().filter(|(_, class)| offers(class, access));
        let fitting: Vec<String> = fitting.map(|(name, _)| name.clone()).collect();
        let hint = if fitting.is_empty() {
            format!("set `access = \"{}\"`, or declare a class that offers it", offered.join("\"` or `\""))
        } else {
            format!("name a class that offers it: {}", listed(&fitting))
        };
        scope.report(Diagnostic::new(&ACCESS_NOT_OFFERED, message).at(place, "").hint(hint));
    }
    if class.retain == Some(false) {
        let message = format!("`{path}`: class `{name}` deletes the data of a volume with its claim");
        let place = scope.span(path);
        let hint = "name a class with `retain = true`, or say in `[[allow]]` why losing it is acceptable";
        scope.report(Diagnostic::new(&RETENTION_LOST, message).at(place, "").about(path).hint(hint));
    }
    Some(name.to_owned())
}

fn offered(class: &spec::StorageClass) -> Vec<&str> {
    class
        .access
        .as_ref()
        .map_or_else(|| vec!["ReadWriteOnce"], |modes| modes.iter().map(String::as_str).collect())
}

fn offers(class: &spec::StorageClass, access: AccessMode) -> bool {
    offered(class).contains(&access.as_str())
}

/// The mount of a claim, and the volume of the pod that is it.
pub(super) fn claim_mount(claim: &Claim, path: &str) -> Option<(Mount, Volume)> {
    let mount = Mount {
        path: path.to_owned(),
        volume: claim.name.clone(),
        sub_path: String::new(),
        read_only: false,
    };
    let volume = Volume { name: claim.name.clone(), source: VolumeSource::Claim(claim.name.to_string()) };
    (!path.is_empty()).then_some((mount, volume))
}

/// The classes that some claim uses and the platform must bring, and the names of those that the cluster has.
pub(super) fn classes<'a>(
    scope: &mut Scope<'_>,
    used: impl Iterator<Item = &'a Option<String>>,
) -> (Vec<StorageClass>, Vec<String>) {
    let used: std::collections::BTreeSet<&String> = used.flatten().collect();
    let mut own = Vec::new();
    let mut provided = Vec::new();
    let all: BTreeMap<&String, &spec::StorageClass> = scope.spec.storage_classes.iter().flatten().collect();
    for (name, class) in all {
        if class.provided == Some(true) {
            provided.push(name.clone());
        } else if used.contains(name) && class.enabled != Some(false) {
            own.extend(storage_class(scope, name, class));
        }
    }
    (own, provided)
}

/// Parameters without which a driver provisions nothing, and of which no value could be right for everybody:
/// `fileSystemId` (<https://github.com/kubernetes-sigs/aws-efs-csi-driver#storage-class-parameters-for-dynamic-provisioning>).
const NEEDED_PARAMETERS: [(&str, &str); 1] = [("efs.csi.aws.com", "fileSystemId")];

fn storage_class(scope: &mut Scope<'_>, name: &str, class: &spec::StorageClass) -> Option<StorageClass> {
    let path = KeyPath::of(["storage-classes", name]);
    let provisioner = scope.required(&path, "provisioner", class.provisioner.clone());
    check_parameters(scope, name, class);
    let name = scope.parse_key(&path, DnsSubdomain::parse);
    Some(StorageClass {
        source: path,
        name: name?,
        provisioner: provisioner?,
        parameters: class.parameters.clone().unwrap_or_default(),
        retain: class.retain.unwrap_or(true),
    })
}

/// Reports what a driver cannot do without. The class may be that of the cluster's profile, which no line stands for, so
/// the place is the kind of the cluster.
fn check_parameters(scope: &mut Scope<'_>, name: &str, class: &spec::StorageClass) {
    let given = |parameter: &str| class.parameters.as_ref().is_some_and(|all| all.contains_key(parameter));
    for (driver, parameter) in NEEDED_PARAMETERS {
        if class.provisioner.as_deref() != Some(driver) || given(parameter) {
            continue;
        }
        let message =
            format!("storage class `{name}` lacks the parameter `{parameter}`, which `{driver}` needs");
        let place = scope.span(&KeyPath::of(["storage-classes", name, "provisioner"]));
        let place = place.or_else(|| scope.span(&KeyPath::of(["environment", "cluster", "kind"])));
        let hint = format!("add `storage-classes.{name}.parameters.{parameter} = \"…\"` to the environment");
        scope.report(Diagnostic::new(&MISSING_KEY, message).at(place, "").hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::testing::platform;

    const EKS: &str = r#"
        [platform]
        name = "shop"
        kubernetes = "1.35"
        [namespaces.core]
        [volumes.media]
        namespace = "core"
        size = "1Gi"
        access = "ReadWriteMany"
        [environments.cloud.cluster]
        kind = "eks"
    "#;

    fn messages(text: &str) -> Vec<String> {
        let (_, found) = platform(text, Some("cloud"));
        found.into_iter().map(|found| format!("{} {}", found.code.name, found.message)).collect()
    }

    #[test]
    fn a_file_system_of_aws_must_be_named() {
        let message = "missing-key storage class `efs-csi` lacks the parameter `fileSystemId`, which `efs.csi.aws.com` needs";
        assert_eq!(messages(EKS), [message]);
        let named = "[environments.cloud.storage-classes.efs-csi]\nparameters.fileSystemId = \"fs-1\"\n";
        assert_eq!(messages(&format!("{EKS}\n{named}")), Vec::<String>::new());
    }
}
