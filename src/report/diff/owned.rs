//! What the platform owns in a cluster from an earlier time and states no longer: applying takes it away.
//!
//! Server-side apply notes in `managedFields` which fields a manager applied; client-side apply keeps what it sent last in an
//! annotation. `kubectl get` shows the first with `--show-managed-fields`.

use std::collections::BTreeMap;

use super::fields::{FieldChange, joined, keys_of, name_of};
use crate::value::{Text, Value};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Fields that an earlier version of the platform applied, that the live object still has and that are not stated now.
pub(super) fn no_longer_stated(desired: &Value, live: &Value) -> Vec<FieldChange> {
    let mut found = Search { found: BTreeMap::new() };
    let metadata = live.get("metadata");
    let managers = metadata.and_then(|it| it.get("managedFields")).and_then(Value::as_array);
    let applied =
        managers.into_iter().flatten().filter(|entry| entry.get("operation") == Some(&Value::from("Apply")));
    for fields in applied.filter_map(|entry| entry.get("fieldsV1")) {
        found.managed("", fields, (Some(desired), live));
    }
    let last = metadata.and_then(|it| it.get("annotations")).and_then(|it| it.get(LAST_APPLIED));
    if let Some(last) = last.and_then(Value::as_str).and_then(|text| serde_json::from_str::<Value>(text).ok())
    {
        for part in ["data", "spec", "rules", "subjects"] {
            if let (Some(last), Some(live)) = (last.get(part), live.get(part)) {
                found.sent(part, last, (desired.get(part), live));
            }
        }
    }
    let changes = found.found.into_iter();
    changes.map(|(path, value)| FieldChange { path, one: None, other: Some(value) }).collect()
}

struct Search {
    found: BTreeMap<String, Value>,
}

impl Search {
    fn add(&mut self, path: String, value: &Value) {
        let inside = |outer: &String| {
            path.strip_prefix(outer.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        if !self.found.keys().any(inside) {
            self.found.insert(path, value.clone());
        }
    }

    /// `fields` in the notation of `FieldsV1`: `f:<name>` is a field, `k:<keys>` an element of a list.
    fn managed(&mut self, path: &str, fields: &Value, (desired, live): (Option<&Value>, &Value)) {
        for (key, inner) in fields.as_object().into_iter().flatten() {
            let step = step(path, key, desired, live);
            let Some((path, wanted, Some(has))) = step else { continue };
            match wanted {
                None => self.add(path, has),
                Some(wanted) => self.managed(&path, inner, (Some(wanted), has)),
            }
        }
    }

    /// What was sent the last time.
    fn sent(&mut self, path: &str, last: &Value, (desired, live): (Option<&Value>, &Value)) {
        match (last, live) {
            (Value::Object(last), Value::Object(live)) => {
                for (key, inner) in last {
                    let (path, wanted) = (joined(path, key), desired.and_then(|it| it.get(key)));
                    match (live.get(key), wanted) {
                        (None, _) => {}
                        (Some(has), None) => self.add(path, has),
                        (Some(has), wanted) => self.sent(&path, inner, (wanted, has)),
                    }
                }
            }
            (Value::Array(last), Value::Array(live)) => {
                let empty = Vec::new();
                let wanted = desired.and_then(Value::as_array).unwrap_or(&empty);
                let Some(keys) = keys_of(path, &[last, live, wanted]) else { return };
                for element in last {
                    let name = name_of(element, keys);
                    let of = |list: &'_ [Value]| list.iter().position(|it| name_of(it, keys) == name);
                    let path = format!("{path}[{name}]");
                    match (of(live), of(wanted)) {
                        (None, _) => {}
                        (Some(at), None) => self.add(path, &live[at]),
                        (Some(at), Some(wants)) => {
                            self.sent(&path, element, (Some(&wanted[wants]), &live[at]));
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

type Step<'a> = (String, Option<&'a Value>, Option<&'a Value>);

/// One step of `FieldsV1`: the path, and what both sides have there.
fn step<'a>(path: &str, key: &str, desired: Option<&'a Value>, live: &'a Value) -> Option<Step<'a>> {
    if let Some(name) = key.strip_prefix("f:") {
        return Some((joined(path, name), desired.and_then(|it| it.get(name)), live.get(name)));
    }
    let wanted: Value = serde_json::from_str(key.strip_prefix("k:")?).ok()?;
    let wanted = wanted.as_object()?;
    let fits = |element: &&Value| {
        // The protocol of a port is TCP where nothing is said.
        let has = |(key, value): (&Text, &Value)| match element.get(key) {
            Some(found) => found == value,
            None => key == "protocol" && value == "TCP",
        };
        wanted.iter().all(has)
    };
    let of = |list: Option<&'a Value>| list.and_then(Value::as_array)?.iter().find(fits);
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let name: Vec<String> = wanted.values().map(plain).collect();
    Some((format!("{path}[{}]", name.join("/")), of(desired), of(Some(live))))
}
