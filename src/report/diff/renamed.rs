//! Values that differ only because an environment calls namespaces otherwise.

use std::collections::BTreeMap;

use crate::value::Value;

/// Whether `to` is what `from` becomes where namespaces get the names that `renames` gives them.
pub(super) fn is_renamed(from: Option<&Value>, to: Option<&Value>, renames: &BTreeMap<&str, &str>) -> bool {
    matches!((from, to), (Some(from), Some(to)) if follows(from, to, renames))
}

/// A text may hold the word without meaning the namespace: either reading of it will do.
fn follows(from: &Value, to: &Value, renames: &BTreeMap<&str, &str>) -> bool {
    match (from, to) {
        (Value::String(from), Value::String(to)) => from == to || renamed(from, renames) == *to,
        (Value::Array(from), Value::Array(to)) => {
            from.len() == to.len() && from.iter().zip(to).all(|(from, to)| follows(from, to, renames))
        }
        (Value::Object(from), Value::Object(to)) => {
            from.len() == to.len()
                && from.iter().all(|(key, from)| to.get(key).is_some_and(|to| follows(from, to, renames)))
        }
        _ => from == to,
    }
}

/// The text with each word that is a namespace's name replaced: `db.infra.svc` becomes `db.staging-infra.svc`.
fn renamed(text: &str, renames: &BTreeMap<&str, &str>) -> String {
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        result.push_str(renames.get(word).unwrap_or(&word));
        let next = after.find(in_word).unwrap_or(after.len());
        result.push_str(&after[..next]);
        rest = &after[next..];
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn a_name_is_replaced_where_it_is_a_word() {
        let renames = BTreeMap::from([("infra", "staging-infra"), ("core", "staging-core")]);
        let becomes = |from: Value, to: Value| follows(&from, &to, &renames);
        assert!(becomes(
            json!("db.infra.svc:80,api.core"),
            json!("db.staging-infra.svc:80,api.staging-core")
        ));
        assert!(becomes(json!({"a": ["infra", 1]}), json!({"a": ["staging-infra", 1]})));
        assert!(becomes(json!("infra"), json!("infra")), "a word that is not the namespace");
        assert!(!becomes(json!("infrared"), json!("staging-infrared")));
        assert!(!becomes(json!(["infra"]), json!(["staging-infra", "more"])));
        assert!(!becomes(json!("é-infra/x"), json!("staging-infra/x")));
    }
}
