//! `selector-matches-template`: the selector of a workload selects the pods of its own template.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::selector::{self, LabelMap};
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "selector-matches-template", Error,
    means: "`spec.selector` is empty, or does not match the labels of the pod template.",
    matters: "The API server refuses the workload: it would make pods without end that it does not recognise.",
    example: "selector: { matchLabels: { app: api } }\ntemplate: { metadata: { labels: { app: web } } }",
    instead: "selector: { matchLabels: { app: api } }\ntemplate: { metadata: { labels: { app: api } } }",
    source: "ValidateDeploymentSpec, ValidateStatefulSetSpec, ValidateDaemonSetSpec and ValidateJobSpec"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec() else { return };
    let (Some(selector), Some(template)) = (spec.child("selector"), spec.child("template")) else { return };
    match subject.kind {
        "ReplicationController" => return plain_selector(selector, template, found),
        "Job" => return generated_selector(subject, (spec, selector), found),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" => {}
        _ => return,
    }
    let labels = selector::labels(template.below(&["metadata", "labels"]));
    if selector::is_empty(selector) {
        found.add(&CODE, selector, "the selector is empty");
    } else if is_evaluable(selector) && !selector::matches(selector, &labels) {
        let place = template.child("metadata").unwrap_or(template);
        found.add(&CODE, (place, "labels"), "the selector does not match the labels of the pod template");
    }
}

/// The selector of a `ReplicationController` is a map. An empty one stands for the labels of the template.
fn plain_selector<'a>(selector: &'a Value, template: &'a Value, found: &mut Findings<'a>) {
    if !selector::map_matches(selector, &selector::labels(template.below(&["metadata", "labels"]))) {
        let place = template.child("metadata").unwrap_or(template);
        found.add(&CODE, (place, "labels"), "the selector does not match the labels of the pod template");
    }
}

/// The API server makes the selector of a Job, unless it is told not to.
fn generated_selector<'a>(
    subject: &Subject<'a>,
    (spec, selector): (&'a Value, &'a Value),
    found: &mut Findings<'a>,
) {
    let matches =
        selector::matches(selector, &selector::labels(spec.below(&["template", "metadata", "labels"])));
    if !spec.is_true("manualSelector") {
        if !is_evaluable(selector) || selector::matches(selector, &generated_labels(subject.name())) {
            return;
        }
        found.add(
            &CODE,
            selector,
            "the selector of a Job is made by the API server, unless `manualSelector` is true",
        );
    } else if is_evaluable(selector) && !matches {
        found.add(&CODE, selector, "the selector does not match the labels of the pod template");
    }
}

/// The labels that the API server gives the pods of a Job, and alone compares a selector with. The identity of the Job
/// is not known before it is made, so only its presence can be asked for.
fn generated_labels(name: &str) -> LabelMap<'_> {
    let keys = ["job-name", "batch.kubernetes.io/job-name"].map(|key| (key, name));
    let identity = ["controller-uid", "batch.kubernetes.io/controller-uid"].map(|key| (key, "\u{0}"));
    keys.into_iter().chain(identity).collect()
}

/// A selector with an unknown operator is a finding of another rule.
fn is_evaluable(selector: &Value) -> bool {
    let known = ["In", "NotIn", "Exists", "DoesNotExist"];
    let mut expressions = selector.items("matchExpressions").iter();
    expressions.all(|expression| known.contains(&expression.text_or_empty("operator")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_workload_selects_its_own_pods() {
        for kind in ["Deployment", "StatefulSet", "DaemonSet"] {
            refuses(
                &CODE,
                kind,
                "spec.template.metadata.labels: { app: other }",
                "spec.template.metadata.labels",
            );
            refuses(&CODE, kind, "spec.selector: {}", "spec.selector");
        }
        accepts("Deployment", "spec.template.metadata.labels.more: x");
    }

    #[test]
    fn a_job_has_no_selector_of_its_own() {
        refuses(&CODE, "Job", "spec.selector: { matchLabels: { app: seed } }", "spec.selector");
        accepts("Job", "spec.selector: { matchLabels: { app: seed } }\nspec.manualSelector: true");
    }
}
