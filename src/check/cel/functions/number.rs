//! Conversions between types, and the size of things.

use super::{count, wrong};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::functions::time;
use crate::check::cel::value::Value;

pub(super) fn size<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [value] = values else { return None };
    count(value.size()?)
}

pub(super) fn dyn_<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [value] = values else { return None };
    Some(Ok(value.clone()))
}

pub(super) fn type_of<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [value] = values else { return None };
    Some(Ok(Value::Type(value.type_name())))
}

pub(super) fn bool<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    Some(Ok(Value::Bool(match values {
        [Value::Bool(it)] => *it,
        [Value::Text(text)] => match text.as_ref() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
            "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
            _ => return wrong(format!("`{text}` is no boolean")),
        },
        _ => return None,
    })))
}

pub(super) fn bytes<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [bytes @ Value::Bytes(_)] => Some(Ok(bytes.clone())),
        [Value::Text(text)] => Some(Ok(Value::Bytes(text.as_bytes().into()))),
        _ => None,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the bounds make it exact")]
pub(super) fn int<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let made = match values {
        [Value::Int(it)] => Some(*it),
        [Value::Uint(it)] => i64::try_from(*it).ok(),
        [Value::Double(it)] => (it.abs() < 9.223_372_036_854_775e18).then_some(*it as i64),
        [Value::Text(text)] => text.parse().ok(),
        [Value::Time(nanos)] => i64::try_from(nanos.div_euclid(time::SECOND)).ok(),
        [Value::Duration(nanos)] => i64::try_from(*nanos).ok(),
        _ => return None,
    };
    made.map_or_else(|| wrong("it does not fit into an integer"), |it| Some(Ok(Value::Int(it))))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds make it exact")]
pub(super) fn uint<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let made = match values {
        [Value::Uint(it)] => Some(*it),
        [Value::Int(it)] => u64::try_from(*it).ok(),
        [Value::Double(it)] => (*it >= 0.0 && *it < 1.844_674_407_370_955e19).then_some(*it as u64),
        [Value::Text(text)] => text.parse().ok(),
        _ => return None,
    };
    made.map_or_else(|| wrong("it does not fit into an unsigned integer"), |it| Some(Ok(Value::Uint(it))))
}

pub(super) fn double<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [Value::Text(text)] => match text.parse() {
            Ok(number) => Some(Ok(Value::Double(number))),
            Err(_) => wrong(format!("`{text}` is no number")),
        },
        [value] => value.as_double().map(|it| Ok(Value::Double(it))),
        _ => None,
    }
}

pub(super) fn string<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [value] = values else { return None };
    if let Value::Bytes(bytes) = value {
        return match String::from_utf8(bytes.to_vec()) {
            Ok(text) => Some(Ok(Value::text(text))),
            Err(_) => wrong("the bytes are no UTF-8"),
        };
    }
    written(value).map(|text| Ok(Value::text(text)))
}

/// A scalar as text.
pub(super) fn written(value: &Value<'_>) -> Option<String> {
    Some(match value {
        Value::Text(text) => text.clone().into_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Uint(it) => it.to_string(),
        Value::Double(it) => written_double(*it),
        Value::Duration(nanos) => time::written_duration(*nanos),
        Value::Time(nanos) => time::written_time(*nanos),
        Value::Ip(address) => address.to_string(),
        Value::Cidr(address, bits) => format!("{address}/{bits}"),
        _ => return None,
    })
}

/// A number as Go's `strconv.FormatFloat(…, 'g', -1, 64)` writes it: `1.5`, `1e+06`.
fn written_double(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let shortest = format!("{number:e}");
    let Some((digits, power)) = shortest.split_once('e') else { return shortest };
    match power.parse::<i32>() {
        Ok(power) if !(-4..6).contains(&power) => {
            let sign = if power < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", power.unsigned_abs())
        }
        _ => number.to_string(),
    }
}
