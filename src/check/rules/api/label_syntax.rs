//! `label-syntax`: the keys and values of labels, and of the maps that select by labels.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "label-syntax", Error,
    means: "The key of a label is no qualified name, or its value has more than 63 characters or others than letters, digits, `-`, `_` and `.`.",
    matters: "The API server refuses the object.",
    example: "labels: { app: \"my app\" }",
    instead: "labels: { app: my-app }",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/; ValidateLabels in k8s.io/apimachinery"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let metadata = subject.metadata();
    labels(metadata.and_then(|metadata| metadata.child("labels")), found);
    if let Some(pod) = subject.pod {
        if pod.owner != "Pod" {
            labels(pod.labels(), found);
        }
        labels(pod.spec.child("nodeSelector"), found);
        for volume in pod.volumes() {
            labels(volume.below(&["ephemeral", "volumeClaimTemplate", "metadata", "labels"]), found);
        }
    }
    labels(subject.spec_of("Service").and_then(|spec| spec.child("selector")), found);
}

pub(super) fn labels<'a>(map: Option<&'a Value>, found: &mut Findings<'a>) {
    let Some(map) = map else { return };
    for (key, value) in map.as_object().into_iter().flatten() {
        if let Some(problem) = format::qualified_name(key) {
            found.add(&CODE, (map, key.as_str()), format!("the label key `{key}` is {problem}"));
        }
        if let Some(text) = value.as_str()
            && let Some(problem) = format::label_value(text)
        {
            found.add(&CODE, value, format!("the value `{text}` of label `{key}` is {problem}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn keys_and_values_have_a_form() {
        refuses(&CODE, "ConfigMap", "metadata.labels[a/b/c]: x", "metadata.labels[a/b/c]");
        refuses(&CODE, "ConfigMap", "metadata.labels.app: my app", "metadata.labels[app]");
        refuses(
            &CODE,
            "Deployment",
            "spec.template.metadata.labels.x: '-'",
            "spec.template.metadata.labels[x]",
        );
        refuses(
            &CODE,
            "Deployment",
            "spec.template.spec.nodeSelector.x: a/b",
            "spec.template.spec.nodeSelector[x]",
        );
        refuses(&CODE, "Service", "spec.selector.x: a/b", "spec.selector.x");
        accepts("ConfigMap", "metadata.labels[example.com/A_b]: ''");
    }
}
