//! When a CronJob runs: `*/5 * * * *`, `@daily`.
//!
//! The grammar is that of `ParseStandard` in `github.com/robfig/cron/v3`, which the API server parses with
//! (`validateScheduleFormat` in `k8s.io/kubernetes/pkg/apis/batch/validation`). What that parser takes by accident is
//! refused: an empty list (`,`), text after a star (`*-5`), a sign (`+5`), and a time zone, which has a field of its own.

use super::error::{Fault, shown};
use super::text::text_name;

const MACROS: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// One of the five fields: its range, and the names of its values from the least on.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, names: &[] },
    Field { name: "hour", least: 0, most: 23, names: &[] },
    Field { name: "day of the month", least: 1, most: 31, names: &[] },
    Field { name: "month", least: 1, most: 12, names: &MONTHS },
    Field { name: "day of the week", least: 0, most: 6, names: &DAYS },
];

text_name! {
    /// When a CronJob runs: minute, hour, day of the month, month and day of the week, or a macro such as `@daily` or
    /// `@every 1h30m`.
    ///
    /// A field is `*` or `?`, or a list of numbers, names (`jan`, `mon`), ranges (`1-5`) and steps (`*/15`). Sunday is 0,
    /// never 7.
    CronSchedule, "a cron schedule", schedule, mended
}

fn schedule(text: &str) -> Result<(), Fault> {
    if text.contains("TZ") {
        return Err(Fault::of("a time zone does not belong into the schedule; it has a field of its own"));
    }
    if text.starts_with('@') {
        return descriptor(text);
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        let reason = "there are minute, hour, day of the month, month and day of the week";
        return Err(Fault::of(format!("it has {} fields, and 5 are needed: {reason}", fields.len())));
    }
    fields.iter().zip(&FIELDS).try_for_each(|(text, field)| list(text, field))
}

fn descriptor(text: &str) -> Result<(), Fault> {
    if MACROS.contains(&text) {
        return Ok(());
    }
    match text.strip_prefix("@every ") {
        Some(interval) if is_interval(interval) => Ok(()),
        Some(_) => Err(Fault::of("what follows `@every` is no length of time such as `1h30m`")),
        None => Err(Fault::of(format!("there are {} and @every", MACROS.join(", ")))),
    }
}

/// A positive length of time as Go writes it: `1h30m`, `1.5h`, `90s`, `500ms`.
fn is_interval(text: &str) -> bool {
    let mut rest = text;
    while let Some(after) = interval_part(rest) {
        rest = after;
    }
    rest.is_empty() && !text.is_empty()
}

/// What follows the first number and unit.
fn interval_part(text: &str) -> Option<&str> {
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, rest) = text.split_at(number_end);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits > 15 || number.len() - digits > 1 {
        return None;
    }
    ["ns", "us", "µs", "ms", "s", "m", "h"].iter().find_map(|unit| {
        let after = rest.strip_prefix(unit)?;
        let ends = after.is_empty() || after.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        ends.then_some(after)
    })
}

fn list(text: &str, field: &Field) -> Result<(), Fault> {
    text.split(',')
        .try_for_each(|entry| range(entry, field))
        .map_err(|reason| Fault::of(format!("in the {} `{}`, {reason}", field.name, shown(text))))
}

fn range(text: &str, field: &Field) -> Result<(), String> {
    let (span, step) = text.split_once('/').map_or((text, None), |(span, step)| (span, Some(step)));
    step.map_or(Ok(()), check_step)?;
    if span == "*" || span == "?" {
        return Ok(());
    }
    let (low, high) = span.split_once('-').map_or((span, None), |(low, high)| (low, Some(high)));
    let low = number(low, field)?;
    let high = high.map_or(Ok(low), |high| number(high, field))?;
    if low > high {
        return Err(format!("{low} is after {high}"));
    }
    Ok(())
}

fn check_step(text: &str) -> Result<(), String> {
    match plain_number(text) {
        Some(step) if step > 0 => Ok(()),
        _ => Err(format!("the step `{}` is not a whole number from 1 on", shown(text))),
    }
}

fn number(text: &str, field: &Field) -> Result<u32, String> {
    let named = field.names.iter().position(|name| name.eq_ignore_ascii_case(text));
    let named = named.and_then(|at| u32::try_from(at).ok()).map(|at| at + field.least);
    let value = named.or_else(|| plain_number(text));
    value.filter(|value| (field.least..=field.most).contains(value)).ok_or_else(|| {
        let sunday = if field.most == 6 && text == "7" { "; Sunday is 0" } else { "" };
        format!("`{}` is not from {} to {}{sunday}", shown(text), field.least, field.most)
    })
}

fn plain_number(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// A schedule with seconds or a year loses them where they say nothing; Sunday becomes 0; a macro gets its letters right.
fn mended(text: &str) -> Option<String> {
    if text.starts_with('@') {
        let lower = text.to_ascii_lowercase();
        return MACROS.contains(&lower.as_str()).then_some(lower);
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    match fields.as_slice() {
        ["0", five @ ..] if five.len() == 5 => Some(five.join(" ")),
        [four @ .., "7"] if four.len() == 4 => Some(format!("{} 0", four.join(" "))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        CronSchedule::parse(text).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    }

    #[test]
    fn schedules_that_hold() {
        for text in [
            "* * * * *",
            "*/5 * * * *",
            "0 3 * * 0",
            "0 0 1 1 *",
            "5/15 * * * *",
            "0-59/2 0-23 1-31 1-12 0-6",
            "0 0 ? JAN-mar Mon,wed,FRI",
            "1,2,3 * * * *",
            "  0\t3 * * *  ",
            "00 03 * * *",
            "@daily",
            "@hourly",
            "@every 1h30m",
            "@every 1.5h",
            "@every 500ms",
            "*/100 * * * *",
        ] {
            assert_eq!(complaint(text), "accepted", "{text}");
        }
    }

    #[test]
    fn schedules_that_do_not_hold() {
        for text in [
            "",
            " ",
            "*",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * 32 * *",
            "* * * 0 *",
            "* * * 13 *",
            "* * * * 7",
            "5-1 * * * *",
            "1-2-3 * * * *",
            "*/0 * * * *",
            "*/-1 * * * *",
            "*/a * * * *",
            "1/2/3 * * * *",
            "a * * * *",
            "jan * * * *",
            "-1 * * * *",
            "+1 * * * *",
            ", * * * *",
            "1,, * * * *",
            "*-5 * * * *",
            "@reboot",
            "@Daily",
            "@every",
            "@every 5",
            "@every -5m",
            "@every .",
            "@every 5x",
            "@every",
            "TZ=UTC * * * * *",
            "CRON_TZ=UTC 0 3 * * *",
            "99999999999 * * * *",
            "１ * * * *",
        ] {
            assert_ne!(complaint(text), "accepted", "{text}");
        }
    }

    #[test]
    fn a_message_names_the_field_and_its_range() {
        assert_eq!(
            complaint("0 25 * * *"),
            "`0 25 * * *` is not a cron schedule: in the hour `25`, `25` is not from 0 to 23"
        );
        assert!(complaint("0 3 * * 7").ends_with("`7` is not from 0 to 6; Sunday is 0"));
    }

    #[test]
    fn a_guess_mends_seconds_sundays_and_macros() {
        let meant = |text: &str| CronSchedule::parse(text).err()?.suggestion().map(str::to_owned);
        assert_eq!(meant("0 0 3 * * *").as_deref(), Some("0 3 * * *"));
        assert_eq!(meant("0 3 * * 7").as_deref(), Some("0 3 * * 0"));
        assert_eq!(meant("@Daily").as_deref(), Some("@daily"));
        assert_eq!(meant("30 0 3 * * *"), None);
    }
}
