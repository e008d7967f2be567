//! Values as text: `'%s has %d'.format([…])` and `strings.quote`.
//!
//! After `ext/formatting.go` of cel-go, in the version that Kubernetes takes and with its English numbers.

use std::fmt::Write as _;

use super::{number, wrong};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::functions::time;
use crate::check::cel::value::{Failure, Value};

/// The decimal places of `%f` where it says none.
const PLACES: usize = 6;

/// The most decimal places that are written.
const MOST_PLACES: usize = 100;

pub(super) fn format<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text), list] = values else { return None };
    let mut items = list.items()?.into_iter();
    let (mut made, mut rest) = (String::new(), text.as_ref());
    while let Some(at) = rest.find('%') {
        made.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            made.push('%');
            rest = after;
            continue;
        }
        let Some(item) = items.next() else { return wrong("there are fewer values than verbs") };
        let (places, after) = places(rest);
        let Some(verb) = after.chars().next() else { return wrong("a verb is missing after `%`") };
        match clause(verb, places, &item) {
            Ok(text) => made.push_str(&text),
            Err(failure) => return Some(Err(failure)),
        }
        rest = &after[verb.len_utf8()..];
    }
    made.push_str(rest);
    Some(Ok(Value::text(made)))
}

/// The decimal places that stand before a verb, and what follows.
fn places(text: &str) -> (Option<usize>, &str) {
    let Some(rest) = text.strip_prefix('.') else { return (None, text) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (rest[..end].parse().ok(), &rest[end..])
}

fn clause(verb: char, places: Option<usize>, item: &Value<'_>) -> Result<String, Failure> {
    let odd = || Failure::Wrong(format!("`%{verb}` does not take {}", item.type_name()));
    match (verb, item) {
        ('s', _) => shown(item).ok_or_else(odd),
        ('d', Value::Int(it)) => Ok(it.to_string()),
        ('d', Value::Uint(it)) => Ok(it.to_string()),
        ('f', Value::Double(it)) => fixed(*it, places.unwrap_or(PLACES)),
        ('b', Value::Bool(it)) => Ok(u8::from(*it).to_string()),
        ('x' | 'X', Value::Text(text)) => Ok(hexadecimal(text.as_bytes(), verb)),
        ('x' | 'X', Value::Bytes(bytes)) => Ok(hexadecimal(bytes, verb)),
        ('b' | 'o' | 'x' | 'X', Value::Int(it)) => {
            let digits = based(it.unsigned_abs(), verb);
            Ok(if *it < 0 { format!("-{digits}") } else { digits })
        }
        ('b' | 'o' | 'x' | 'X', Value::Uint(it)) => Ok(based(*it, verb)),
        // Powers of ten are written with signs of their own there.
        ('e' | 'f', _) => Err(Failure::Beyond("this verb of `format` for such a value".to_owned())),
        ('d' | 'b' | 'o' | 'x' | 'X', _) => Err(odd()),
        _ => Err(Failure::Wrong(format!("`format` has no verb `%{verb}`"))),
    }
}

fn based(number: u64, verb: char) -> String {
    match verb {
        'b' => format!("{number:b}"),
        'o' => format!("{number:o}"),
        'x' => format!("{number:x}"),
        _ => format!("{number:X}"),
    }
}

fn hexadecimal(bytes: &[u8], verb: char) -> String {
    let mut made = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let written = if verb == 'x' { write!(made, "{byte:02x}") } else { write!(made, "{byte:02X}") };
        debug_assert!(written.is_ok(), "writing to a text does not fail");
    }
    made
}

/// A number with thousands apart, as English writes it.
fn fixed(number: f64, places: usize) -> Result<String, Failure> {
    if !number.is_finite() || places > MOST_PLACES {
        return Err(Failure::Beyond("such a number in `format`".to_owned()));
    }
    let text = format!("{:.places$}", number.abs());
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
    let mut made = String::new();
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            made.push(',');
        }
        made.push(digit);
    }
    if let Some(fraction) = fraction {
        made.push('.');
        made.push_str(fraction);
    }
    Ok(if number.is_sign_negative() { format!("-{made}") } else { made })
}

/// A value as `%s` writes it; `None` for what it does not take.
fn shown(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Null => Some("null".to_owned()),
        Value::Type(name) => Some((*name).to_owned()),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok(),
        Value::Ip(_) | Value::Cidr(..) => None,
        other if other.items().is_some() || other.entries().is_some() => within(other),
        other => number::written(other),
    }
}

/// A value as it stands within a list or map that is written: texts in quotes.
fn within(value: &Value<'_>) -> Option<String> {
    if let Some(items) = value.items() {
        let items: Option<Vec<String>> = items.iter().map(within).collect();
        return Some(format!("[{}]", items?.join(", ")));
    }
    if let Some(entries) = value.entries() {
        let pair =
            |(key, value): &(Value<'_>, Value<'_>)| Some(format!("{}:{}", within(key)?, within(value)?));
        let mut pairs = entries.iter().map(pair).collect::<Option<Vec<String>>>()?;
        pairs.sort();
        return Some(format!("{{{}}}", pairs.join(", ")));
    }
    match value {
        Value::Text(text) => Some(quoted(text)),
        Value::Bytes(bytes) => std::str::from_utf8(bytes).ok().map(|text| format!("b{}", quoted(text))),
        Value::Double(it) => Some(format!("{it:.PLACES$}")),
        Value::Time(nanos) => Some(format!("timestamp({})", quoted(&time::written_time(*nanos)))),
        Value::Duration(nanos) => Some(format!("duration({})", quoted(&time::written_duration(*nanos)))),
        other => shown(other),
    }
}

/// `strings.quote`: a text that CEL reads back.
pub(super) fn quote<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    Some(Ok(Value::text(quoted(text))))
}

fn quoted(text: &str) -> String {
    let mut made = String::with_capacity(text.len() + 2);
    made.push('"');
    for c in text.chars() {
        match c {
            '\u{7}' => made.push_str("\\a"),
            '\u{8}' => made.push_str("\\b"),
            '\u{c}' => made.push_str("\\f"),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            '\u{b}' => made.push_str("\\v"),
            '\\' => made.push_str("\\\\"),
            '"' => made.push_str("\\\""),
            other => made.push(other),
        }
    }
    made.push('"');
    made
}
