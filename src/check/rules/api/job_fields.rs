//! `job-fields`: what only a Job has.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, is_absent};
use crate::value::Value;

code! {
    "job-fields", Error,
    means: "The completion mode of a Job and its other fields do not go together, a failure or success policy is not well-formed, or a CronJob's job has a selector of its own.",
    matters: "The API server refuses the object.",
    example: "completionMode: Indexed\nparallelism: 5",
    instead: "completionMode: Indexed\nparallelism: 5\ncompletions: 5",
    source: "validateJobSpec and ValidateJobTemplateSpec in pkg/apis/batch/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let spec = match pod.owner {
        "Job" => subject.spec(),
        "CronJob" => subject.value.below(&["spec", "jobTemplate", "spec"]),
        _ => return,
    };
    let Some(spec) = spec else { return };
    completion(spec, found);
    if let Some(manager) = spec.text("managedBy") {
        let long = (manager.len() > 63).then_some("longer than 63 characters");
        if let Some(problem) = format::domain_prefixed_path(manager).or(long) {
            found.add(&CODE, (spec, "managedBy"), format!("the manager `{manager}` is {problem}"));
        }
    }
    if let Some(policy) =
        spec.text("podReplacementPolicy").filter(|it| !matches!(*it, "Failed" | "TerminatingOrFailed"))
    {
        let message = format!("`{policy}` is neither Failed nor TerminatingOrFailed");
        found.add(&CODE, (spec, "podReplacementPolicy"), message);
    }
    failure_policy(spec, pod.spec, found);
    if pod.owner == "CronJob" {
        template(spec, found);
    } else {
        index_in_name(subject, spec, found);
        if spec.is_true("manualSelector") && spec.child("selector").is_none() {
            found.add(&CODE, (spec, "selector"), "a manual selector has to be written");
        }
    }
}

fn completion<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let mode = spec.text("completionMode").unwrap_or("NonIndexed");
    if !matches!(mode, "NonIndexed" | "Indexed") {
        let message = format!("`{mode}` is no completion mode; there are NonIndexed and Indexed");
        found.add(&CODE, (spec, "completionMode"), message);
        return;
    }
    // Without either number both are 1.
    if mode == "Indexed" && spec.child("completions").is_none() && spec.child("parallelism").is_some() {
        found.add(&CODE, (spec, "completions"), "an indexed job says how many completions it has");
    }
    if mode == "NonIndexed" {
        for key in ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"] {
            if !is_absent(spec.get(key)) {
                found.add(&CODE, (spec, key), format!("`{key}` needs the completion mode Indexed"));
            }
        }
        return;
    }
    indexed(spec, found);
    if spec.child("maxFailedIndexes").is_some() && spec.child("backoffLimitPerIndex").is_none() {
        found.add(&CODE, (spec, "backoffLimitPerIndex"), "`maxFailedIndexes` needs `backoffLimitPerIndex`");
    }
}

fn indexed<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let completions = spec.integer("completions");
    let failed = spec.integer("maxFailedIndexes");
    if failed.zip(completions).is_some_and(|(failed, completions)| failed > completions) {
        found.add(&CODE, (spec, "maxFailedIndexes"), "`maxFailedIndexes` is more than `completions`");
    }
    if spec.integer("parallelism").is_some_and(|number| number > 100_000) {
        found.add(&CODE, (spec, "parallelism"), "an indexed job has at most 100000 pods at once");
    }
    let Some(policy) = spec.child("successPolicy") else { return };
    let rules = policy.items("rules");
    if policy.child("rules").is_some() && !(1..=20).contains(&rules.len()) {
        found.add(&CODE, (policy, "rules"), "a success policy has 1 to 20 rules");
    }
    for rule in rules {
        success_rule(rule, completions.unwrap_or(1), found);
    }
}

fn success_rule<'a>(rule: &'a Value, completions: i64, found: &mut Findings<'a>) {
    let (count, indexes) = (rule.integer("succeededCount"), rule.text("succeededIndexes"));
    let total = indexes.map(|text| count_indexes(text, completions));
    match total {
        None if count.is_none() => {
            found.add(&CODE, rule, "a rule says how many or which indexes have to succeed");
        }
        Some(None) => {
            let message =
                "`succeededIndexes` are ascending numbers and ranges below `completions`, such as `0,2-4`";
            found.add(&CODE, (rule, "succeededIndexes"), message);
        }
        _ => {}
    }
    let most = total.flatten().unwrap_or(completions).min(completions);
    if count.is_some_and(|count| !(0..=most).contains(&count)) {
        found.add(&CODE, (rule, "succeededCount"), format!("`succeededCount` is outside 0-{most}"));
    }
}

/// How many indexes `0,2-4` names; `None` where it is malformed.
fn count_indexes(text: &str, completions: i64) -> Option<i64> {
    let (mut total, mut last) = (0, -1);
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let (start, end) = part.split_once('-').unwrap_or((part, part));
        let (start, end) = (start.parse::<i64>().ok()?, end.parse::<i64>().ok()?);
        if start <= last || end < start || end >= completions {
            return None;
        }
        total += end - start + 1;
        last = end;
    }
    Some(total)
}

fn failure_policy<'a>(spec: &'a Value, pod: &'a Value, found: &mut Findings<'a>) {
    let Some(policy) = spec.child("podFailurePolicy") else { return };
    if pod.text("restartPolicy") == Some("OnFailure") {
        found.add(&CODE, (pod, "restartPolicy"), "a pod failure policy needs the restart policy Never");
    }
    let replacement = spec.text("podReplacementPolicy").filter(|policy| *policy != "Failed");
    if replacement.is_some() {
        found.add(
            &CODE,
            (spec, "podReplacementPolicy"),
            "a pod failure policy needs the replacement policy Failed",
        );
    }
    let containers = || ["containers", "initContainers"].iter().flat_map(|list| pod.items(list));
    for rule in policy.items("rules") {
        failure_rule(spec, rule, found);
        let Some(codes) = rule.child("onExitCodes") else { continue };
        let name = codes.text("containerName");
        if let Some(name) = name.filter(|name| !containers().any(|it| it.text("name") == Some(*name))) {
            found.add(&CODE, (codes, "containerName"), format!("the pod has no container named `{name}`"));
        }
    }
}

fn failure_rule<'a>(spec: &'a Value, rule: &'a Value, found: &mut Findings<'a>) {
    let action = rule.text_or_empty("action");
    match action {
        "FailIndex" if spec.child("backoffLimitPerIndex").is_none() => {
            found.add(&CODE, (rule, "action"), "the action FailIndex needs `backoffLimitPerIndex`");
        }
        "FailIndex" | "FailJob" | "Ignore" | "Count" => {}
        _ if rule.get("action").is_none() => {}
        other => found.add(&CODE, (rule, "action"), format!("`{other}` is no action of a failure policy")),
    }
    let conditions = rule.items("onPodConditions");
    match (rule.child("onExitCodes"), conditions.is_empty()) {
        (Some(_), false) => {
            found.add(&CODE, rule, "a rule looks at exit codes or at conditions, not at both");
        }
        (None, true) => found.add(&CODE, rule, "a rule looks at exit codes or at conditions"),
        (Some(codes), true) => exit_codes(codes, found),
        (None, false) => {}
    }
    for condition in conditions {
        if let Some(problem) = condition.text("type").and_then(format::qualified_name) {
            found.add(
                &CODE,
                (condition, "type"),
                format!("the condition {} is {problem}", condition["type"]),
            );
        }
        // An empty status means `True`.
        let status = condition.text_or_empty("status");
        if !matches!(status, "" | "True" | "False" | "Unknown") {
            found.add(&CODE, (condition, "status"), format!("`{status}` is none of True, False and Unknown"));
        }
    }
}

fn exit_codes<'a>(codes: &'a Value, found: &mut Findings<'a>) {
    let operator = codes.text_or_empty("operator");
    if codes.get("operator").is_some() && !matches!(operator, "In" | "NotIn") {
        found.add(&CODE, (codes, "operator"), format!("`{operator}` is neither In nor NotIn"));
    }
    let values: Vec<_> = codes.items("values").iter().filter_map(Value::as_i64).collect();
    let ascending = values.windows(2).all(|pair| pair[0] < pair[1]);
    if values.is_empty() || values.len() > 255 || !ascending {
        found.add(
            &CODE,
            (codes, "values"),
            "the exit codes are 1 to 255 different numbers in ascending order",
        );
    } else if operator == "In" && values.contains(&0) {
        found.add(&CODE, (codes, "values"), "the exit code 0 is no failure");
    }
}

fn template<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    if spec.child("selector").is_some() {
        found.add(&CODE, (spec, "selector"), "the selector of a cron job's job is made by the API server");
    }
    if spec.is_true("manualSelector") {
        found.add(
            &CODE,
            (spec, "manualSelector"),
            "the selector of a cron job's job is made by the API server",
        );
    }
}

/// The pods of an indexed job have its name and their index as host name.
fn index_in_name<'a>(subject: &Subject<'a>, spec: &'a Value, found: &mut Findings<'a>) {
    let last = spec.integer("completions").filter(|count| *count > 0).map(|count| count - 1);
    let Some(last) = last.filter(|_| spec.text("completionMode") == Some("Indexed")) else { return };
    let host = format!("{}-{last}", subject.name());
    if format::dns_subdomain(subject.name()).is_none()
        && format::dns_label(&host).is_some()
        && let Some(metadata) = subject.metadata()
    {
        found.add(
            &CODE,
            (metadata, "name"),
            format!("the job's pods would be named `{host}`, which is no DNS label"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn completion_modes() {
        refuses(&CODE, "Job", "spec.completionMode: indexed", "spec.completionMode");
        refuses(&CODE, "Job", "spec.completionMode: Indexed\nspec.parallelism: 2", "spec.completions");
        accepts("Job", "spec.completionMode: Indexed");
        refuses(&CODE, "Job", "spec.backoffLimitPerIndex: 1", "spec.backoffLimitPerIndex");
        let indexed = "spec.completionMode: Indexed\nspec.completions: 100";
        refuses(&CODE, "Job", &format!("{indexed}\nmetadata.name: {}", "a".repeat(62)), "metadata.name");
        refuses(&CODE, "Job", &format!("{indexed}\nspec.maxFailedIndexes: 1"), "spec.backoffLimitPerIndex");
        accepts("Job", &format!("{indexed}\nspec.backoffLimitPerIndex: 1"));
    }

    #[test]
    fn failure_policies() {
        let rule = |rule: &str| format!("spec.podFailurePolicy: {{ rules: [{{ {rule} }}] }}");
        let at = |field: &str| format!("spec.podFailurePolicy.rules[0]{field}");
        refuses(
            &CODE,
            "Job",
            &rule("action: Retry, onPodConditions: [{ type: A, status: 'True' }]"),
            &at(".action"),
        );
        refuses(&CODE, "Job", &rule("action: Ignore"), &at(""));
        refuses(
            &CODE,
            "Job",
            &rule("action: FailJob, onExitCodes: { operator: In, values: [2, 1] }"),
            &at(".onExitCodes.values"),
        );
        refuses(
            &CODE,
            "Job",
            &rule("action: FailJob, onExitCodes: { operator: In, values: [0] }"),
            &at(".onExitCodes.values"),
        );
        let good = rule("action: FailJob, onExitCodes: { operator: In, values: [1, 2] }");
        accepts("Job", &good);
        refuses(
            &CODE,
            "Job",
            &format!("{good}\nspec.template.spec.restartPolicy: OnFailure"),
            "spec.template.spec.restartPolicy",
        );
    }

    #[test]
    fn a_cron_job_leaves_the_selector_alone() {
        let at = "spec.jobTemplate.spec.selector";
        refuses(&CODE, "CronJob", &format!("{at}: {{ matchLabels: {{ app: a }} }}"), at);
    }
}
