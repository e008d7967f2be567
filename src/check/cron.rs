//! Cron schedules, as `cron.ParseStandard` of robfig/cron reads them; the `CronJob` controller uses it.

use super::duration;

/// The five fields: name, least, greatest, and the words that stand for numbers.
const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, words: &[] },
    Field { name: "hour", least: 0, most: 23, words: &[] },
    Field { name: "day of month", least: 1, most: 31, words: &[] },
    Field {
        name: "month",
        least: 1,
        most: 12,
        words: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Field {
        name: "day of week",
        least: 0,
        most: 6,
        words: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    },
];

struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    words: &'static [&'static str],
}

/// What is wrong with a schedule, in words that follow "the schedule"; `None` for a good one.
pub(crate) fn problem(schedule: &str) -> Option<String> {
    if let Some(descriptor) = schedule.strip_prefix('@') {
        return descriptor_problem(descriptor);
    }
    let parts: Vec<_> = schedule.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Some(format!("must have 5 fields, and has {}", parts.len()));
    }
    FIELDS.iter().zip(parts).find_map(|(field, part)| field.problem(part))
}

fn descriptor_problem(descriptor: &str) -> Option<String> {
    const KNOWN: [&str; 7] = ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];
    if KNOWN.contains(&descriptor) {
        return None;
    }
    match descriptor.strip_prefix("every ") {
        Some(text) if duration::parse(text).is_some() => None,
        Some(text) => Some(format!("has the duration `{text}`, which is none")),
        None => Some(format!("has the unknown descriptor `@{descriptor}`")),
    }
}

impl Field {
    fn problem(&self, text: &str) -> Option<String> {
        text.split(',').filter(|part| !part.is_empty()).find_map(|part| self.range_problem(part))
    }

    fn range_problem(&self, part: &str) -> Option<String> {
        let says = |what: &str| Some(format!("has `{part}` for the {}, {what}", self.name));
        let (range, step) = match part.split_once('/') {
            Some((_, step)) if step.contains('/') => return says("with more than one step"),
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let Some((start, end)) = self.bounds(range, step.is_some()) else {
            return says("which is no number or range");
        };
        match step.map(str::parse::<u32>) {
            Some(Err(_)) => return says("whose step is no number"),
            Some(Ok(0)) => return says("whose step is 0"),
            _ => {}
        }
        if start < self.least || end > self.most {
            return says(&format!("outside {}-{}", self.least, self.most));
        }
        if start > end { says("which ends before it starts") } else { None }
    }

    fn bounds(&self, range: &str, stepped: bool) -> Option<(u32, u32)> {
        let (start, end) = range.split_once('-').map_or((range, None), |(start, end)| (start, Some(end)));
        if matches!(start, "*" | "?") {
            return Some((self.least, self.most));
        }
        let start = self.number(start)?;
        Some(match end {
            Some(end) => (start, self.number(end)?),
            None if stepped => (start, self.most),
            None => (start, start),
        })
    }

    fn number(&self, text: &str) -> Option<u32> {
        let lower = text.to_ascii_lowercase();
        match self.words.iter().position(|word| *word == lower) {
            Some(at) => u32::try_from(at).ok().map(|at| at + self.least),
            None => text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?,
        }
    }
}

/// Whether a time zone has the form that the API server asks for: parts of letters, digits and `._+-`, none of them
/// upwards. Whether the IANA database has it is not looked up: the database of the cluster decides.
pub(crate) fn time_zone_problem(zone: &str) -> Option<&'static str> {
    let fits = |part: &str| {
        let letters = part.bytes().all(|c| c.is_ascii_alphanumeric() || b"._-+".contains(&c));
        (1..=14).contains(&part.len()) && letters && part != "." && part != ".." && !part.starts_with('-')
    };
    if zone.eq_ignore_ascii_case("local") {
        return Some("must be named: `Local` depends on the machine");
    }
    let area = |zone: &str| zone.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    (!zone.split('/').all(fits) || !area(zone)).then_some("is no IANA time zone")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_controller_reads_is_accepted() {
        for good in [
            "* * * * *",
            "*/5 0-6,12 1 jan-MAR sun",
            "0 0 ? * 1/2",
            "@daily",
            "@every 1h30m",
            "0 3 * * 6",
            "5,,6 * * * *",
        ] {
            assert_eq!(problem(good), None, "{good}");
        }
    }

    #[test]
    fn what_it_refuses_is_refused() {
        for bad in [
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "5-1 * * * *",
            "*/0 * * * *",
            "a * * * *",
            "@reboot",
            "@every x",
            "1/2/3 * * * *",
            "1-2-3 * * * *",
        ] {
            assert!(problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn zones_have_a_form() {
        for good in ["Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+1"] {
            assert_eq!(time_zone_problem(good), None, "{good}");
        }
        for bad in ["", "Local", "local", "../etc", "Europe/ Berlin", "/UTC", "+01:00"] {
            assert!(time_zone_problem(bad).is_some(), "{bad}");
        }
    }
}
