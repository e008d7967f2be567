//! `cronjob-schedule`: the schedule, time zone and concurrency of a `CronJob`.

use crate::check::cron;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::did_you_mean;
use crate::value::Value;

code! {
    "cronjob-schedule", Error,
    means: "The schedule is no cron expression of five fields, names a time zone inside it, `timeZone` is no zone of the IANA database, or the concurrency policy is unknown.",
    matters: "The API server refuses the object.",
    example: "schedule: \"0 25 * * *\"",
    instead: "schedule: \"0 3 * * *\"\ntimeZone: Europe/Berlin",
    source: "validateCronJobSpec in pkg/apis/batch/validation; https://www.iana.org/time-zones"
}

/// The names of the IANA time zone database, one a line, sorted.
const TIME_ZONES: &str = include_str!("time_zones.txt");

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("CronJob") else { return };
    if let Some(schedule) = spec.text("schedule") {
        check_schedule(spec, schedule, found);
    }
    if let Some(zone) = spec.text("timeZone") {
        check_zone(spec, zone, found);
    }
    let policy = spec.text_or_empty("concurrencyPolicy");
    if !matches!(policy, "" | "Allow" | "Forbid" | "Replace") {
        let message = format!("`{policy}` is no concurrency policy; there are Allow, Forbid and Replace");
        found.add(&CODE, (spec, "concurrencyPolicy"), message);
    }
}

fn check_schedule<'a>(spec: &'a Value, schedule: &str, found: &mut Findings<'a>) {
    if schedule.contains("TZ") {
        let message = "the time zone of a schedule belongs into `timeZone`";
        found.add(&CODE, (spec, "schedule"), message);
    } else if let Some(problem) = cron::problem(schedule) {
        found.add(&CODE, (spec, "schedule"), format!("the schedule `{schedule}` {problem}"));
    }
}

fn check_zone<'a>(spec: &'a Value, zone: &str, found: &mut Findings<'a>) {
    let unknown = || (!TIME_ZONES.lines().any(|known| known == zone)).then_some("is no IANA time zone");
    if let Some(problem) = cron::time_zone_problem(zone).or_else(unknown) {
        let hint = did_you_mean(zone, TIME_ZONES.lines()).map(|near| format!("did you mean `{near}`?"));
        found.add_with_hint(&CODE, (spec, "timeZone"), format!("`{zone}` {problem}"), hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn schedules_and_zones() {
        let refused = |field: &str, value: &str| {
            refuses(&CODE, "CronJob", &format!("spec.{field}: {value}"), &format!("spec.{field}"));
        };
        refused("schedule", "'0 25 * * *'");
        refused("schedule", "''");
        refused("schedule", "'TZ=UTC 0 3 * * *'");
        refused("timeZone", "Europe/Berln");
        refused("timeZone", "Local");
        refused("timeZone", "''");
        refused("concurrencyPolicy", "Never");
        accepts("CronJob", "spec.schedule: '@daily'\nspec.timeZone: Etc/UTC");
    }
}
