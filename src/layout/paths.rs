//! Names of files and folders for objects, whatever an object is called.
//!
//! A name is lower case, so that file systems which ignore case keep two files apart, and holds only `a-z 0-9 . - _ ~`:
//! `:` of RBAC names becomes `_`, any other byte becomes `~` and two hexadecimal digits.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::object::{Object, ObjectRef, TENANTS};

/// Common file systems take 255 bytes a name; the rest is for `patch-` and `.yaml`.
const LONGEST: usize = 200;

/// The folder of a component, an environment or a namespace. It never holds a dot, so it is never `..` and never
/// the name of a file beside it.
pub(super) fn folder(name: &str) -> String {
    let safe = shortened(safe(name).replace('.', "~2e"));
    if safe.is_empty() { "_".to_owned() } else { safe }
}

/// The tenant that a component belongs to.
pub(super) fn tenant(component: &str) -> Option<&str> {
    component.strip_prefix(TENANTS)
}

/// The folder of a component: a tenant's lies below the one of all tenants.
pub(super) fn of_component(component: &str) -> String {
    tenant(component).map_or_else(|| folder(component), |name| format!("{TENANTS}{}", folder(name)))
}

/// The folder of an object in a rendered tree: its namespace, or `cluster`.
pub(super) fn scope(id: &ObjectRef) -> String {
    folder(id.namespace.as_deref().unwrap_or("cluster"))
}

/// The names, without ending, of the files of objects that share a folder: `<kind>-<name>`, and more of the identity
/// where that is not unique.
pub(super) fn stems<'a>(objects: impl IntoIterator<Item = &'a Object>) -> BTreeMap<&'a ObjectRef, String> {
    let ids: Vec<&ObjectRef> = objects.into_iter().map(|object| &object.id).collect();
    let mut taken = BTreeSet::new();
    let mut stems = BTreeMap::new();
    for level in [short, with_namespace, with_version] {
        let frequency = frequency(&ids, level);
        for &id in &ids {
            let stem = level(id);
            if !stems.contains_key(id) && frequency.get(&stem) == Some(&1) && taken.insert(stem.clone()) {
                stems.insert(id, stem);
            }
        }
    }
    for id in ids {
        stems.entry(id).or_insert_with(|| claim(&mut taken, with_version(id)));
    }
    stems
}

/// `stem`, or where that is taken the first of `stem-2`, `stem-3`, … that is not.
pub(super) fn claim(taken: &mut BTreeSet<String>, stem: String) -> String {
    if taken.insert(stem.clone()) {
        return stem;
    }
    let mut number = 2_usize;
    loop {
        let numbered = format!("{stem}-{number}");
        if taken.insert(numbered.clone()) {
            return numbered;
        }
        number += 1;
    }
}

fn frequency(ids: &[&ObjectRef], level: fn(&ObjectRef) -> String) -> BTreeMap<String, usize> {
    let mut frequency = BTreeMap::new();
    for id in ids {
        *frequency.entry(level(id)).or_default() += 1;
    }
    frequency
}

fn short(id: &ObjectRef) -> String {
    shortened(format!("{}-{}", kind(id), safe(&id.name)))
}

fn with_namespace(id: &ObjectRef) -> String {
    // A namespace holds no dot, so the dot tells where it ends.
    let namespace = safe(id.namespace.as_deref().unwrap_or_default());
    shortened(format!("{}-{namespace}.{}", kind(id), safe(&id.name)))
}

fn with_version(id: &ObjectRef) -> String {
    let namespace = safe(id.namespace.as_deref().unwrap_or_default());
    let version = safe(&id.gvk.api_version.replace('/', "."));
    shortened(format!("{}.{version}-{namespace}.{}", kind(id), safe(&id.name)))
}

fn kind(id: &ObjectRef) -> String {
    safe(&id.gvk.kind.to_lowercase())
}

fn safe(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => out.push(char::from(byte)),
            b':' => out.push('_'),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "~{byte:02x}");
            }
        }
    }
    out
}

/// Cuts a name that is too long for a file system and marks it with a digest of the whole.
fn shortened(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let digest = Sha256::digest(name.as_bytes());
    let mark = digest.iter().take(6).fold(String::new(), |mut mark, byte| {
        // Writing to a string cannot fail.
        let _ = write!(mark, "{byte:02x}");
        mark
    });
    // Names are ASCII here, so any byte is a boundary.
    let kept = name.get(..LONGEST - mark.len() - 1).unwrap_or_default();
    format!("{kept}~{mark}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::KeyPath;
    use crate::value::json;

    fn object(api_version: &str, kind: &str, namespace: &str, name: &str) -> Object {
        let value = json!({"apiVersion": api_version, "kind": kind,
            "metadata": {"name": name, "namespace": namespace}});
        Object::from_value(value, "component", KeyPath::root())
    }

    fn names(objects: &[Object]) -> Vec<String> {
        stems(objects).into_values().collect()
    }

    #[test]
    fn a_file_is_called_kind_and_name() {
        assert_eq!(names(&[object("apps/v1", "Deployment", "core", "api")]), ["deployment-api"]);
    }

    #[test]
    fn one_name_in_two_namespaces_takes_the_namespace_along() {
        let objects = [
            object("v1", "Secret", "a", "tls"),
            object("v1", "Secret", "b", "tls"),
            object("v1", "Secret", "b", "other"),
        ];
        assert_eq!(names(&objects), ["secret-a.tls", "secret-other", "secret-b.tls"]);
    }

    #[test]
    fn one_kind_of_two_groups_takes_the_group_along() {
        let objects =
            [object("v1", "Service", "a", "api"), object("serving.knative.dev/v1", "Service", "a", "api")];
        assert_eq!(names(&objects), ["service.serving.knative.dev.v1-a.api", "service.v1-a.api"]);
    }

    #[test]
    fn an_awkward_name_is_a_safe_path() {
        assert_eq!(folder("../Etc/passwd"), "~2e~2e~2f~45tc~2fpasswd");
        assert_eq!(folder(""), "_");
        let objects = [object("v1", "ConfigMap", "a", "system:auth/Delegator")];
        assert_eq!(names(&objects), ["configmap-system_auth~2f~44elegator"]);
    }

    #[test]
    fn names_that_differ_only_in_case_stay_apart() {
        let objects = [object("v1", "Role", "a", "admin"), object("v1", "Role", "a", "Admin")];
        let names: BTreeSet<String> = names(&objects).iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(names.len(), 2);
    }

    #[test]
    fn the_longest_name_fits_a_file_system_and_stays_unique() {
        let long = "a".repeat(253);
        let objects = [
            object("v1", "ConfigMap", "a", &format!("{long}b")),
            object("v1", "ConfigMap", "a", &format!("{long}c")),
        ];
        let names = names(&objects);
        assert_ne!(names.first(), names.last());
        assert!(names.iter().all(|name| name.len() <= LONGEST));
    }
}
