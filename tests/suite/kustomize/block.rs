//! A small writer of block YAML for tests: strings plain where that is safe, in quotes or a literal block elsewhere,
//! since kustomize carries the style of one file into values of another.

use bayplan::value::Value;

/// `value` as one document.
pub(crate) fn document(value: &Value) -> String {
    let mut text = block(value, 0);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[expect(clippy::format_collect, reason = "a test writes little, and this reads best")]
fn block(value: &Value, indent: usize) -> String {
    match value {
        Value::Object(map) if !map.is_empty() => map
            .iter()
            .map(|(key, value)| format!("{}{}:{}", pad(indent), scalar(key), below(value, indent, 2)))
            .collect(),
        Value::Array(items) if !items.is_empty() => items.iter().map(|item| element(item, indent)).collect(),
        Value::String(text) if is_literal(text) => literal(text, indent),
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// What follows `key:`; a list stands as deep as its key.
fn below(value: &Value, indent: usize, step: usize) -> String {
    match value {
        Value::Object(map) if !map.is_empty() => format!("\n{}", block(value, indent + step)),
        Value::Array(items) if !items.is_empty() => format!("\n{}", block(value, indent)),
        Value::String(text) if is_literal(text) => format!(" {}", literal(text, indent + step)),
        _ => format!(" {}\n", block(value, 0)),
    }
}

fn element(item: &Value, indent: usize) -> String {
    match item {
        Value::Object(map) if !map.is_empty() => {
            let text = block(item, indent + 2);
            format!("{}- {}", pad(indent), &text[indent + 2..])
        }
        Value::Array(items) if !items.is_empty() => format!("{}-\n{}", pad(indent), block(item, indent + 2)),
        Value::String(text) if is_literal(text) => format!("{}- {}", pad(indent), literal(text, indent + 2)),
        _ => format!("{}- {}\n", pad(indent), block(item, 0)),
    }
}

fn literal(text: &str, indent: usize) -> String {
    let line =
        |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{}{line}\n", pad(indent)) };
    format!("|\n{}", text.lines().map(line).collect::<String>())
}

fn is_literal(text: &str) -> bool {
    let sound = |c: char| c == '\n' || (' '..='~').contains(&c);
    text.ends_with('\n')
        && !text.ends_with("\n\n")
        && !text.starts_with([' ', '\n'])
        && text.chars().all(sound)
}

fn scalar(text: &str) -> String {
    let word = text.to_ascii_lowercase();
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&word.as_str());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./ $".contains(c);
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$' || c == '/');
    if starts && !reserved && !text.ends_with(' ') && text.chars().all(plain) {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}

fn pad(indent: usize) -> String {
    " ".repeat(indent)
}
