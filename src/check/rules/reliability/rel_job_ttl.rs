//! `rel-job-ttl`: a finished Job is cleared away, once.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-job-ttl", Warning,
    means: "A Job has no `ttlSecondsAfterFinished`; or one that a CronJob makes has it, beside the history limits of the CronJob.",
    matters: "Finished Jobs and their pods stay for ever; with both, the history that somebody looks for is gone.",
    example: "kind: Job\nspec: { template: … }",
    instead: "kind: Job\nspec: { ttlSecondsAfterFinished: 86400, template: … }",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/; kube-linter job-ttl-seconds-after-finished"
}

const KEY: &str = "ttlSecondsAfterFinished";

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if let Some(spec) = subject.spec_of("Job").filter(|spec| spec.child(KEY).is_none()) {
        found.add(&CODE, (spec, KEY), "nothing clears the Job away when it is done");
    }
    let of_cron_job = subject.spec_of("CronJob").and_then(|spec| spec.below(&["jobTemplate", "spec"]));
    if let Some(spec) = of_cron_job.filter(|spec| spec.child(KEY).is_some()) {
        found.add(&CODE, (spec, KEY), "the history limits of the CronJob clear its Jobs away already");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn jobs_are_cleared_away_once() {
        advises(&CODE, "Job", "spec.ttlSecondsAfterFinished: ~absent", "spec.ttlSecondsAfterFinished");
        passes(&CODE, "Job", "");
        let at = "spec.jobTemplate.spec.ttlSecondsAfterFinished";
        advises(&CODE, "CronJob", &format!("{at}: 60"), at);
        passes(&CODE, "CronJob", "");
    }
}
