//! Helm templates: block YAML as [`super::yaml`] writes it, with actions of Go's template language in it.
//!
//! Whatever is not an action comes out of Helm as it went in: `{{` in a text is written as an action that prints it,
//! and no line depends on blanks at its end, which Helm cuts off at the end of a document.

use super::order::{self, Place};
use super::scalar;
use crate::layout::helm::{Document, Field, Form, Item, Piece, Template, ValuePath};
use crate::value::{Map, Text, Value};

/// How many columns a nested block moves to the right.
const STEP: usize = 2;

/// A file of templates, a document each.
pub(super) fn documents(documents: &[Document]) -> String {
    let mut out = String::new();
    for document in documents {
        open(&mut out, &document.guard);
        out.push_str("---\n");
        block(&mut out, &document.template, 0, Place::Elsewhere);
        close(&mut out, &document.guard);
    }
    out
}

/// A table, list or scalar on lines of its own, the first of them not begun.
fn block(out: &mut String, template: &Template, indent: usize, place: Place) {
    match parts(template) {
        Parts::Fields(fields) => mapping(out, &fields, indent, place),
        Parts::Items(items) => sequence(out, &items, indent),
        Parts::Leaf => {
            spaces(out, indent);
            leaf(out, template, indent);
            out.push('\n');
        }
    }
}

/// What a template is made of, whether it has holes or not.
enum Parts {
    Fields(Vec<Field>),
    Items(Vec<Item>),
    Leaf,
}

fn parts(template: &Template) -> Parts {
    match template {
        Template::Map(fields) => Parts::Fields(fields.clone()),
        Template::List(items) => Parts::Items(items.clone()),
        Template::Literal(Value::Object(map)) if !map.is_empty() => Parts::Fields(fields_of(map)),
        Template::Literal(Value::Array(items)) if !items.is_empty() => {
            let item = |value: &Value| Item { guard: Vec::new(), template: Template::Literal(value.clone()) };
            Parts::Items(items.iter().map(item).collect())
        }
        _ => Parts::Leaf,
    }
}

fn fields_of(map: &Map) -> Vec<Field> {
    let field = |(key, value): (&Text, &Value)| Field {
        key: key.to_string(),
        guard: Vec::new(),
        template: Template::Literal(value.clone()),
    };
    map.iter().map(field).collect()
}

fn mapping(out: &mut String, fields: &[Field], indent: usize, place: Place) {
    for field in sorted(fields, place) {
        open(out, &field.guard);
        spaces(out, indent);
        key(out, &field.key);
        under_key(out, &field.template, indent, order::place_under(&field.key));
        close(out, &field.guard);
    }
}

/// The fields in the order in which [`super::yaml`] writes them.
fn sorted(fields: &[Field], place: Place) -> Vec<&Field> {
    let outline: Map = fields.iter().map(|field| (field.key.clone(), outline(&field.template))).collect();
    let position: Vec<&Text> = order::sorted(&outline, place).into_iter().map(|(key, _)| key).collect();
    let mut sorted: Vec<&Field> = fields.iter().collect();
    sorted.sort_by_key(|field| position.iter().position(|key| **key == field.key));
    sorted
}

/// As much of a value as the order of keys depends on.
fn outline(template: &Template) -> Value {
    match template {
        Template::Literal(Value::String(_))
        | Template::Text(_)
        | Template::Value { form: Form::Quoted, .. } => Value::from(""),
        _ => Value::Null,
    }
}

/// A key. One that is too long for a reader is long here too: Helm charts are for names that people type.
fn key(out: &mut String, key: &str) {
    let mut text = String::new();
    scalar::inline(&mut text, key);
    out.push_str(&literal(&text));
    out.push(':');
}

fn under_key(out: &mut String, template: &Template, indent: usize, place: Place) {
    match parts(template) {
        Parts::Fields(fields) => {
            out.push('\n');
            mapping(out, &fields, indent + STEP, place);
        }
        Parts::Items(items) => {
            out.push('\n');
            sequence(out, &items, indent);
        }
        Parts::Leaf => {
            if let Template::IngressRules(path) = template {
                rules(out, path, indent);
                return;
            }
            out.push(' ');
            leaf(out, template, indent + STEP);
            out.push('\n');
        }
    }
}

fn sequence(out: &mut String, items: &[Item], indent: usize) {
    for item in items {
        open(out, &item.guard);
        let start = out.len();
        block(out, &item.template, indent + STEP, Place::Item);
        if out[start..].starts_with("{{") {
            // The first line may not be there: the dash gets one of its own.
            out.insert_str(start, &format!("{:indent$}-\n", ""));
        } else {
            // The dash takes the place of two blanks.
            out.replace_range(start + indent..start + indent + STEP, "- ");
        }
        close(out, &item.guard);
    }
}

fn leaf(out: &mut String, template: &Template, indent: usize) {
    match template {
        Template::Literal(value) => out.push_str(&literal(&scalar_text(value, indent))),
        Template::Text(pieces) => text(out, pieces),
        Template::Value { path, form } => action(out, path, *form, indent),
        Template::IngressRules(path) => action(out, path, Form::Json, indent),
        Template::Map(_) => out.push_str("{}"),
        Template::List(_) => out.push_str("[]"),
    }
}

fn scalar_text(value: &Value, indent: usize) -> String {
    let mut out = String::new();
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => scalar::number(&mut out, number),
        Value::String(text) if scalar::fits_block(text) && outlives_trimming(text) => {
            scalar::block(&mut out, text, indent);
        }
        Value::String(text) => scalar::inline(&mut out, text),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
    out
}

/// Whether a block stays what it is when Helm cuts off blanks and empty lines at the end of its document.
fn outlives_trimming(text: &str) -> bool {
    let line = text.strip_suffix('\n').unwrap_or(text);
    !line.ends_with(char::is_whitespace)
}

/// Text that Helm prints as it is.
fn literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn text(out: &mut String, pieces: &[Piece]) {
    out.push('"');
    for piece in pieces {
        match piece {
            Piece::Literal(text) => {
                let mut quoted = String::new();
                scalar::double_quoted(&mut quoted, text);
                let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                let mut inner = literal(inner.unwrap_or_default());
                // A brace before an action would be taken for a part of it.
                if inner.ends_with('{') {
                    inner.pop();
                    inner.push_str("{{ \"{\" }}");
                }
                out.push_str(&inner);
            }
            Piece::Value(path) => out.extend(["{{ ", &reference(path), " }}"]),
            Piece::Optional { before, value } => {
                out.extend(["{{ with ", &reference(value), " }}", before, "{{ . }}{{ end }}"]);
            }
        }
    }
    out.push('"');
}

fn action(out: &mut String, path: &ValuePath, form: Form, indent: usize) {
    let value = reference(path);
    let action = match form {
        Form::Quoted => format!("{{{{ {value} | quote }}}}"),
        Form::Integer => format!("{{{{ {value} | int64 }}}}"),
        Form::Boolean | Form::Raw => format!("{{{{ {value} }}}}"),
        Form::Json => format!("{{{{ {value} | toJson }}}}"),
        Form::Yaml => format!("{{{{- {value} | toYaml | nindent {indent} }}}}"),
        Form::OnlyItem => format!("{{{{ index {value} 0 | toJson }}}}"),
    };
    out.push_str(&action);
}

/// The rules of an Ingress from a list of hosts, under the key at column `indent`.
fn rules(out: &mut String, path: &ValuePath, indent: usize) {
    let lines = [
        format!("{{{{- range {} }}}}", reference(path)),
        "- host: {{ .host | quote }}".to_owned(),
        "  http:".to_owned(),
        "    paths:".to_owned(),
        "    {{- range .paths }}".to_owned(),
        "    - path: {{ .path | quote }}".to_owned(),
        "      pathType: {{ .pathType }}".to_owned(),
        "      backend:".to_owned(),
        "        service:".to_owned(),
        "          name: {{ .service | quote }}".to_owned(),
        "          port:".to_owned(),
        "            {{- if kindIs \"string\" .port }}".to_owned(),
        "            name: {{ .port | quote }}".to_owned(),
        "            {{- else }}".to_owned(),
        "            number: {{ .port | int64 }}".to_owned(),
        "            {{- end }}".to_owned(),
        "    {{- end }}".to_owned(),
        "{{- end }}".to_owned(),
    ];
    out.push('\n');
    for line in lines {
        spaces(out, indent);
        out.push_str(&line);
        out.push('\n');
    }
}

fn open(out: &mut String, guard: &[ValuePath]) {
    let values: Vec<String> = guard.iter().map(reference).collect();
    match values.as_slice() {
        [] => {}
        [one] => out.extend(["{{- if ", one, " }}\n"]),
        several => out.extend(["{{- if and ", &several.join(" "), " }}\n"]),
    }
}

fn close(out: &mut String, guard: &[ValuePath]) {
    if !guard.is_empty() {
        out.push_str("{{- end }}\n");
    }
}

/// `.Values.image.tag`, or `(index .Values "a-b" "c")` where a key is no word of the template language.
fn reference(path: &ValuePath) -> String {
    let is_word = |key: &String| {
        let mut chars = key.chars();
        chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if path.iter().all(is_word) {
        return format!(".Values.{}", path.join("."));
    }
    // JSON writes a string as Go's template language does.
    let keys: Vec<String> = path.iter().map(|key| Value::from(key.as_str()).to_string()).collect();
    format!("(index .Values {})", keys.join(" "))
}

fn spaces(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}
