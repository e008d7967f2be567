//! Label selectors, as `metav1.LabelSelectorAsSelector` evaluates them.

use std::collections::BTreeMap;

use super::subject::looked;
use super::values::Fields;
use crate::value::Value;

/// Labels as rules compare them.
pub(crate) type LabelMap<'a> = BTreeMap<&'a str, &'a str>;

/// The string entries of a `labels` value.
pub(crate) fn labels(value: Option<&Value>) -> LabelMap<'_> {
    let map = value.and_then(Value::as_object);
    map.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
}

/// Whether a `LabelSelector` matches. The empty selector matches everything.
pub(crate) fn matches(selector: &Value, labels: &LabelMap<'_>) -> bool {
    looked();
    // A null is an empty text to the decoder.
    let held = |key: &str, value: &Value| {
        let wanted = if value.is_null() { Some("") } else { value.as_str() };
        wanted.is_none_or(|wanted| labels.get(key) == Some(&wanted))
    };
    let equal = selector.entries("matchLabels").all(|(key, value)| held(key, value));
    equal
        && selector.items("matchExpressions").iter().all(|expression| expression_matches(expression, labels))
}

/// Whether a plain map, as in `Service.spec.selector`, matches.
pub(crate) fn map_matches(selector: &Value, labels: &LabelMap<'_>) -> bool {
    looked();
    let map = selector.as_object();
    map.into_iter().flatten().all(|(key, value)| value.as_str() == labels.get(key.as_str()).copied())
}

/// As [`map_matches`], with labels that are not in the template.
pub(crate) fn map_matches_with(
    selector: &Value,
    labels: &LabelMap<'_>,
    given: impl Fn(&str, &str) -> bool,
) -> bool {
    looked();
    let map = selector.as_object();
    map.into_iter().flatten().all(|(key, value)| {
        value.as_str() == labels.get(key.as_str()).copied()
            || value.as_str().is_some_and(|value| given(key, value))
    })
}

/// Whether a `LabelSelector` asks for nothing.
pub(crate) fn is_empty(selector: &Value) -> bool {
    selector.entries("matchLabels").next().is_none() && selector.items("matchExpressions").is_empty()
}

fn expression_matches(expression: &Value, labels: &LabelMap<'_>) -> bool {
    let held = labels.get(expression.text_or_empty("key"));
    let among = |value: &&str| expression.texts("values").any(|it| it == *value);
    match expression.text_or_empty("operator") {
        "In" => held.is_some_and(among),
        "NotIn" => !held.is_some_and(among),
        "Exists" => held.is_some(),
        "DoesNotExist" => held.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn all_requirements_must_hold() {
        let pod = json!({ "app": "api", "tier": "core" });
        let labels = labels(Some(&pod));
        let expression = |operator: &str, key: &str, values: &[&str]| json!({ "matchExpressions": [{ "key": key, "operator": operator, "values": values }] });
        assert!(matches(&json!({}), &labels));
        assert!(matches(&json!({ "matchLabels": { "app": "api" } }), &labels));
        assert!(!matches(&json!({ "matchLabels": { "app": "api", "x": "y" } }), &labels));
        assert!(!matches(&json!({ "matchLabels": { "app": null } }), &labels));
        assert!(matches(&expression("In", "tier", &["core", "infra"]), &labels));
        assert!(matches(&expression("NotIn", "missing", &["x"]), &labels));
        assert!(!matches(&expression("NotIn", "tier", &["core"]), &labels));
        assert!(matches(&expression("Exists", "app", &[]), &labels));
        assert!(!matches(&expression("DoesNotExist", "app", &[]), &labels));
        assert!(!matches(&expression("Equals", "app", &["api"]), &labels));
    }
}
