//! The types of `platform.toml` as the text that a person would write: short forms, one table an entity, the parts of it on
//! lines of their own where they are long.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::spec::{self, shorthand};

/// The nouns in the order in which people read them; the others follow by name.
const ORDER: [&str; 14] = [
    "include",
    "group",
    "platform",
    "parity",
    "vars",
    "groups",
    "namespaces",
    "defaults",
    "ingress",
    "databases",
    "workloads",
    "volumes",
    "configs",
    "secrets",
];
/// Keys of an entity that come first.
const FIRST: [&str; 21] = [
    "enabled",
    "group",
    "namespace",
    "name",
    "description",
    "external",
    "kind",
    "engine",
    "version",
    "image",
    "ports",
    "uses",
    "command",
    "args",
    "secret",
    "size",
    "user",
    "http",
    "exec",
    "cpu",
    "port",
];
/// A line that is longer is broken into a table.
const WIDTH: usize = 110;

/// The text of a platform, or of a file that one includes.
#[must_use]
pub fn write(file: &spec::File) -> String {
    // What is typed serialises: its keys are strings.
    let mut value = serde_json::to_value(file).unwrap_or_default();
    without_nulls(&mut value);
    shorthand::collapse(&spec::canonical(), &mut value);
    let mut text = String::new();
    if let Value::Object(root) = value {
        table(&mut text, &[], &root);
    }
    text
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

/// Writes the fields of a table, those on one line first, and then the tables in it.
fn table(text: &mut String, path: &[&str], fields: &Map<String, Value>) {
    let order: &[&str] = if path.is_empty() { &ORDER } else { &FIRST };
    let lines: Vec<(&String, Option<String>)> =
        sorted(fields, order).into_iter().map(|key| (key, line(path, key, &fields[key]))).collect();
    let has_lines = lines.iter().any(|(_, line)| line.is_some());
    let is_entity = path.len() == 2 || !fields.values().any(Value::is_object);
    if !path.is_empty() && (has_lines || is_entity) {
        if !text.is_empty() && path.len() <= 2 {
            text.push('\n');
        }
        let path: Vec<String> = path.iter().map(|key| bare(key)).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "[{}]", path.join("."));
    }
    for line in lines.iter().filter_map(|(_, line)| line.as_ref()) {
        text.push_str(line);
    }
    for (key, line) in lines {
        if let (None, Value::Object(inner)) = (line, &fields[key]) {
            let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
            table(text, &path, inner);
        }
    }
}

/// The keys of a table: those of `order` first.
fn sorted<'a>(fields: &'a Map<String, Value>, order: &[&str]) -> Vec<&'a String> {
    let rank = |key: &str| order.iter().position(|known| *known == key).unwrap_or(order.len());
    let mut keys: Vec<&String> = fields.keys().collect();
    keys.sort_by_key(|key| (rank(key), *key));
    keys
}

/// The field on one line, unless it is a table that deserves a heading.
fn line(path: &[&str], key: &str, value: &Value) -> Option<String> {
    let heads = value.is_object() && path.len() < 2 && path != ["platform"];
    let line = format!("{} = {}\n", bare(key), inline(value));
    let long = value.is_object() && (line.len() > WIDTH || line.trim_end().contains('\n'));
    (!heads && !long).then_some(line)
}

fn inline(value: &Value) -> String {
    match value {
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let keys = sorted(fields, &FIRST).into_iter();
            let fields = keys.map(|key| format!("{} = {}", bare(key), inline(&fields[key])));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let words: Vec<String> = items.iter().map(inline).collect();
            let line = format!("[{}]", words.join(", "));
            if line.len() > WIDTH && items.len() > 1 {
                format!("[\n    {},\n]", words.join(",\n    "))
            } else {
                line
            }
        }
        Value::String(text) => string(text),
        other => other.to_string(),
    }
}

/// A text in the form that is read best: literally where it has quotes, on several lines where it has them.
fn string(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !key.is_empty() && key.chars().all(plain) {
        key.to_owned()
    } else {
        format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
