//! The difference of two sets of objects: of two environments, or of what is desired and what a cluster has.
//!
//! Takes objects; gives what is missing, what is there besides, and which fields differ, and never the value of a Secret.
//! Between environments everything counts. Against a cluster the question is what applying would change, and the answer is
//! that of server-side apply (<https://kubernetes.io/docs/reference/using-api/server-side-apply/>): a field of the live object
//! that the platform does not state is somebody else's, unless the platform owns it from an earlier time and states it no
//! longer. Elements of lists are paired by the keys that Kubernetes merges them by.

mod fields;
mod owned;
mod renamed;

use std::collections::BTreeMap;

use crate::layout::{namespace_renames, pairs};
use crate::object::{Object, ObjectRef, ObjectSet};
use crate::value::Value;

pub use fields::FieldChange;

/// How one object differs.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectChange {
    /// The object, as the platform calls it where it does.
    pub object: ObjectRef,
    /// How.
    pub change: Change,
}

/// How an object differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The second side lacks it: applying the first would create it.
    Missing,
    /// Only the second side has it.
    Extra,
    /// Both have it, with other fields.
    Fields(Vec<FieldChange>),
}

/// The labels by which the platform knows its own objects in a cluster.
const OWN: [&str; 2] = ["app.kubernetes.io/managed-by", "app.kubernetes.io/part-of"];

/// What leads from the environment `other` to `one`: everything counts, but that namespaces are called otherwise is said of the namespaces
/// and of nothing that lies in them or names them.
#[must_use]
pub fn environments(one: &ObjectSet, other: &ObjectSet) -> Vec<ObjectChange> {
    let renames = namespace_renames(other, one);
    let mut found = Vec::new();
    for pairs in pairs(other, one).into_values() {
        for (from, to) in &pairs.kept {
            let mut fields = fields::strictly(&to.value, &from.value);
            if to.id.gvk.kind != "Namespace" {
                fields
                    .retain(|field| !renamed::is_renamed(field.other.as_ref(), field.one.as_ref(), &renames));
            }
            found.extend(changed(to, fields));
        }
        let alone = |objects: Vec<&Object>, change: &Change| -> Vec<ObjectChange> {
            let change = |object: &Object| ObjectChange { object: object.id.clone(), change: change.clone() };
            objects.into_iter().map(change).collect()
        };
        found.append(&mut alone(pairs.added, &Change::Missing));
        found.append(&mut alone(pairs.removed, &Change::Extra));
    }
    found.sort_by(|a, b| a.object.cmp(&b.object));
    found
}

/// An object whose fields differ, if any does.
fn changed(object: &Object, mut fields: Vec<FieldChange>) -> Option<ObjectChange> {
    if object.id.gvk.kind == "Secret" {
        fields.iter_mut().for_each(FieldChange::hide);
    }
    (!fields.is_empty()).then(|| ObjectChange { object: object.id.clone(), change: Change::Fields(fields) })
}

/// What applying the desired objects would change in a cluster, whose objects are `live`. What is there besides counts where
/// it carries the labels of `platform` and no controller made it.
pub fn live<'a>(
    desired: impl IntoIterator<Item = &'a Object>,
    live: impl IntoIterator<Item = &'a Object>,
    platform: &str,
) -> Vec<ObjectChange> {
    let by_identity = |object: &'a Object| (identity(object), object);
    let desired: BTreeMap<Identity, &Object> = desired.into_iter().map(by_identity).collect();
    let live: BTreeMap<Identity, &Object> = live.into_iter().map(by_identity).collect();
    let mut found = Vec::new();
    for (identity, object) in &desired {
        found.extend(match live.get(identity) {
            None => Some(ObjectChange { object: object.id.clone(), change: Change::Missing }),
            Some(twin) => {
                let mut fields = fields::stated(&object.value, &twin.value);
                fields.extend(owned::no_longer_stated(&object.value, &twin.value));
                changed(object, fields)
            }
        });
    }
    let extra =
        live.iter().filter(|(identity, object)| !desired.contains_key(*identity) && is_own(object, platform));
    found.extend(extra.map(|(_, object)| ObjectChange { object: object.id.clone(), change: Change::Extra }));
    found.sort_by(|a, b| a.object.cmp(&b.object));
    found
}

/// A version of an API says how an object is written, and not which it is.
type Identity = (String, String, Option<String>, String);

fn identity(object: &Object) -> Identity {
    let id = &object.id;
    (id.gvk.group().to_owned(), id.gvk.kind.clone(), id.namespace.clone(), id.name.clone())
}

/// Whether an object of a cluster is the platform's: pods, for one, carry its labels and belong to a controller.
fn is_own(object: &Object, platform: &str) -> bool {
    let metadata = object.value.get("metadata");
    let label = |key: &str| metadata?.get("labels")?.get(key)?.as_str();
    let controlled = metadata.and_then(|it| it.get("ownerReferences")).and_then(Value::as_array);
    let [managed_by, part_of] = OWN;
    controlled.is_none_or(Vec::is_empty)
        && label(managed_by) == Some("bayplan")
        && label(part_of) == Some(platform)
}

/// The text that people read: `+` would be created, `-` is there besides, `~` would change.
#[must_use]
pub fn text(changes: &[ObjectChange], sides: (&str, &str)) -> String {
    let (one, other) = sides;
    let mut text = String::new();
    for ObjectChange { object, change } in changes {
        let line = match change {
            Change::Missing => format!("+ {object}: only in {one}\n"),
            Change::Extra => format!("- {object}: only in {other}\n"),
            Change::Fields(fields) => {
                let fields: String = fields.iter().map(line_of).collect();
                format!("~ {object}\n{fields}")
            }
        };
        text.push_str(&line);
    }
    text
}

fn line_of(field: &FieldChange) -> String {
    format!("    {}: {} -> {}\n", field.path, shown(field.other.as_ref()), shown(field.one.as_ref()))
}

/// A value on one line; `nothing` where there is none.
fn shown(value: Option<&Value>) -> String {
    const LONGEST: usize = 160;
    let Some(value) = value else { return "nothing".to_owned() };
    let line = value.to_string();
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// The same for programs.
#[must_use]
pub fn json(changes: &[ObjectChange]) -> Value {
    let one = |ObjectChange { object, change }: &ObjectChange| {
        let (kind, fields) = match change {
            Change::Missing => ("missing", Vec::new()),
            Change::Extra => ("extra", Vec::new()),
            Change::Fields(fields) => ("changed", fields.iter().map(FieldChange::json).collect()),
        };
        crate::value::json!({
            "apiVersion": object.gvk.api_version, "kind": object.gvk.kind, "namespace": object.namespace, "name": object.name,
            "change": kind, "fields": fields,
        })
    };
    changes.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::KeyPath;
    use crate::value::json;

    fn object(value: Value) -> Object {
        Object::from_value(value, "", KeyPath::root())
    }

    fn lines(desired: Value, cluster: Value) -> Vec<String> {
        let found = live(&[object(desired)], &[object(cluster)], "shop");
        text(&found, ("the platform", "the cluster")).lines().map(|line| line.trim().to_owned()).collect()
    }

    fn deployment(spec: &Value) -> Value {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "api", "namespace": "core"}, "spec": spec})
    }

    #[test]
    fn what_the_server_adds_is_no_difference() {
        let desired = deployment(&json!({"replicas": 2, "template": {"spec": {
            "containers": [{"name": "api", "image": "a:1", "ports": [{"containerPort": 3000}],
                "resources": {"limits": {"cpu": "1000m", "memory": "1024Mi"}}}],
            "volumes": [{"name": "tmp", "emptyDir": {}}],
        }}}));
        let mut cluster =
            deployment(&json!({"replicas": 2, "revisionHistoryLimit": 10, "template": {"spec": {
                "containers": [
                    {"name": "injected", "image": "b:1"},
                    {"name": "api", "image": "a:1", "imagePullPolicy": "IfNotPresent",
                     "ports": [{"containerPort": 3000, "protocol": "TCP"}],
                     "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}},
                ],
                "volumes": [{"name": "kube-api-access", "projected": {}}, {"name": "tmp", "emptyDir": {}}],
            }}}));
        cluster["status"] = json!({"replicas": 1});
        cluster["metadata"]["uid"] = json!("x");
        assert_eq!(lines(desired, cluster), Vec::<String>::new());
    }

    #[test]
    fn what_applying_would_change_is_named_with_both_values() {
        let desired = deployment(&json!({"replicas": 3, "template": {"spec": {"containers": [
            {"name": "api", "image": "a:2", "env": [{"name": "A", "value": "1"}], "args": ["x"]}]}}}));
        let cluster = deployment(&json!({"replicas": 2, "template": {"spec": {"containers": [
            {"name": "api", "image": "a:1", "env": [{"name": "B", "value": "1"}], "args": ["x", "y"]}]}}}));
        let expected = [
            "~ Deployment core/api",
            "spec.replicas: 2 -> 3",
            "spec.template.spec.containers[api].args: [\"x\",\"y\"] -> [\"x\"]",
            "spec.template.spec.containers[api].env[A]: nothing -> {\"name\":\"A\",\"value\":\"1\"}",
            "spec.template.spec.containers[api].image: \"a:1\" -> \"a:2\"",
        ];
        assert_eq!(lines(desired, cluster), expected);
    }

    #[test]
    fn what_the_platform_owned_and_states_no_longer_is_a_difference() {
        let config = |data: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": data});
        let mut cluster = config(json!({"a": "1", "old": "2", "others": "3"}));
        cluster["metadata"]["managedFields"] = json!([
            {"manager": "kubectl", "operation": "Apply", "fieldsV1": {"f:data": {"f:a": {}, "f:old": {}}}},
            {"manager": "controller", "operation": "Update", "fieldsV1": {"f:data": {"f:others": {}}}},
        ]);
        assert_eq!(
            lines(config(json!({"a": "1"})), cluster),
            ["~ ConfigMap c", "data.old: \"2\" -> nothing"]
        );
        let mut cluster = config(json!({"a": "1", "old": "2"}));
        let last = config(json!({"a": "1", "old": "2"})).to_string();
        cluster["metadata"]["annotations"] =
            json!({"kubectl.kubernetes.io/last-applied-configuration": last});
        assert_eq!(
            lines(config(json!({"a": "1"})), cluster),
            ["~ ConfigMap c", "data.old: \"2\" -> nothing"]
        );
    }

    #[test]
    fn an_object_besides_counts_where_it_is_the_platforms_own() {
        let labelled = |name: &str, owners: Value| {
            object(
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "ownerReferences": owners,
                "labels": {"app.kubernetes.io/managed-by": "bayplan", "app.kubernetes.io/part-of": "shop"}}}),
            )
        };
        let others = object(
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kube-root-ca.crt"}}),
        );
        let found = live(
            &[],
            &[labelled("old", json!([])), labelled("made", json!([{"kind": "X"}])), others],
            "shop",
        );
        assert_eq!(text(&found, ("a", "b")), "- ConfigMap old: only in b\n");
    }

    #[test]
    fn values_of_a_secret_are_not_shown() {
        let secret = |value: &str| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"k": value}});
        assert_eq!(lines(secret("aGk="), secret("aG8=")), ["~ Secret s", "data.k: \"***\" -> \"***\""]);
    }

    #[test]
    fn between_environments_everything_counts() {
        let one = object(deployment(&json!({"replicas": 2})));
        let other = object(deployment(&json!({"replicas": 2, "paused": true})));
        let found = environments(&ObjectSet::collect([one]).0, &ObjectSet::collect([other]).0);
        assert_eq!(text(&found, ("a", "b")), "~ Deployment core/api\n    spec.paused: true -> nothing\n");
    }
}
