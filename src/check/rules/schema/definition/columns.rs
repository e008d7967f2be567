//! Columns of `kubectl get`, and fields by which objects can be selected.

use std::collections::BTreeSet;

use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

const TYPES: [&str; 5] = ["integer", "number", "string", "boolean", "date"];
const FORMATS: [&str; 8] = ["int32", "int64", "float", "double", "byte", "date", "date-time", "password"];

pub(in crate::check::rules::schema) fn check(version: &Value, at: &KeyPath, flaws: &mut Flaws) {
    for (index, column) in version.items("additionalPrinterColumns").iter().enumerate() {
        check_column(column, &at.key("additionalPrinterColumns").index(index), flaws);
    }
    let fields = version.items("selectableFields");
    let list = at.key("selectableFields");
    if fields.len() > 8 {
        flaws.push((list.clone(), "at most 8 fields can be selected by".to_owned()));
    }
    let mut seen = BTreeSet::new();
    for (index, path) in
        fields.iter().enumerate().filter_map(|(index, it)| Some((index, it.text("jsonPath")?)))
    {
        let at = list.index(index).key("jsonPath");
        if let Some(problem) = selectable(version, path) {
            flaws.push((at.clone(), format!("`{path}` {problem}")));
        }
        if !seen.insert(path) {
            flaws.push((at, format!("`{path}` is there twice")));
        }
    }
}

fn check_column(column: &Value, at: &KeyPath, flaws: &mut Flaws) {
    let text = |key: &str| column.text_or_empty(key);
    if column.text("name") == Some("") {
        flaws.push((at.key("name"), "a column has a name".to_owned()));
    }
    if column.get("type").is_some() && !TYPES.contains(&text("type")) {
        flaws.push((at.key("type"), format!("the type of a column is one of {}", TYPES.join(", "))));
    }
    if !text("format").is_empty() && !FORMATS.contains(&text("format")) {
        flaws.push((at.key("format"), format!("the format of a column is one of {}", FORMATS.join(", "))));
    }
    let Some(path) = column.text("jsonPath") else { return };
    if path.is_empty() {
        flaws.push((at.key("jsonPath"), "a column has a path".to_owned()));
    } else if !is_json_path(path) {
        flaws.push((at.key("jsonPath"), format!("`{path}` is no JSON path: write it as `.spec.replicas`")));
    }
}

/// Whether quotes and parentheses close and the path begins as one, as far as can be told without evaluating it.
fn is_json_path(path: &str) -> bool {
    let (mut open, mut quote) = (Vec::new(), None);
    for c in path.chars() {
        match (quote, c) {
            (Some(own), c) if own == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '{') => open.push(c),
            (None, ')') if open.pop() != Some('(') => return false,
            (None, '}') if open.pop() != Some('{') => return false,
            _ => {}
        }
    }
    quote.is_none() && open.is_empty() && path.starts_with(['.', '$', '[', '@'])
}

/// What keeps a path from being one to select by: a plain path to a text, number or boolean of the schema.
fn selectable(version: &Value, path: &str) -> Option<&'static str> {
    let Some(rest) = path.strip_prefix('.') else {
        return Some("is no plain path: write it as `.spec.color`");
    };
    if rest.starts_with("metadata.") || rest == "metadata" {
        return Some("lies in the metadata, by whose fields objects cannot be selected");
    }
    if rest.contains(['[', ']', '*', '\'', '"']) || rest.split('.').any(str::is_empty) {
        return Some("is no plain path: write it as `.spec.color`");
    }
    let mut schema = version.below(&["schema", "openAPIV3Schema"])?;
    for name in rest.split('.') {
        match schema.below(&["properties", name]) {
            Some(inner) => schema = inner,
            None => return Some("is not a field of the schema"),
        }
    }
    let is_scalar = ["string", "boolean", "integer"].contains(&schema.text_or_empty("type"));
    (!is_scalar).then_some("is neither a text nor an integer nor a boolean")
}
