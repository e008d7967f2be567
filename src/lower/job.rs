//! Jobs and `CronJobs`: pods that run to completion.

use k8s_openapi::api::batch::v1::{CronJob, CronJobSpec, Job, JobSpec, JobTemplateSpec};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::metadata::pairs;
use crate::names::CronSchedule;

/// How often a failed pod is tried again. Kubernetes' own 6 doubles the pause up to six minutes; what failed four times
/// wants a person.
const RETRIES: i32 = 3;
/// How late a scheduled run may still start, in seconds. Without a bound, a run that was missed in a night's outage
/// starts in the middle of the day.
const LATE: i64 = 3_600;

/// A Job by itself.
///
/// Nothing in its pod template can be changed, so tools are told to replace it. It has no time to live: a GitOps tool
/// would find it missing and run it again, for ever.
pub(super) fn job(metadata: ObjectMeta, template: PodTemplateSpec) -> Job {
    let mut annotations = pairs([
        ("argocd.argoproj.io/sync-options", "Force=true,Replace=true"),
        ("kustomize.toolkit.fluxcd.io/force", "enabled"),
    ]);
    annotations.extend(metadata.annotations.unwrap_or_default());
    let metadata = ObjectMeta { annotations: Some(annotations), ..metadata };
    Job { metadata, spec: Some(spec(template)), status: None }
}

pub(super) fn cron_job(metadata: ObjectMeta, template: PodTemplateSpec, schedule: &CronSchedule) -> CronJob {
    let labels = ObjectMeta { labels: metadata.labels.clone(), ..ObjectMeta::default() };
    let spec = CronJobSpec {
        schedule: schedule.to_string(),
        time_zone: Some("Etc/UTC".to_owned()),
        concurrency_policy: Some("Forbid".to_owned()),
        starting_deadline_seconds: Some(LATE),
        successful_jobs_history_limit: Some(3),
        failed_jobs_history_limit: Some(3),
        job_template: JobTemplateSpec { metadata: Some(labels), spec: Some(spec(template)) },
        ..CronJobSpec::default()
    };
    CronJob { metadata, spec: spec.into(), status: None }
}

fn spec(template: PodTemplateSpec) -> JobSpec {
    JobSpec { backoff_limit: Some(RETRIES), template, ..JobSpec::default() }
}
