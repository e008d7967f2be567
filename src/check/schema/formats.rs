//! The formats that a schema can give to a number or a string. An unknown format is an annotation and refuses nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::definition::{Format, Schema};
use super::walker::{ViolationKind, Walker};
use crate::check::quantity::Quantity;
use crate::value::Value;

pub(super) fn check(walker: &mut Walker<'_>, schema: &Schema, value: &Value) {
    match (schema.format, value) {
        (Format::None, _) => {}
        (Format::Int32 | Format::Int64 | Format::IntOrString, Value::Number(_)) => {
            integer(walker, schema.format, value);
        }
        (Format::Quantity, _) => quantity(walker, value),
        (format, Value::String(text)) => {
            if let Some(problem) = text_problem(format, text) {
                walker.report(ViolationKind::Constraint, problem.to_owned());
            }
        }
        _ => {}
    }
}

fn integer(walker: &mut Walker<'_>, format: Format, value: &Value) {
    // In a custom resource the bits are an annotation.
    let bits = if format == Format::Int64 || walker.custom { 64 } else { 32 };
    // Beyond 2^53 a float is no exact integer; whole floats below that were let through by the type check.
    let whole = value.as_i64().or_else(|| value.as_f64().filter(|it| it.fract() == 0.0).and_then(exact));
    let fits = whole.is_some_and(|it| bits == 64 || i32::try_from(it).is_ok());
    if !fits {
        walker.report(ViolationKind::Type, format!("must be an integer of {bits} bits, and is {value}"));
    }
}

fn exact(number: f64) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    #[allow(clippy::cast_possible_truncation, reason = "the bound makes it exact")]
    (number.abs() <= LARGEST).then_some(number as i64)
}

fn quantity(walker: &mut Walker<'_>, value: &Value) {
    if Quantity::of(value).is_none() {
        let message = format!("{value} is not a quantity");
        walker.report(ViolationKind::Quantity, message);
    }
}

fn text_problem(format: Format, text: &str) -> Option<&'static str> {
    let (fits, problem) = match format {
        Format::Byte => (decode_base64(text).is_some(), "must be base64"),
        Format::DateTime => (is_date_time(text), "must be a time such as 2006-01-02T15:04:05Z"),
        Format::Date => (is_date(text.as_bytes()), "must be a date such as 2006-01-02"),
        Format::Ipv4 => (text.parse::<Ipv4Addr>().is_ok(), "must be an IPv4 address"),
        Format::Ipv6 => (text.parse::<Ipv6Addr>().is_ok(), "must be an IPv6 address"),
        Format::Cidr => (is_cidr(text), "must be an address and a prefix length"),
        Format::Uuid => (is_uuid(text), "must be a UUID"),
        _ => (true, ""),
    };
    (!fits).then_some(problem)
}

/// What base64 holds, as Go's `base64.StdEncoding` reads it: padded, line ends ignored.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    if !digits.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let values: Option<Vec<u32>> =
        digits[..digits.len() - padding].iter().map(|digit| base64_value(*digit)).collect();
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    for group in values?.chunks(4) {
        let bits = group.iter().fold(0, |bits, value| bits << 6 | value) << (6 * (4 - group.len()));
        bytes.extend(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}

fn base64_value(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// RFC 3339, as `time.Parse(time.RFC3339, …)` reads it.
pub(crate) fn is_date_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 20 || !is_date(&bytes[..10]) || bytes[10] != b'T' {
        return false;
    }
    let clock = bytes[13] == b':' && bytes[16] == b':';
    let parts = (number(&bytes[11..13]), number(&bytes[14..16]), number(&bytes[17..19]));
    let (Some(hour), Some(minute), Some(second)) = parts else { return false };
    clock && hour < 24 && minute < 60 && second < 60 && is_zone(after_fraction(&bytes[19..]))
}

fn after_fraction(rest: &[u8]) -> &[u8] {
    match rest {
        [b'.', digits @ ..] => {
            let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if count == 0 { rest } else { &digits[count..] }
        }
        _ => rest,
    }
}

fn is_zone(zone: &[u8]) -> bool {
    match zone {
        [b'Z'] => true,
        [b'+' | b'-', hours @ .., b':', minute_tens, minute_ones] => {
            let minutes = number(&[*minute_tens, *minute_ones]);
            hours.len() == 2 && number(hours).is_some_and(|it| it <= 24) && minutes.is_some_and(|it| it < 60)
        }
        _ => false,
    }
}

pub(crate) fn is_date(bytes: &[u8]) -> bool {
    let [year @ .., b'-', month_tens, month_ones, b'-', day_tens, day_ones] = bytes else { return false };
    let parts = (number(year), number(&[*month_tens, *month_ones]), number(&[*day_tens, *day_ones]));
    let (Some(year_number), Some(month), Some(day)) = parts else { return false };
    year.len() == 4 && (1..=12).contains(&month) && (1..=days_in(month, year_number)).contains(&day)
}

const fn days_in(month: u32, year: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn is_cidr(text: &str) -> bool {
    let Some((address, prefix)) = text.split_once('/') else { return false };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    number(prefix.as_bytes()).is_some_and(|length| length <= most)
}

pub(crate) fn is_uuid(text: &str) -> bool {
    let digits: Vec<char> = text.chars().filter(|c| *c != '-').collect();
    digits.len() == 32 && digits.iter().all(char::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_go_reads_them() {
        for good in ["2024-02-29T23:59:59Z", "2024-01-01T00:00:00.123456Z", "2024-01-01T00:00:00+05:30"] {
            assert!(is_date_time(good), "{good}");
        }
        for bad in [
            "2023-02-29T00:00:00Z",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T24:00:00Z",
            "today",
        ] {
            assert!(!is_date_time(bad), "{bad}");
        }
    }

    #[test]
    fn base64_is_padded_and_may_be_wrapped() {
        assert_eq!(decode_base64("aGVsbG8=").as_deref(), Some(&b"hello"[..]));
        for good in ["", "YQ==", "YWI=", "YWJj", "YW\nJj"] {
            assert!(decode_base64(good).is_some(), "{good}");
        }
        for bad in ["YQ", "YQ=", "Y===", "a b=", "YQ==YQ=="] {
            assert!(decode_base64(bad).is_none(), "{bad}");
        }
    }
}
