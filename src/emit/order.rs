//! The order of the keys of a mapping: what a reader looks for comes first, the rest follows by the alphabet.
//!
//! Takes a mapping and where it stands; the order depends on nothing else, least of all on how the map was built.

use crate::value::{Map, Text, Value};

/// Where a mapping stands, as far as the order of its keys cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Under `metadata`.
    Metadata,
    /// In a list.
    Item,
    /// Anywhere else, the top of a document included.
    Elsewhere,
}

/// The keys that come first, in this order, in the mappings of one shape.
type Ranks = &'static [&'static str];

const OBJECT: Ranks = &["apiVersion", "kind", "metadata"];
const METADATA: Ranks = &["name", "namespace", "labels", "annotations"];
const ITEM: Ranks = &["name"];
const CONTAINER: Ranks = &[
    "name",
    "image",
    "imagePullPolicy",
    "command",
    "args",
    "workingDir",
    "ports",
    "envFrom",
    "env",
    "resources",
    "volumeMounts",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
];
const PLAIN: Ranks = &[];

/// The entries of `map` in the order in which they are written.
pub(super) fn sorted(map: &Map, place: Place) -> Vec<(&Text, &Value)> {
    let ranks = ranks(map, place);
    let rank = |key: &str| ranks.iter().position(|first| *first == key).unwrap_or(ranks.len());
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_cached_key(|(key, _)| (rank(key), *key));
    entries
}

/// The place of the value that stands under `key`.
pub(super) fn place_under(key: &str) -> Place {
    if key == "metadata" { Place::Metadata } else { Place::Elsewhere }
}

/// The shape of a mapping is told by its own keys where they are unmistakable: an object within an object (a claim
/// template, an item of a `List`) reads like one at the top, and a container is one wherever it stands.
fn ranks(map: &Map, place: Place) -> Ranks {
    let texts = |keys: [&str; 2]| keys.iter().all(|key| map.get(key).is_some_and(Value::is_string));
    if texts(["apiVersion", "kind"]) {
        OBJECT
    } else if texts(["name", "image"]) {
        CONTAINER
    } else {
        match place {
            Place::Metadata => METADATA,
            Place::Item => ITEM,
            Place::Elsewhere => PLAIN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    fn keys(value: &Value, place: Place) -> Vec<&str> {
        let map = value.as_object().expect("the test passes a mapping");
        sorted(map, place).into_iter().map(|(key, _)| key.as_str()).collect()
    }

    #[test]
    fn what_a_reader_looks_for_comes_first() {
        let object =
            json!({"spec": 1, "kind": "Pod", "data": 1, "metadata": {}, "apiVersion": "v1", "aaa": 1});
        assert_eq!(
            keys(&object, Place::Elsewhere),
            ["apiVersion", "kind", "metadata", "aaa", "data", "spec"]
        );
        let metadata =
            json!({"annotations": {}, "finalizers": [], "labels": {}, "namespace": "n", "name": "x"});
        assert_eq!(
            keys(&metadata, Place::Metadata),
            ["name", "namespace", "labels", "annotations", "finalizers"]
        );
    }

    #[test]
    fn a_container_reads_as_one_everywhere() {
        let container = json!({
            "volumeMounts": [], "readinessProbe": {}, "livenessProbe": {}, "args": [], "lifecycle": {},
            "env": [], "envFrom": [], "command": [], "image": "i", "name": "n", "ports": [],
        });
        let wanted = [
            "name",
            "image",
            "command",
            "args",
            "ports",
            "envFrom",
            "env",
            "volumeMounts",
            "livenessProbe",
            "readinessProbe",
            "lifecycle",
        ];
        assert_eq!(keys(&container, Place::Item), wanted);
        assert_eq!(keys(&container, Place::Elsewhere), wanted);
    }

    #[test]
    fn a_schema_with_the_properties_of_a_container_is_none() {
        let properties = json!({"image": {"type": "string"}, "args": {}, "name": {"type": "string"}});
        assert_eq!(keys(&properties, Place::Elsewhere), ["args", "image", "name"]);
        assert_eq!(keys(&properties, Place::Item), ["name", "args", "image"]);
    }
}
