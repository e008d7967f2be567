//! `restart-policy`: each kind of workload restarts its pods as it can.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "restart-policy", Error,
    means: "The pods of a Deployment, StatefulSet or DaemonSet restart `Always`; those of a Job or CronJob `OnFailure` or `Never`, which has to be said, since left out it means `Always`.",
    matters: "The API server refuses the object.",
    example: "kind: Job\nspec: { template: { spec: { containers: [{ name: a, image: b }] } } }",
    instead: "kind: Job\nspec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: b }] } } }",
    source: "ValidatePodTemplateSpecForReplicaSet, ValidateStatefulSetSpec, ValidateDaemonSetSpec and validateJobSpec"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let policy = pod.spec.text("restartPolicy").filter(|it| !it.is_empty()).unwrap_or("Always");
    let allowed: &[&str] = match pod.owner {
        "Job" | "CronJob" => &["OnFailure", "Never"],
        "Pod" | "PodTemplate" => &["Always", "OnFailure", "Never"],
        _ => &["Always"],
    };
    if !allowed.contains(&policy) {
        let message =
            format!("the restart policy of a {} is {}, not {policy}", pod.owner, allowed.join(" or "));
        found.add(&CODE, (pod.spec, "restartPolicy"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn each_kind_has_its_policies() {
        let at = "spec.template.spec.restartPolicy";
        refuses(&CODE, "Deployment", &format!("{at}: Never"), at);
        refuses(&CODE, "StatefulSet", &format!("{at}: OnFailure"), at);
        refuses(&CODE, "Job", &format!("{at}: ~absent"), at);
        let cron = "spec.jobTemplate.spec.template.spec.restartPolicy";
        refuses(&CODE, "CronJob", &format!("{cron}: Always"), cron);
        refuses(&CODE, "Pod", "spec.restartPolicy: Sometimes", "spec.restartPolicy");
        accepts("Deployment", &format!("{at}: Always"));
        accepts("Job", &format!("{at}: OnFailure"));
    }
}
