//! Two values field by field.

use std::collections::BTreeSet;

use crate::names::Quantity;
use crate::value::{Map, Text, Value, json};

/// A field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// The field: `spec.template.spec.containers[api].image`.
    pub path: String,
    /// Its value on the first side, which is what is desired.
    pub one: Option<Value>,
    /// Its value on the other side, which is what a cluster has.
    pub other: Option<Value>,
}

impl FieldChange {
    pub(super) fn hide(&mut self) {
        for value in [&mut self.one, &mut self.other].into_iter().flatten() {
            *value = json!("***");
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({"path": self.path, "from": self.other, "to": self.one})
    }
}

/// What is never compared: the server writes it.
pub(super) const SERVERS: [&str; 7] = [
    "creationTimestamp",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// By what Kubernetes merges the elements of a list, by the last key on the way to it; the first that all elements have counts.
const KEYS: [(&str, &[&[&str]]); 16] = [
    ("containers", &[&["name"]]),
    ("ephemeralContainers", &[&["name"]]),
    ("env", &[&["name"]]),
    ("hostAliases", &[&["ip"]]),
    ("imagePullSecrets", &[&["name"]]),
    ("initContainers", &[&["name"]]),
    ("limits", &[&["type"]]),
    ("podIPs", &[&["ip"]]),
    ("ports", &[&["containerPort", "protocol"], &["containerPort"], &["port", "protocol"], &["port"]]),
    ("resourceClaims", &[&["name"]]),
    ("secrets", &[&["name"]]),
    ("topologySpreadConstraints", &[&["topologyKey", "whenUnsatisfiable"]]),
    ("volumeClaimTemplates", &[&["metadata.name"]]),
    ("volumeDevices", &[&["devicePath"]]),
    ("volumeMounts", &[&["mountPath"]]),
    ("volumes", &[&["name"]]),
];

/// The keys by which the elements of a list are paired, where all of `lists` have them.
pub(super) fn keys_of(path: &str, lists: &[&[Value]]) -> Option<&'static [&'static str]> {
    let last = path.rsplit('.').next().unwrap_or_default();
    let (_, sets) = KEYS.iter().find(|(name, _)| *name == last)?;
    let has = |element: &Value, keys: &[&str]| keys.iter().all(|key| key_value(element, key).is_some());
    sets.iter().copied().find(|keys| lists.iter().copied().flatten().all(|element| has(element, keys)))
}

fn key_value<'a>(element: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.')
        .try_fold(element, |value, key| value.get(key))
        .filter(|value| !value.is_object() && !value.is_array())
}

/// What an element is called in paths: `api`, or `3000/TCP`.
pub(super) fn name_of(element: &Value, keys: &[&str]) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let values: Vec<String> = keys.iter().filter_map(|key| key_value(element, key)).map(plain).collect();
    values.join("/")
}

/// Everything in which two objects differ.
pub(super) fn strictly(one: &Value, other: &Value) -> Vec<FieldChange> {
    let mut walk = Walk { strict: Reading::Whole, found: Vec::new() };
    walk.object(one, other);
    walk.found
}

/// What the first object states and the other has otherwise.
pub(super) fn stated(desired: &Value, live: &Value) -> Vec<FieldChange> {
    let mut walk = Walk { strict: Reading::Stated, found: Vec::new() };
    walk.object(desired, live);
    walk.found
}

/// Which fields of the other side count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// All.
    Whole,
    /// Those that the first side states.
    Stated,
}

struct Walk {
    strict: Reading,
    found: Vec<FieldChange>,
}

impl Walk {
    fn object(&mut self, one: &Value, other: &Value) {
        let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return };
        let written = |fields: &Map| {
            let mut fields = fields.clone();
            fields.remove("status");
            fields.remove("apiVersion");
            if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
                SERVERS.iter().for_each(|key| drop(metadata.remove(key)));
            }
            fields
        };
        self.fields("", &written(one), &written(other));
    }

    fn fields(&mut self, path: &str, one: &Map, other: &Map) {
        let mut keys: BTreeSet<&Text> = one.keys().collect();
        if self.strict == Reading::Whole {
            keys.extend(other.keys());
        }
        for key in keys {
            let inner = joined(path, key);
            self.values(&inner, one.get(key), other.get(key));
        }
    }

    fn values(&mut self, path: &str, one: Option<&Value>, other: Option<&Value>) {
        match (one, other) {
            (Some(Value::Object(one)), Some(Value::Object(other))) => self.fields(path, one, other),
            (Some(Value::Array(one)), Some(Value::Array(other))) => self.lists(path, one, other),
            (one, other) if same(path, one, other) => {}
            (one, other) => {
                self.found.push(FieldChange {
                    path: path.to_owned(),
                    one: one.cloned(),
                    other: other.cloned(),
                });
            }
        }
    }

    fn lists(&mut self, path: &str, one: &[Value], other: &[Value]) {
        if let Some(keys) = keys_of(path, &[one, other]) {
            return self.keyed(path, keys, (one, other));
        }
        let structured = one.iter().chain(other).all(Value::is_object);
        if structured && one.len() == other.len() {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                self.values(&format!("{path}[{index}]"), Some(one), Some(other));
            }
        } else if one != other {
            let value = |list: &[Value]| Some(Value::Array(list.to_vec()));
            self.found.push(FieldChange { path: path.to_owned(), one: value(one), other: value(other) });
        }
    }

    fn keyed(&mut self, path: &str, keys: &[&str], (one, other): (&[Value], &[Value])) {
        for element in one {
            let name = name_of(element, keys);
            let twin = other.iter().find(|twin| name_of(twin, keys) == name);
            self.values(&format!("{path}[{name}]"), Some(element), twin);
        }
        if self.strict == Reading::Whole {
            let known: BTreeSet<String> = one.iter().map(|element| name_of(element, keys)).collect();
            for element in other {
                let name = name_of(element, keys);
                if !known.contains(&name) {
                    self.values(&format!("{path}[{name}]"), None, Some(element));
                }
            }
        }
    }
}

/// A path and one more key; a key with a dot stands in brackets.
pub(super) fn joined(path: &str, key: &str) -> String {
    match (path.is_empty(), key.contains('.')) {
        (true, _) => key.to_owned(),
        (false, true) => format!("{path}[{key}]"),
        (false, false) => format!("{path}.{key}"),
    }
}

/// Whether two values mean the same: nothing and an empty one do, and so do amounts that are written otherwise.
fn same(path: &str, one: Option<&Value>, other: Option<&Value>) -> bool {
    let empty = |value: Option<&Value>| match value {
        None | Some(Value::Null) => true,
        Some(Value::Object(fields)) => fields.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    };
    if one == other || empty(one) && empty(other) {
        return true;
    }
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => Some(text.to_string()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let is_amount = ["requests", "limits", "hard", "capacity", "max", "min", "default"]
        .iter()
        .any(|part| path.split(['.', '[', ']']).any(|it| it == *part))
        || path.ends_with("sizeLimit")
        || path.ends_with("averageValue");
    match (text(one), text(other)) {
        (Some(one), Some(other)) if is_amount => match (Quantity::parse(&one), Quantity::parse(&other)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        },
        _ => false,
    }
}
