//! How long a value is to a reader: the lines that it takes as block YAML.
//!
//! The measure decides between forms of a patch that are equally exact, so it need not match the writer to the line.

use crate::value::Value;

/// The lines of `value` as a document or as the block below its key.
pub(super) fn lines(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(entry_lines).sum::<usize>().max(1),
        Value::Array(items) => items.iter().map(lines).sum::<usize>().max(1),
        Value::String(text) => text.lines().count().max(1),
        _ => 1,
    }
}

/// The lines of one `key: value`.
fn entry_lines(value: &Value) -> usize {
    let nested = match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => text.lines().count() > 1,
        _ => false,
    };
    lines(value) + usize::from(nested)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn lines_are_those_of_block_yaml() {
        let value =
            json!({"a": 1, "b": {"c": [], "d": "x"}, "e": [{"f": 1, "g": 2}, "h"], "i": "two\nlines\n"});
        assert_eq!(lines(&value), 11);
    }
}
