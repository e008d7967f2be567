//! The structure of a document: block mappings and block sequences, indented the way kubectl prints them.
//!
//! A sequence under a key stands at the column of the key. Nothing is ever written in flow style but the empty
//! `{}` and `[]`; there are no anchors, tags or directives.

use super::order::{self, Place};
use super::scalar;
use crate::value::{Map, Value};

/// How many columns a nested block moves to the right.
const STEP: usize = 2;

/// A key longer than this is written after `?`: readers give up on a plain key after 1024 characters
/// (YAML 1.2.2, section 7.4.3; libyaml counts the same).
const LONGEST_SIMPLE_KEY: usize = 1000;

/// One document, ending in a newline.
pub(super) fn document(value: &Value) -> String {
    let mut out = String::with_capacity(1024);
    match value {
        Value::Object(map) if !map.is_empty() => mapping(&mut out, map, 0, Place::Elsewhere),
        Value::Array(items) if !items.is_empty() => sequence(&mut out, items, 0),
        // At the top there is no parent to indent a block scalar against.
        Value::String(text) => {
            scalar::inline(&mut out, text);
            out.push('\n');
        }
        other => {
            leaf(&mut out, other, STEP);
            out.push('\n');
        }
    }
    out
}

/// The entries of `map`, the cursor being at column `indent` of the first line already.
fn mapping(out: &mut String, map: &Map, indent: usize, place: Place) {
    for (at, (key, value)) in order::sorted(map, place).into_iter().enumerate() {
        if at > 0 {
            spaces(out, indent);
        }
        let start = out.len();
        scalar::inline(out, key);
        if out.len() - start > LONGEST_SIMPLE_KEY {
            out.insert_str(start, "? ");
            out.push('\n');
            spaces(out, indent);
        }
        out.push(':');
        under_key(out, value, indent, order::place_under(key));
    }
}

/// What follows the colon of a key at column `indent`.
fn under_key(out: &mut String, value: &Value, indent: usize, place: Place) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            spaces(out, indent + STEP);
            mapping(out, map, indent + STEP, place);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            spaces(out, indent);
            sequence(out, items, indent);
        }
        other => {
            out.push(' ');
            leaf(out, other, indent + STEP);
            out.push('\n');
        }
    }
}

/// The items of a sequence, the cursor being at column `indent` of the first line already.
fn sequence(out: &mut String, items: &[Value], indent: usize) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            spaces(out, indent);
        }
        out.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => mapping(out, map, indent + STEP, Place::Item),
            Value::Array(inner) if !inner.is_empty() => sequence(out, inner, indent + STEP),
            other => {
                leaf(out, other, indent + STEP);
                out.push('\n');
            }
        }
    }
}

/// A value without entries, without the newline after it. A block scalar puts its lines at column `indent`.
fn leaf(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => scalar::number(out, number),
        Value::String(text) if scalar::fits_block(text) => scalar::block(out, text, indent),
        Value::String(text) => scalar::inline(out, text),
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
    }
}

fn spaces(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn a_document_is_indented_as_kubectl_does() {
        let value = json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "api", "labels": {}},
            "spec": {"ports": [{"port": 80, "name": "http"}], "externalIPs": [], "x": [[1, 2], [], [{"b": 1, "a": null}]]},
            "script": "a\nb\n",
            "items": ["a\nb", {}, "on"],
        });
        let wanted = "\
apiVersion: v1
kind: Service
metadata:
  name: api
  labels: {}
items:
- |-
  a
  b
- {}
- \"on\"
script: |
  a
  b
spec:
  externalIPs: []
  ports:
  - name: http
    port: 80
  x:
  - - 1
    - 2
  - []
  - - a: null
      b: 1
";
        assert_eq!(document(&value), wanted);
    }

    #[test]
    fn a_key_too_long_for_a_reader_is_written_out() {
        let long = "x".repeat(1100);
        let mut map = Map::new();
        map.insert(long.clone(), json!({"a": [1]}));
        let wanted = format!("? {long}\n:\n  a:\n  - 1\n");
        assert_eq!(document(&Value::Object(map)), wanted);
    }

    #[test]
    fn a_document_may_be_anything() {
        for (value, wanted) in [
            (json!({}), "{}\n"),
            (json!([]), "[]\n"),
            (json!(null), "null\n"),
            (json!("a\nb\n"), "\"a\\nb\\n\"\n"),
            (json!(["a"]), "- a\n"),
        ] {
            assert_eq!(document(&value), wanted);
        }
    }

    /// The strings that readers of YAML are known to misread, in every place where a string can stand.
    #[test]
    fn a_reader_of_yaml_1_2_gets_every_awkward_string_back() {
        let strings: Vec<String> =
            serde_json::from_str(include_str!("../../tests/suite/awkward_strings.json"))
                .expect("the list is JSON");
        for text in &strings {
            let mut value = json!({"value": text, "list": [text, [text], {"name": text}], "z": {"a": text}});
            value["key"] = json!({text: text, "after": [{text: {text: [text]}}]});
            let yaml = document(&value);
            let read: Value =
                serde_saphyr::from_str(&yaml).unwrap_or_else(|e| panic!("{text:?}: {e}\n{yaml}"));
            assert_eq!(read, value, "{yaml}");
        }
    }
}
