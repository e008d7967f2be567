//! How a value that differs is carried through Helm without a loss, and what its schema is.
//!
//! Helm 3 reads every number of a values file as a float, merges tables of two files key by key, and takes a null for
//! a removal (`helm.sh/docs/chart_template_guide/values_files`). What that would change is carried in another form.

use super::template::Form;
use crate::value::{Map, Value, json};

/// Whole numbers beyond this are no longer exact as floats.
const EXACT: u64 = 1 << 53;

/// A value, ready for a values file, with its form and schema.
pub(super) struct Carried {
    /// What it is in each variant.
    pub each: Vec<Option<Value>>,
    /// How it gets into the text.
    pub form: Form,
    /// What it may be.
    pub schema: Value,
}

/// Carries values that are given as a whole.
pub(super) fn carry(each: &[Option<Value>]) -> Carried {
    let present: Vec<&Value> = each.iter().flatten().collect();
    let all = |test: fn(&Value) -> bool| present.iter().all(|value| test(value));
    if all(Value::is_string) {
        return plain(each, Form::Quoted, json!({"type": "string"}));
    }
    if all(Value::is_boolean) {
        return plain(each, Form::Boolean, json!({"type": "boolean"}));
    }
    if !all(is_exact) {
        return as_text(each);
    }
    if all(is_whole) {
        return plain(each, Form::Integer, json!({"type": "integer"}));
    }
    if all(Value::is_array) {
        let form = if all(reads_well) { Form::Yaml } else { Form::Json };
        return plain(each, form, json!({"type": "array", "items": items(&present)}));
    }
    if all(Value::is_object) && is_mergeable(each) {
        let form = if all(reads_well) { Form::Yaml } else { Form::Json };
        return plain(each, form, json!({"type": "object", "additionalProperties": members(&present)}));
    }
    if present.iter().any(|value| value.is_object() || value.is_null()) {
        let wrapped = each.iter().map(|value| value.as_ref().map(|value| json!([value]))).collect();
        let schema = json!({"type": "array", "minItems": 1, "maxItems": 1});
        return Carried { each: wrapped, form: Form::OnlyItem, schema };
    }
    plain(each, Form::Json, json!({"type": types(&present)}))
}

fn plain(each: &[Option<Value>], form: Form, schema: Value) -> Carried {
    Carried { each: each.to_vec(), form, schema }
}

fn as_text(each: &[Option<Value>]) -> Carried {
    let whole = each.iter().flatten().all(|value| value.is_i64() || value.is_u64());
    let schema =
        if whole { json!({"type": "string", "pattern": "^-?[0-9]+$"}) } else { json!({"type": "string"}) };
    let texts = each.iter().map(|value| value.as_ref().map(|value| Value::from(escaped(&value.to_string()))));
    Carried { each: texts.collect(), form: Form::Raw, schema }
}

/// JSON in which every character stands that YAML allows to stand for itself.
fn escaped(json: &str) -> String {
    let escape = |c: char| match u32::from(c) {
        code @ (0x7F..=0x9F | 0x2028 | 0x2029 | 0xFEFF | 0xFFFE | 0xFFFF) => format!("\\u{code:04x}"),
        _ => c.to_string(),
    };
    json.chars().map(escape).collect()
}

/// Whether every part of a value survives a float and Go's JSON.
fn is_exact(value: &Value) -> bool {
    match value {
        Value::Number(number) => number
            .as_i64()
            .map(i64::unsigned_abs)
            .or_else(|| number.as_u64())
            .is_none_or(|whole| whole <= EXACT),
        Value::String(text) => stands_for_itself(text),
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(fields) => fields.iter().all(|(key, value)| stands_for_itself(key) && is_exact(value)),
        Value::Null | Value::Bool(_) => true,
    }
}

fn stands_for_itself(text: &str) -> bool {
    !text.contains(|c| matches!(u32::from(c), 0x7F..=0x9F | 0xFEFF | 0xFFFE | 0xFFFF))
}

fn is_whole(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

/// Whether Go writes a list or table as block YAML that every reader reads alike: all texts of one line, and ASCII.
fn reads_well(value: &Value) -> bool {
    match value {
        Value::String(text) => text.chars().all(|c| (' '..='~').contains(&c)),
        Value::Number(number) => !number.is_f64(),
        Value::Array(items) => items.iter().all(reads_well),
        Value::Object(fields) => {
            let short =
                |key: &str| key != "<<" && key.len() < 100 && key.chars().all(|c| (' '..='~').contains(&c));
            fields.iter().all(|(key, value)| short(key) && reads_well(value))
        }
        Value::Null | Value::Bool(_) => true,
    }
}

/// Whether laying the table of any variant over that of the base gives the former: the base has no key that it lacks.
pub(super) fn is_mergeable(each: &[Option<Value>]) -> bool {
    let Some(base) = each.iter().flatten().next() else { return true };
    let no_nulls = each.iter().flatten().all(has_no_null);
    no_nulls && each.iter().flatten().all(|value| lies_over(base, value))
}

fn lies_over(base: &Value, over: &Value) -> bool {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            base.iter().all(|(key, value)| over.get(key).is_some_and(|over| lies_over(value, over)))
        }
        // A table in the place of something else, or the other way round, makes Helm warn and stumble.
        (base, over) => !base.is_object() && !over.is_object(),
    }
}

fn has_no_null(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Object(fields) => fields.values().all(has_no_null),
        _ => true,
    }
}

/// The schema of the elements of lists.
fn items(lists: &[&Value]) -> Value {
    let items: Vec<&Value> = lists.iter().filter_map(|list| list.as_array()).flatten().collect();
    if items.is_empty() { json!({}) } else { json!({"type": types(&items)}) }
}

/// The schema of the members of tables.
fn members(tables: &[&Value]) -> Value {
    let members: Vec<&Value> =
        tables.iter().filter_map(|table| table.as_object()).flat_map(Map::values).collect();
    if members.is_empty() { json!({}) } else { json!({"type": types(&members)}) }
}

/// The one type of all values, or the list of their types.
fn types(values: &[&Value]) -> Value {
    let mut types: Vec<&str> = values.iter().map(|value| value.type_name()).collect();
    types.sort_unstable();
    types.dedup();
    // A whole number is a number.
    if types.contains(&"number") {
        types.retain(|name| *name != "integer");
    }
    match types.as_slice() {
        [one] => json!(one),
        types => json!(types),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(values: &[Value]) -> (Form, Vec<Value>) {
        let each: Vec<Option<Value>> = values.iter().cloned().map(Some).collect();
        let carried = carry(&each);
        (carried.form, carried.each.into_iter().flatten().collect())
    }

    #[test]
    fn a_value_is_carried_in_the_plainest_form_that_loses_nothing() {
        let forms = |values: &[Value]| carried(values).0;
        assert_eq!(forms(&[json!("a"), json!("")]), Form::Quoted);
        assert_eq!(forms(&[json!(1), json!(1_000_000)]), Form::Integer);
        assert_eq!(forms(&[json!(1), json!(0.5)]), Form::Json);
        assert_eq!(forms(&[json!(80), json!("http")]), Form::Json);
        assert_eq!(forms(&[json!(["a"]), json!([])]), Form::Yaml);
        assert_eq!(forms(&[json!(["a\nb"]), json!([])]), Form::Json);
        assert_eq!(forms(&[json!({"a": 1}), json!({"a": 2, "b": 3})]), Form::Yaml);
    }

    #[test]
    fn what_helm_would_merge_is_the_only_element_of_a_list() {
        assert_eq!(
            carried(&[json!({"a": 1}), json!({"b": 3})]),
            (Form::OnlyItem, vec![json!([{"a": 1}]), json!([{"b": 3}])])
        );
        assert_eq!(carried(&[json!(null), json!(1)]).0, Form::OnlyItem);
    }

    #[test]
    fn what_a_float_cannot_hold_is_a_text() {
        let (form, each) = carried(&[json!(u64::MAX), json!([i64::MIN, "\u{85}"])]);
        assert_eq!(form, Form::Raw);
        assert_eq!(each, [json!("18446744073709551615"), json!("[-9223372036854775808,\"\\u0085\"]")]);
    }
}
