//! What a plain scalar means: the reading of kubectl and the API server, which is YAML 1.1.
//!
//! Takes the text of a scalar without quotes; gives its JSON value. The rules are those of `resolve` in the reader
//! that `sigs.k8s.io/yaml` carries (go-yaml v2): `yes` is a boolean, `0777` is octal, `1_000` is a number, and a time is a
//! text. Keys become texts as its conversion to JSON makes them: the key `n` is `"false"`.

use std::borrow::Cow;

use crate::value::Value;

/// What a plain scalar is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    Text,
}

/// What the text of a plain scalar is.
pub(super) fn resolve(text: &str) -> Plain {
    match text.as_bytes().first() {
        None => Plain::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(b'.') => not_finite(text).or_else(|| float(text)).map_or(Plain::Text, Plain::Float),
        Some(b'0'..=b'9' | b'+' | b'-') => number(text),
        Some(_) => Plain::Text,
    }
}

/// The value of a plain scalar; `None` for infinity and what is no number, which JSON does not have.
pub(super) fn value(text: &str) -> Option<Value> {
    Some(match resolve(text) {
        Plain::Null => Value::Null,
        Plain::Bool(value) => Value::Bool(value),
        Plain::Integer(value) => Value::from(value),
        Plain::Unsigned(value) => Value::from(value),
        Plain::Float(value) => from_float(value)?,
        Plain::Text => text.into(),
    })
}

/// The key that a plain scalar becomes; `None` for null, which no key can be.
pub(super) fn key(text: &str) -> Option<Cow<'_, str>> {
    Some(match resolve(text) {
        Plain::Null => return None,
        Plain::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Plain::Integer(value) => Cow::Owned(value.to_string()),
        Plain::Unsigned(value) => Cow::Owned(value.to_string()),
        Plain::Float(value) => Cow::Owned(value.to_string()),
        Plain::Text => Cow::Borrowed(text),
    })
}

/// What YAML 1.1 reads where YAML 1.2 reads something else; `None` where they agree.
pub(super) fn differs(text: &str) -> Option<String> {
    match resolve(text) {
        Plain::Bool(value) if !matches!(text.to_ascii_lowercase().as_str(), "true" | "false") => {
            Some(format!("the boolean {value}"))
        }
        Plain::Integer(value) if text.contains('_') || is_other_base(text) => {
            Some(format!("the number {value}"))
        }
        Plain::Unsigned(value) if text.contains('_') || is_other_base(text) => {
            Some(format!("the number {value}"))
        }
        Plain::Float(value) if text.contains('_') => Some(format!("the number {value}")),
        _ => None,
    }
}

/// Whether the digits are octal or binary in YAML 1.1 alone: YAML 1.2 writes `0o17` and knows no binary.
pub(super) fn is_other_base(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let octal = digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|c| c.is_ascii_digit());
    octal || digits.starts_with("0b") || digits.starts_with("0B")
}

fn word(text: &str) -> Plain {
    match text {
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Plain::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Plain::Bool(false)
        }
        _ => Plain::Text,
    }
}

/// Infinity and what is no number.
fn not_finite(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn number(text: &str) -> Plain {
    if let Some(value) = not_finite(text) {
        return Plain::Float(value);
    }
    let plain: Cow<'_, str> =
        if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    if let Some(whole) = integer(&plain) {
        return whole;
    }
    if is_float(&plain) { float(&plain).map_or(Plain::Text, Plain::Float) } else { Plain::Text }
}

/// As Go's `ParseInt` and then `ParseUint` with base 0: the prefix says the base, and a leading zero means octal.
fn integer(text: &str) -> Option<Plain> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // Rust would take a second sign.
    if !digits.bytes().next().is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let size = u64::from_str_radix(digits, base).ok()?;
    match i64::try_from(i128::from(size) * if negative { -1 } else { 1 }) {
        Ok(value) => Some(Plain::Integer(value)),
        Err(_) if text.starts_with(|c: char| c.is_ascii_digit()) => Some(Plain::Unsigned(size)),
        Err(_) => None,
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    mantissa && exponent.is_none_or(|text| digits(text.strip_prefix(['-', '+']).unwrap_or(text)))
}

/// The number; `None` where it is too large for one, which leaves it a text.
fn float(text: &str) -> Option<f64> {
    let value = text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    text.parse().ok().filter(|number: &f64| value && number.is_finite())
}

/// Go writes a whole number without a point, and the API server then reads an integer.
fn from_float(value: f64) -> Option<Value> {
    #[allow(clippy::cast_possible_truncation, reason = "the bound is well within the integer's")]
    if value.fract() == 0.0 && value.abs() < 9.0e18 {
        return Some(Value::from(value as i64));
    }
    serde_json::Number::from_f64(value).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn values_are_those_of_kubectl() {
        for (text, expected) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("NULL", json!(null)),
            ("nULL", json!("nULL")),
            ("y", json!(true)),
            ("Off", json!(false)),
            ("oFF", json!("oFF")),
            ("0777", json!(511)),
            ("08", json!(8)),
            ("0o17", json!(15)),
            ("0x1F", json!(31)),
            ("-0b101", json!(-5)),
            ("1_000", json!(1000)),
            ("1e3", json!(1000)),
            ("1.5", json!(1.5)),
            ("+12", json!(12)),
            ("+-12", json!("+-12")),
            ("-", json!("-")),
            ("0", json!(0)),
            ("0x", json!("0x")),
            ("1.2.3", json!("1.2.3")),
            ("18446744073709551615", json!(u64::MAX)),
            ("1e999", json!("1e999")),
            ("2001-12-14", json!("2001-12-14")),
            ("12:30:45", json!("12:30:45")),
            ("100m", json!("100m")),
            ("_1", json!("_1")),
            (".5", json!(0.5)),
            (".", json!(".")),
            ("Ümlaut", json!("Ümlaut")),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        assert_eq!(value(".inf"), None);
        assert_eq!(value("-.INF"), None);
    }

    #[test]
    fn a_key_becomes_a_text() {
        for (text, expected) in [("n", "false"), ("on", "true"), ("0777", "511"), ("1.5", "1.5"), ("a", "a")]
        {
            assert_eq!(key(text).as_deref(), Some(expected));
        }
        assert_eq!(key("~"), None);
    }

    #[test]
    fn only_what_two_readers_read_apart_is_ambiguous() {
        for text in ["yes", "n", "OFF", "0777", "1_000", "0b1", "-017"] {
            assert!(differs(text).is_some(), "{text}");
        }
        for text in ["true", "False", "null", "~", "0", "08", "0o17", "0x1F", "1e3", "a_b", "12:30", ""] {
            assert_eq!(differs(text), None, "{text}");
        }
    }
}
