//! `rel-cronjob-deadline`: a missed start is made up for a while only.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-cronjob-deadline", Note,
    means: "A CronJob has no `startingDeadlineSeconds`.",
    matters: "After a hundred missed starts it is never started again; and one that is hours late may do harm.",
    example: "schedule: 0 3 * * *",
    instead: "schedule: 0 3 * * *\nstartingDeadlineSeconds: 600",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline; kube-score cronjob-has-deadline"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("CronJob") else { return };
    if spec.child("startingDeadlineSeconds").is_none() {
        found.add(
            &CODE,
            (spec, "startingDeadlineSeconds"),
            "nothing says until when a missed start is made up for",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn starts_have_a_deadline() {
        let at = "spec.startingDeadlineSeconds";
        advises(&CODE, "CronJob", "", at);
        passes(&CODE, "CronJob", &format!("{at}: 600"));
    }
}
