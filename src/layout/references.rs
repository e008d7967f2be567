//! References that kustomize would rewrite by itself, against the environment.
//!
//! When a build has moved an object, kustomize follows it in the objects that refer to it. Where a reference is a name
//! that changes nothing, since only Namespaces change their names. Where it is a map with a name and a namespace,
//! kustomize also writes the namespace, and does not look at the kind: a role binding's User `api` gets the namespace
//! of a ServiceAccount `api`. Such an object must come into the build finished, without a history.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::{Object, ObjectSet};
use crate::value::Value;

use super::component::Plan;
use super::pairs::Pairs;
use super::paths::tenant;

/// The components whose objects must be listed finished, since patching them would change references elsewhere.
pub(super) fn misled<'a>(
    pairs: &BTreeMap<&'a str, Pairs<'a>>,
    plans: &BTreeMap<&'a str, Plan<'a>>,
    environment: &ObjectSet,
) -> BTreeSet<&'a str> {
    // A tenant is a build of its own, and kustomize follows nothing from one build to another.
    let mut builds: BTreeMap<Option<&str>, Vec<Reference<'_>>> = BTreeMap::new();
    for object in environment {
        builds.entry(tenant(&object.component)).or_default().extend(references(object));
    }
    let has_history = |component: &str| match plans.get(component) {
        Some(Plan::Patched(changes)) => changes.leave_history(),
        _ => false,
    };
    let misleading = pairs.iter().filter(|(component, pairs)| {
        has_history(component)
            && histories(pairs).any(|moved| {
                let references = builds.get(&tenant(component));
                references.into_iter().flatten().any(|one| one.is_misled_by(&moved))
            })
    });
    misleading.map(|(component, _)| *component).collect()
}

/// A reference by name and namespace.
struct Reference<'a> {
    kind: &'static str,
    name: Option<&'a str>,
    namespace: Option<&'a str>,
}

/// An object that kustomize follows.
struct Moved<'a> {
    object: &'a Object,
    from: Option<&'a str>,
    into: Option<&'a str>,
}

impl Reference<'_> {
    fn is_misled_by(&self, moved: &Moved<'_>) -> bool {
        let id = &moved.object.id;
        let named = self.kind == id.gvk.kind && self.name == Some(&id.name) && id.gvk.api_version == "v1";
        let followed = self.namespace.is_none() || (self.namespace == moved.from && moved.from != moved.into);
        named && followed
    }
}

fn histories<'a>(pairs: &Pairs<'a>) -> impl Iterator<Item = Moved<'a>> {
    let kept = pairs.kept.iter().map(|(from, to)| (*from, *to));
    let added = pairs.added.iter().map(|to| (*to, *to));
    kept.chain(added).map(|(from, to)| Moved {
        object: to,
        from: from.id.namespace.as_deref(),
        into: to.id.namespace.as_deref(),
    })
}

/// The references of an object that kustomize rewrites as maps.
fn references(object: &Object) -> Vec<Reference<'_>> {
    match object.id.gvk.kind.as_str() {
        "RoleBinding" | "ClusterRoleBinding" => {
            members(object, "/subjects").iter().map(|subject| reference("ServiceAccount", subject)).collect()
        }
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            let services = members(object, "/webhooks")
                .iter()
                .filter_map(|webhook| webhook.pointer("/clientConfig/service"));
            services.map(|service| reference("Service", service)).collect()
        }
        _ => Vec::new(),
    }
}

fn reference<'a>(kind: &'static str, value: &'a Value) -> Reference<'a> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    Reference { kind, name: text("name"), namespace: text("namespace") }
}

fn members<'a>(object: &'a Object, pointer: &str) -> &'a [Value] {
    object.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
