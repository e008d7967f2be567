//! `workload-counts`: counts and durations of workloads are not negative.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "workload-counts", Error,
    means: "A count or a duration of a workload is negative, or a Deployment's progress deadline is not longer than `minReadySeconds`.",
    matters: "The API server refuses the object.",
    example: "replicas: -1",
    instead: "replicas: 0",
    source: "ValidateDeploymentSpec, ValidateStatefulSetSpec, ValidateDaemonSetSpec, validateJobSpec and validateCronJobSpec"
}

const JOB: [&str; 7] = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec() else { return };
    match subject.kind {
        "Deployment" => {
            counts(
                spec,
                &["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"],
                found,
            );
            deadline(spec, found);
        }
        "StatefulSet" => {
            counts(spec, &["replicas", "minReadySeconds"], found);
            if let Some(ordinals) = spec.child("ordinals") {
                counts(ordinals, &["start"], found);
            }
        }
        "DaemonSet" => counts(spec, &["minReadySeconds", "revisionHistoryLimit"], found),
        "ReplicaSet" | "ReplicationController" => counts(spec, &["replicas", "minReadySeconds"], found),
        "Job" => counts(spec, &JOB, found),
        "CronJob" => {
            let own = ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
            counts(spec, &own, found);
            if let Some(job) = spec.below(&["jobTemplate", "spec"]) {
                counts(job, &JOB, found);
            }
        }
        _ => {}
    }
}

fn counts<'a>(spec: &'a Value, keys: &[&'static str], found: &mut Findings<'a>) {
    for key in keys {
        if let Some(number) = spec.integer(key).filter(|number| *number < 0) {
            found.add(&CODE, (spec, *key), format!("`{key}` is negative: {number}"));
        }
    }
}

fn deadline<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let deadline = spec.integer("progressDeadlineSeconds").unwrap_or(600);
    let ready = spec.integer("minReadySeconds").unwrap_or(0);
    if deadline >= 0 && deadline <= ready {
        let message =
            format!("the progress deadline of {deadline} s is not longer than `minReadySeconds`, {ready}");
        found.add(&CODE, (spec, "progressDeadlineSeconds"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn nothing_is_negative() {
        let refused = |kind: &str, at: &str| refuses(&CODE, kind, &format!("{at}: -1"), at);
        refused("Deployment", "spec.replicas");
        refused("StatefulSet", "spec.replicas");
        refused("DaemonSet", "spec.minReadySeconds");
        refused("Job", "spec.backoffLimit");
        refused("CronJob", "spec.failedJobsHistoryLimit");
        refused("CronJob", "spec.jobTemplate.spec.parallelism");
        accepts("Deployment", "spec.replicas: 0");
        accepts("StatefulSet", "spec.revisionHistoryLimit: -1");
    }

    #[test]
    fn progress_outlasts_readiness() {
        refuses(&CODE, "Deployment", "spec.minReadySeconds: 600", "spec.progressDeadlineSeconds");
        accepts("Deployment", "spec.minReadySeconds: 599");
    }
}
