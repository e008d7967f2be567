//! The `ConfigMaps` and Secrets that a pod reads: whole, or by key.

use crate::check::finding::Findings;
use crate::check::scene::{KnownKeys, Pods, Scene};
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::{Code, did_you_mean};
use crate::value::Value;

/// One reference of a pod to an object with keys.
pub(super) struct Reference<'a> {
    /// The value that holds the name.
    holder: &'a Value,
    /// The key under which the name stands.
    name_key: &'static str,
    /// The value that holds the wanted key, under `key`.
    key: Option<&'a Value>,
}

/// Which of the two kinds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyed {
    ConfigMap,
    Secret,
}

impl Keyed {
    const fn noun(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }

    fn keys<'s>(self, scene: &'s Scene<'_>, asker: &'s Subject<'_>, name: &'s str) -> Option<KnownKeys<'s>> {
        match self {
            Self::ConfigMap => scene.config_map(asker, name),
            Self::Secret => scene.secret(asker, name),
        }
    }
}

/// Reports each reference that leads nowhere, under `code`.
pub(super) fn check<'a>(keyed: Keyed, code: &'static Code, scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods() {
        for reference in references(keyed, pods) {
            check_one(keyed, code, scene, (pods, &reference), found);
        }
    }
}

fn check_one<'a>(
    keyed: Keyed,
    code: &'static Code,
    scene: &Scene<'a>,
    (pods, reference): (&Pods<'a>, &Reference<'a>),
    found: &mut Findings<'a>,
) {
    let found = found.of(pods.subject.index);
    let name = reference.holder.text_or_empty(reference.name_key);
    if name.is_empty() || reference.holder.is_true("optional") {
        return;
    }
    let namespace = pods.subject.namespace();
    let Some(keys) = keyed.keys(scene, pods.subject, name) else {
        let message = format!("there is no {} {namespace}/{name}", keyed.noun());
        let hint = scene.hint(keyed.noun(), namespace, name);
        found.add_with_hint(code, (reference.holder, reference.name_key), message, hint);
        return;
    };
    if let Some(holder) = reference.key
        && let Some(key) = holder.text("key").filter(|key| !keys.has(key))
    {
        let hint = did_you_mean(key, keys.names()).map(|near| format!("did you mean `{near}`?"));
        let message = format!("the {} {namespace}/{name} has no key `{key}`", keyed.noun());
        found.add_with_hint(code, (holder, "key"), message, hint);
    }
}

fn references<'a>(keyed: Keyed, pods: &Pods<'a>) -> Vec<Reference<'a>> {
    let mut all = Vec::new();
    for container in pods.template.containers() {
        for variable in container.items("env") {
            let source = variable.child("valueFrom").and_then(|source| source.child(keyed.of_variable()));
            all.extend(source.map(|holder| Reference { holder, name_key: "name", key: Some(holder) }));
        }
        for source in container.items("envFrom") {
            let source = source.child(keyed.of_environment());
            all.extend(source.map(|holder| Reference { holder, name_key: "name", key: None }));
        }
    }
    for volume in pods.template.volumes() {
        all.extend(
            volume.child(keyed.of_volume()).into_iter().flat_map(|it| files(it, keyed.name_in_volume())),
        );
        for source in volume.child("projected").map_or(&[][..], |it| it.items("sources")) {
            all.extend(source.child(keyed.of_volume()).into_iter().flat_map(|it| files(it, "name")));
        }
    }
    all
}

/// The reference of a volume to the object itself, and to each of its keys that is named.
fn files<'a>(holder: &'a Value, name_key: &'static str) -> impl Iterator<Item = Reference<'a>> {
    let items = holder.items("items");
    let whole = items.is_empty().then_some(Reference { holder, name_key, key: None });
    whole.into_iter().chain(items.iter().map(move |item| Reference { holder, name_key, key: Some(item) }))
}

impl Keyed {
    const fn of_variable(self) -> &'static str {
        match self {
            Self::ConfigMap => "configMapKeyRef",
            Self::Secret => "secretKeyRef",
        }
    }

    const fn of_environment(self) -> &'static str {
        match self {
            Self::ConfigMap => "configMapRef",
            Self::Secret => "secretRef",
        }
    }

    const fn of_volume(self) -> &'static str {
        match self {
            Self::ConfigMap => "configMap",
            Self::Secret => "secret",
        }
    }

    const fn name_in_volume(self) -> &'static str {
        match self {
            Self::ConfigMap => "name",
            Self::Secret => "secretName",
        }
    }
}
