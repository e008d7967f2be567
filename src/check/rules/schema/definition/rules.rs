//! What stands beside the expression of a rule: its message, its reason and the field that it is about.

use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

const REASONS: [&str; 4] =
    ["FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate"];

/// Reads the rules of one schema, which stands at `at`.
pub(super) fn check(schema: &Value, at: &KeyPath, flaws: &mut Flaws) {
    for (index, rule) in schema.items("x-kubernetes-validations").iter().enumerate() {
        let at = at.key("x-kubernetes-validations").index(index);
        let mut add = |key: &str, message: String| flaws.push((at.key(key), message));
        if let Some((key, message)) = text_problem(rule) {
            add(key, message.to_owned());
        }
        if rule.text("messageExpression").is_some_and(|it| !it.is_empty() && it.trim().is_empty()) {
            add("messageExpression", "the expression of the message is blank".to_owned());
        }
        if let Some(path) = rule.text("fieldPath").filter(|path| !path.is_empty())
            && (has_lines(path) || !leads_somewhere(schema, path))
        {
            add("fieldPath", format!("`{path}` leads to no field of the schema"));
        }
        if let Some(reason) = rule.text("reason").filter(|it| !REASONS.contains(it)) {
            add("reason", format!("`{reason}` is none of {}", REASONS.join(", ")));
        }
    }
}

/// The first thing that is wrong with the text of a rule and with what it says.
fn text_problem(rule: &Value) -> Option<(&'static str, &'static str)> {
    let text = rule.text("rule")?.trim();
    let message = rule.text_or_empty("message");
    match message.trim() {
        _ if text.is_empty() => Some(("rule", "the rule is empty")),
        "" if !message.is_empty() => Some(("message", "the message is blank")),
        said if has_lines(said) => Some(("message", "the message has more than one line")),
        "" if has_lines(text) => Some(("message", "a rule of more than one line has a message")),
        _ => None,
    }
}

fn has_lines(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

/// Whether a path such as `.spec.items['a.b']` leads to a field, as `ValidFieldPath` of
/// k8s.io/apiextensions-apiserver reads it.
fn leads_somewhere(schema: &Value, path: &str) -> bool {
    let (mut schema, mut rest) = (Some(schema), path);
    while !rest.is_empty() {
        let Some((name, after)) = step(rest) else { return false };
        // What a map of anything holds is not known.
        let Some(above) = schema else { return true };
        let fields = above.child("properties").filter(|it| it.is_object());
        schema = match (fields, above.child("additionalProperties")) {
            (Some(fields), _) => match fields.child(&name) {
                Some(field) => Some(field),
                None => return false,
            },
            (None, Some(each)) => Some(each).filter(|it| it.is_object()),
            (None, None) => return false,
        };
        rest = after;
    }
    true
}

/// The first field that a path names, and what follows.
fn step(path: &str) -> Option<(String, &str)> {
    if let Some(rest) = path.strip_prefix('.') {
        let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
        return (end > 0).then(|| (rest[..end].to_owned(), &rest[end..]));
    }
    let rest = path.strip_prefix("['")?;
    let (mut name, mut escaped) = (String::new(), false);
    for (at, c) in rest.char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            '\'' if !escaped => return Some((name, rest[at + 1..].strip_prefix(']')?)),
            _ => {
                name.push(c);
                escaped = false;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::value::json;

    use super::*;

    #[test]
    fn a_path_leads_to_a_field() {
        let schema = json!({ "type": "object", "properties": {
            "a": { "type": "object", "properties": { "b.c": { "type": "string" }, "d'e": { "type": "string" } } },
            "map": { "type": "object", "additionalProperties": { "type": "object", "properties": { "x": {} } } },
        } });
        for good in [".a", ".a['b.c']", "['a']", ".map.any.x", ".map['any'].x", ".a['d\\'e']"] {
            assert!(leads_somewhere(&schema, good), "{good}");
        }
        for bad in ["a", ".b", ".a.", ".a[b]", ".a['b.c'", ".a.b.c", ".map.any.y", ".a['b.c'].d", "[0]", " "]
        {
            assert!(!leads_somewhere(&schema, bad), "{bad}");
        }
    }
}
