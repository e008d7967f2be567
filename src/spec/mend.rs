//! The edit that gives a value the type that its key takes, where one is evident.

use crate::source::{Node, NodeValue};

/// The edit that makes `node` one of the JSON types `wanted`.
pub(super) fn mend(node: &Node, wanted: &[&str]) -> Option<String> {
    let wants = |kind: &str| wanted.contains(&kind);
    match &node.value {
        NodeValue::String(text) if is_literal(text, wanted) => {
            Some(format!("write `{text}`, without the quotes"))
        }
        NodeValue::String(text) if wants("array") => Some(format!("write `[{text:?}]`")),
        NodeValue::Integer(number) if wants("string") => Some(format!("write `\"{number}\"`")),
        NodeValue::Bool(value) if wants("string") => Some(format!("write `\"{value}\"`")),
        // How many digits a fraction was written with is not known any more: 1.30 would become 1.3.
        NodeValue::Float(_) if wants("string") => Some("put it in quotes".to_owned()),
        NodeValue::Float(number) if wants("integer") => {
            Some(format!("write `{}` or `{}`", number.floor(), number.ceil()))
        }
        NodeValue::Array(items) if items.len() == 1 && !wants("object") => {
            Some("remove the brackets".to_owned())
        }
        NodeValue::Array(_) if wants("object") => {
            Some("write a table, in which each entry has a name: `{ name = … }`".to_owned())
        }
        _ => None,
    }
}

/// Whether a text would be a value of one of the types if it were not in quotes.
fn is_literal(text: &str, wanted: &[&str]) -> bool {
    let is = |kind: &&str| match *kind {
        "integer" => text.parse::<i64>().is_ok(),
        "number" => text.parse::<f64>().is_ok_and(f64::is_finite),
        "boolean" => matches!(text, "true" | "false"),
        _ => false,
    };
    wanted.iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Layer;
    use crate::value::{Value, json};

    #[test]
    fn an_evident_edit_is_proposed_and_no_other() {
        let edit = |value: Value, wanted: &[&str]| mend(&Node::from_json(&value, &Layer::Entity), wanted);
        assert_eq!(edit(json!("3"), &["integer"]).as_deref(), Some("write `3`, without the quotes"));
        assert_eq!(edit(json!("postgres"), &["array"]).as_deref(), Some("write `[\"postgres\"]`"));
        assert_eq!(edit(json!(1), &["string"]).as_deref(), Some("write `\"1\"`"));
        assert_eq!(edit(json!(2.5), &["integer"]).as_deref(), Some("write `2` or `3`"));
        assert_eq!(edit(json!("three"), &["integer"]), None);
        assert_eq!(edit(json!({}), &["string"]), None);
    }
}
