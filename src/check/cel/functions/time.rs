//! Points and spans of time, in billionths of a second; days are counted in the proleptic Gregorian calendar.

use super::{wrong, zones};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::value::{Failure, Value};
use crate::check::duration;
use crate::check::schema::formats::is_date_time;

/// Billionths in a second.
pub(super) const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

pub(super) fn timestamp<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [time @ Value::Time(_)] => Some(Ok(time.clone())),
        [Value::Int(seconds)] => Some(Ok(Value::Time(i128::from(*seconds) * SECOND))),
        [Value::Text(text)] => parse_moment(text)
            .map_or_else(|| wrong(format!("`{text}` is no time")), |it| Some(Ok(Value::Time(it)))),
        _ => None,
    }
}

pub(super) fn duration<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [span @ Value::Duration(_)] => Some(Ok(span.clone())),
        [Value::Text(text)] => duration::parse(text)
            .map_or_else(|| wrong(format!("`{text}` is no duration")), |it| Some(Ok(Value::Duration(it)))),
        _ => None,
    }
}

/// A time of RFC 3339.
pub(in crate::check::cel) fn parse_moment(text: &str) -> Option<i128> {
    is_date_time(text).then(|| parse_time(text))?
}

/// A time of RFC 3339, or a day.
pub(in crate::check::cel) fn parse_time(text: &str) -> Option<i128> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let days = days_of(number(0..4)?, number(5..7)?, number(8..10)?);
    let midnight = i128::from(days) * DAY;
    if text.len() == 10 {
        return Some(midnight);
    }
    let seconds = number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(after) => after.split_at(after.find(|c: char| !c.is_ascii_digit())?),
        None => ("", rest),
    };
    let billionths: i128 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    Some(midnight + i128::from(seconds - offset(zone)?) * SECOND + billionths)
}

/// The seconds by which a zone is ahead of UTC: `Z`, `+05:30`.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    Some(sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60))
}

/// Days since 1970, after <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
const fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day since 1970.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

/// A duration as CEL writes it: `5400s`.
pub(super) fn written_duration(nanos: i128) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let (seconds, rest) = (nanos.abs() / SECOND, nanos.abs() % SECOND);
    if rest == 0 {
        return format!("{sign}{seconds}s");
    }
    let fraction = format!("{rest:09}");
    format!("{sign}{seconds}.{}s", fraction.trim_end_matches('0'))
}

/// A time as CEL writes it: `2026-02-28T10:00:00Z`.
pub(super) fn written_time(nanos: i128) -> String {
    let (year, month, day) = civil(day_number(nanos));
    let seconds = nanos.rem_euclid(DAY) / SECOND;
    let rest = nanos.rem_euclid(SECOND);
    let fraction =
        if rest == 0 { String::new() } else { format!(".{rest:09}").trim_end_matches('0').to_owned() };
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}{fraction}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

fn day_number(nanos: i128) -> i64 {
    i64::try_from(nanos.div_euclid(DAY)).unwrap_or_default()
}

/// A part of a time, in UTC or in the zone that the second argument names.
fn part<'a>(values: &[Value<'a>], of_time: fn(i128) -> i64) -> Option<Outcome<'a>> {
    let (nanos, ahead) = match values {
        [Value::Time(nanos)] => (*nanos, 0),
        [Value::Time(nanos), Value::Text(zone)] => match seconds_ahead(zone, *nanos) {
            Ok(ahead) => (*nanos, ahead),
            Err(failure) => return Some(Err(failure)),
        },
        _ => return None,
    };
    Some(Ok(Value::Int(of_time(nanos + i128::from(ahead) * SECOND))))
}

/// The seconds by which a zone is ahead of UTC at a time: `UTC`, `+02:00`, `Europe/Amsterdam`.
///
/// After `timeZone` in `common/types/timestamp.go` of cel-go.
fn seconds_ahead(zone: &str, nanos: i128) -> Result<i64, Failure> {
    let Some((hours, minutes)) = zone.split_once(':') else { return zones::seconds_ahead(zone, nanos) };
    let whole = |text: &str| text.strip_prefix('+').unwrap_or(text).parse::<i64>().ok();
    let number = whole(hours)
        .zip(whole(minutes))
        .filter(|(hours, minutes)| hours.abs() < 1000 && minutes.abs() < 1000);
    let Some((hours, minutes)) = number else {
        return Err(Failure::Wrong(format!("`{zone}` is no time zone")));
    };
    let minutes = if zone.starts_with('-') { -minutes } else { minutes };
    Ok((hours * 60 + minutes) * 60)
}

/// A part of a time, or a duration in whole units.
fn part_or_span<'a>(values: &[Value<'a>], of_time: fn(i128) -> i64, unit: i128) -> Option<Outcome<'a>> {
    match values {
        [Value::Duration(nanos)] => Some(Ok(Value::Int(i64::try_from(nanos / unit).unwrap_or_default()))),
        _ => part(values, of_time),
    }
}

fn clock(nanos: i128, unit: i128, most: i128) -> i64 {
    i64::try_from(nanos.rem_euclid(DAY) / unit % most).unwrap_or_default()
}

pub(super) fn year<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |it| civil(day_number(it)).0)
}

pub(super) fn month<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |it| civil(day_number(it)).1 - 1)
}

pub(super) fn date<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |it| civil(day_number(it)).2)
}

pub(super) fn day_of_month<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |it| civil(day_number(it)).2 - 1)
}

pub(super) fn day_of_week<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |it| (day_number(it) + 4).rem_euclid(7))
}

pub(super) fn day_of_year<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |it| day_number(it) - days_of(civil(day_number(it)).0, 1, 1))
}

pub(super) fn hours<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part_or_span(values, |it| clock(it, 3600 * SECOND, 24), 3600 * SECOND)
}

pub(super) fn minutes<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part_or_span(values, |it| clock(it, 60 * SECOND, 60), 60 * SECOND)
}

pub(super) fn seconds<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part_or_span(values, |it| clock(it, SECOND, 60), SECOND)
}

pub(super) fn milliseconds<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part_or_span(values, |it| clock(it, 1_000_000, 1000), 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_durations_are_read_and_written() {
        assert_eq!(parse_time("1970-01-02T00:00:01.5Z"), Some(DAY + SECOND * 3 / 2));
        assert_eq!(parse_time("2024-02-29").map(written_time).as_deref(), Some("2024-02-29T00:00:00Z"));
        assert_eq!(
            parse_time("2024-02-29T10:00:00+02:00").map(written_time).as_deref(),
            Some("2024-02-29T08:00:00Z")
        );
        assert_eq!(duration::parse("1h30m").map(written_duration).as_deref(), Some("5400s"));
        assert_eq!(duration::parse("-1.5s").map(written_duration).as_deref(), Some("-1.5s"));
    }
}
