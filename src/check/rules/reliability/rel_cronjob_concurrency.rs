//! `rel-cronjob-concurrency`: it is said what happens when a job is still running.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-cronjob-concurrency", Note,
    means: "A CronJob leaves `concurrencyPolicy` out or sets `Allow`.",
    matters: "A job that takes longer than its interval runs beside itself, and then thrice.",
    example: "schedule: 0 3 * * *",
    instead: "schedule: 0 3 * * *\nconcurrencyPolicy: Forbid",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("CronJob") else { return };
    if matches!(spec.text_or_empty("concurrencyPolicy"), "" | "Allow") {
        found.add(&CODE, (spec, "concurrencyPolicy"), "a job that is late runs beside the next one");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn jobs_do_not_overlap() {
        let at = "spec.concurrencyPolicy";
        advises(&CODE, "CronJob", &format!("{at}: Allow"), at);
        passes(&CODE, "CronJob", &format!("{at}: Replace"));
    }
}
