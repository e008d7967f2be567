//! One object against one pattern of Kyverno, with its anchors.
//!
//! Source: <https://kyverno.io/docs/policy-types/cluster-policy/validate/#anchors> and `pkg/engine/validate` of Kyverno. As there,
//! only the first entry of a list of maps is read, and it holds for every item.

use super::scalar;
use crate::source::KeyPath;
use crate::source::wildcard::stars_and_marks;
use crate::value::{Map, Text, Value};

/// What keeps an object from fitting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    /// The field.
    pub field: KeyPath,
    /// What of it, in words that follow its name: `is missing`.
    pub what: String,
}

/// Why a part does not fit.
enum Miss {
    /// A condition does not hold, so that the pattern says nothing of this part.
    Skip,
    Fail(Failure),
}

type Outcome = Result<(), Miss>;

/// What keeps an object from fitting a pattern; `None` where it fits, or the pattern says nothing of it.
pub(super) fn failure(object: &Value, pattern: &Value) -> Option<Failure> {
    match element(Some(object), pattern, &KeyPath::root()) {
        Ok(()) | Err(Miss::Skip) => None,
        Err(Miss::Fail(failure)) => Some(failure),
    }
}

/// Why a pattern cannot be judged here, if it cannot.
pub(super) fn beyond(pattern: &Value) -> Option<&'static str> {
    let of_text = |text: &str| {
        if text.contains("{{") || text.contains("$(") {
            return Some("it has variables");
        }
        text.starts_with("+(").then_some("it adds what is missing")
    };
    match pattern {
        Value::String(text) => of_text(text),
        Value::Array(items) => items.iter().find_map(beyond),
        Value::Object(fields) => fields.iter().find_map(|(key, part)| of_text(key).or_else(|| beyond(part))),
        _ => None,
    }
}

fn fail(field: &KeyPath, what: impl Into<String>) -> Outcome {
    Err(Miss::Fail(Failure { field: field.clone(), what: what.into() }))
}

fn element(value: Option<&Value>, pattern: &Value, path: &KeyPath) -> Outcome {
    let value = value.filter(|value| !value.is_null());
    match (pattern, value) {
        (Value::Object(wanted), Some(Value::Object(fields))) => map(fields, wanted, path),
        (Value::Array(wanted), Some(Value::Array(items))) => list(items, wanted, path),
        (Value::Object(_) | Value::Array(_), None) => fail(path, "is missing"),
        (Value::Object(_), Some(_)) => fail(path, "must be a map"),
        (Value::Array(_), Some(_)) => fail(path, "must be a list"),
        (_, Some(Value::Array(items))) => {
            items.iter().enumerate().try_for_each(|(at, item)| plain(Some(item), pattern, &path.index(at)))
        }
        _ => plain(value, pattern, path),
    }
}

fn plain(value: Option<&Value>, pattern: &Value, path: &KeyPath) -> Outcome {
    if scalar::fits(value, pattern) {
        return Ok(());
    }
    let wanted = pattern.as_str().map_or_else(|| pattern.to_string(), str::to_owned);
    match value {
        // `?*` is how policies ask for any text at all.
        None if wanted == "?*" => fail(path, "is missing"),
        Some(Value::String(text)) if wanted == "?*" && text.is_empty() => fail(path, "is empty"),
        None => fail(path, format!("is missing, and must be `{wanted}`")),
        Some(Value::String(text)) => fail(path, format!("is `{text}`, and must be `{wanted}`")),
        Some(value) => fail(path, format!("is `{value}`, and must be `{wanted}`")),
    }
}

/// How a key of a pattern is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Anchor {
    /// `(key)`: where it does not fit, the pattern says nothing of this map.
    Condition,
    /// `<(key)`: as a condition, for the whole pattern; a field that is not there is no obstacle.
    Global,
    /// `=(key)`: where the field is there, it fits.
    Equality,
    /// `^(key)`: at least one item of the list fits.
    Existence,
    /// `X(key)`: the field is not there.
    Negation,
    /// The field fits.
    None,
}

fn anchor(key: &str) -> (Anchor, &str) {
    let inner = |start: &str| key.strip_prefix(start).and_then(|rest| rest.strip_suffix(')'));
    let anchors = [
        ("(", Anchor::Condition),
        ("<(", Anchor::Global),
        ("=(", Anchor::Equality),
        ("^(", Anchor::Existence),
        ("X(", Anchor::Negation),
    ];
    let mut anchors = anchors.into_iter();
    anchors.find_map(|(start, anchor)| Some((anchor, inner(start)?))).unwrap_or((Anchor::None, key))
}

/// Conditions come first, since what they say decides whether the rest counts.
fn map(fields: &Map, wanted: &Map, path: &KeyPath) -> Outcome {
    let mut keys: Vec<(Anchor, &str, &Value)> = wanted
        .iter()
        .map(|(key, pattern)| {
            let (anchor, name) = anchor(key);
            (anchor, name, pattern)
        })
        .collect();
    keys.sort_by_key(|(anchor, name, pattern)| (*anchor, !has_condition(pattern), *name));
    keys.into_iter().try_for_each(|(anchor, name, pattern)| {
        let name = expanded(name, fields, path);
        field(anchor, fields.get(name), pattern, &path.key(name))
    })
}

fn has_condition(pattern: &Value) -> bool {
    match pattern {
        Value::Object(fields) => fields.iter().any(|(key, part)| {
            matches!(anchor(key).0, Anchor::Condition | Anchor::Global) || has_condition(part)
        }),
        Value::Array(items) => items.iter().any(has_condition),
        _ => false,
    }
}

/// Keys of labels and annotations may have wildcards, which stand for the first key that they match.
fn expanded<'k>(name: &'k str, fields: &'k Map, path: &KeyPath) -> &'k str {
    let of_metadata = matches!(path.last_key(), Some("labels" | "annotations"));
    if !of_metadata || !name.contains(['*', '?']) {
        return name;
    }
    fields.keys().find(|key| stars_and_marks(name, key)).map_or(name, Text::as_str)
}

fn field(anchor: Anchor, value: Option<&Value>, pattern: &Value, path: &KeyPath) -> Outcome {
    match (anchor, value) {
        (Anchor::Condition, None) => Err(Miss::Skip),
        (Anchor::Condition | Anchor::Global, Some(value)) => {
            element(Some(value), pattern, path).map_err(|_| Miss::Skip)
        }
        (Anchor::Global | Anchor::Equality | Anchor::Existence | Anchor::Negation, None) => Ok(()),
        (Anchor::Equality, Some(value)) => element(Some(value), pattern, path),
        (Anchor::Negation, Some(_)) => fail(path, "must not be there"),
        (Anchor::Existence, Some(value)) => exists(value, pattern, path),
        // A star alone asks for any value at all, a map or a list included.
        (Anchor::None, value) if pattern == "*" => match value.filter(|value| !value.is_null()) {
            Some(_) => Ok(()),
            None => fail(path, "is missing"),
        },
        (Anchor::None, value) => element(value, pattern, path),
    }
}

fn exists(value: &Value, pattern: &Value, path: &KeyPath) -> Outcome {
    let (Some(items), Some(wanted)) = (value.as_array(), pattern.as_array()) else {
        return fail(path, "must be a list");
    };
    let found = |pattern: &Value| items.iter().any(|item| element(Some(item), pattern, path).is_ok());
    if wanted.iter().all(found) { Ok(()) } else { fail(path, "has no item that fits") }
}

fn list(items: &[Value], wanted: &[Value], path: &KeyPath) -> Outcome {
    let Some(first) = wanted.first() else { return fail(path, "is held against an empty list") };
    match first {
        Value::Object(_) => each(items.iter().map(|item| (item, first)), path),
        Value::Array(_) if items.len() < wanted.len() => fail(path, "has too few items"),
        Value::Array(_) => each(items.iter().zip(wanted), path),
        _ => items.iter().enumerate().try_for_each(|(at, item)| plain(Some(item), first, &path.index(at))),
    }
}

/// Items of which the pattern says nothing are passed over; where it says nothing of any, it says nothing of the list.
fn each<'v>(pairs: impl Iterator<Item = (&'v Value, &'v Value)>, path: &KeyPath) -> Outcome {
    let (mut applied, mut skipped) = (0, 0);
    for (at, (item, pattern)) in pairs.enumerate() {
        match element(Some(item), pattern, &path.index(at)) {
            Ok(()) => applied += 1,
            Err(Miss::Skip) => skipped += 1,
            failed @ Err(Miss::Fail(_)) => return failed,
        }
    }
    if applied == 0 && skipped > 0 { Err(Miss::Skip) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use crate::value::json;

    use super::*;

    fn said(object: &Value, pattern: &Value) -> Option<String> {
        failure(object, pattern).map(|failure| format!("{} {}", failure.field, failure.what))
    }

    fn pod(containers: &Value) -> Value {
        json!({"metadata": {"labels": {"app.kubernetes.io/name": "api"}}, "spec": {"containers": containers}})
    }

    #[test]
    fn every_item_fits_the_one_entry_of_a_list() {
        let pattern = json!({"spec": {"containers": [{"resources": {"limits": {"memory": "?*"}}}]}});
        let limited = json!({"resources": {"limits": {"memory": "1Gi"}}});
        assert_eq!(said(&pod(&json!([limited])), &pattern), None);
        let problem = said(&pod(&json!([limited, {"resources": {"limits": {}}}])), &pattern);
        let wanted = "spec.containers[1].resources.limits.memory is missing";
        assert_eq!(problem.as_deref(), Some(wanted));
        assert_eq!(
            said(&pod(&json!([{}])), &pattern).as_deref(),
            Some("spec.containers[0].resources is missing")
        );
        assert_eq!(said(&pod(&json!("x")), &pattern).as_deref(), Some("spec.containers must be a list"));
    }

    #[test]
    fn equality_speaks_of_what_is_there() {
        let pattern = json!({"spec": {"=(hostNetwork)": "false", "containers": [{"=(securityContext)": {"=(privileged)": "false"}}]}});
        assert_eq!(said(&pod(&json!([{}, {"securityContext": {"privileged": false}}])), &pattern), None);
        let problem = said(&pod(&json!([{"securityContext": {"privileged": true}}])), &pattern);
        let wanted = "spec.containers[0].securityContext.privileged is `true`, and must be `false`";
        assert_eq!(problem.as_deref(), Some(wanted));
    }

    #[test]
    fn a_condition_decides_whether_an_item_is_judged() {
        let pattern = json!({"spec": {"containers": [{"(image)": "*:latest", "imagePullPolicy": "Always"}]}});
        let container = |image: &str, policy: &str| json!({"image": image, "imagePullPolicy": policy});
        assert_eq!(
            said(&pod(&json!([container("a:1", "Never"), container("a:latest", "Always")])), &pattern),
            None
        );
        assert_eq!(said(&pod(&json!([container("a:1", "Never")])), &pattern), None);
        assert!(
            said(&pod(&json!([container("a:1", "Never"), container("a:latest", "Never")])), &pattern)
                .is_some()
        );
        assert_eq!(said(&pod(&json!([{"imagePullPolicy": "Never"}])), &pattern), None);
    }

    #[test]
    fn a_global_condition_is_for_the_whole_and_needs_no_field() {
        let pattern = json!({"spec": {"containers": [{"<(image)": "registry.a/*"}], "imagePullSecrets": [{"name": "a"}]}});
        assert_eq!(said(&pod(&json!([{"image": "registry.b/x"}])), &pattern), None);
        assert!(said(&pod(&json!([{"image": "registry.a/x"}])), &pattern).is_some());
    }

    #[test]
    fn negation_and_existence() {
        let without = json!({"spec": {"X(hostNetwork)": "null"}});
        assert_eq!(said(&json!({"spec": {}}), &without), None);
        assert_eq!(
            said(&json!({"spec": {"hostNetwork": false}}), &without).as_deref(),
            Some("spec.hostNetwork must not be there")
        );
        let one = json!({"spec": {"^(containers)": [{"name": "proxy"}]}});
        assert_eq!(said(&pod(&json!([{"name": "api"}, {"name": "proxy"}])), &one), None);
        assert_eq!(
            said(&pod(&json!([{"name": "api"}])), &one).as_deref(),
            Some("spec.containers has no item that fits")
        );
    }

    #[test]
    fn keys_of_labels_may_have_wildcards() {
        let pattern = |key: &str| json!({"metadata": {"labels": {key: "?*"}}});
        assert_eq!(said(&pod(&json!([])), &pattern("app.kubernetes.io/*")), None);
        assert!(said(&pod(&json!([])), &pattern("example.com/*")).is_some());
    }

    #[test]
    fn a_star_is_any_value() {
        assert_eq!(said(&pod(&json!([])), &json!({"spec": "*"})), None);
        assert_eq!(said(&pod(&json!([])), &json!({"status": "*"})).as_deref(), Some("status is missing"));
    }

    #[test]
    fn what_needs_more_than_the_object_is_beyond() {
        assert_eq!(beyond(&json!({"spec": [{"a": "{{ request.userInfo }}"}]})), Some("it has variables"));
        assert_eq!(beyond(&json!({"spec": {"+(a)": "b"}})), Some("it adds what is missing"));
        assert_eq!(beyond(&json!({"spec": {"=(a)": "b | c"}})), None);
    }
}
