//! `annotation-syntax`: the keys of annotations, and the size of all of them.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "annotation-syntax", Error,
    means: "The key of an annotation is no qualified name, or all annotations of the object together exceed 256 KiB.",
    matters: "The API server refuses the object.",
    example: "annotations: { \"my note\": x }",
    instead: "annotations: { example.com/my-note: x }",
    source: "ValidateAnnotations in k8s.io/apimachinery/pkg/api/validation"
}

const MOST_BYTES: usize = 256 * 1024;

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let own = subject.metadata();
    let template =
        subject.pod.filter(|pod| pod.owner != "Pod").and_then(|pod| pod.template.child("metadata"));
    for metadata in own.into_iter().chain(template) {
        if let Some(annotations) = metadata.child("annotations") {
            check_annotations(annotations, found);
        }
    }
}

fn check_annotations<'a>(annotations: &'a Value, found: &mut Findings<'a>) {
    let mut bytes = 0;
    for (key, value) in annotations.as_object().into_iter().flatten() {
        bytes += key.len() + value.as_str().map_or(0, str::len);
        if let Some(problem) = format::qualified_name(&key.to_lowercase()) {
            found.add(&CODE, (annotations, key.as_str()), format!("the annotation key `{key}` is {problem}"));
        }
    }
    if bytes > MOST_BYTES {
        found.add(&CODE, annotations, format!("the annotations have {bytes} bytes, more than {MOST_BYTES}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn keys_have_a_form_and_values_a_size() {
        refuses(&CODE, "ConfigMap", "metadata.annotations[my note]: x", "metadata.annotations[my note]");
        refuses(
            &CODE,
            "Deployment",
            "spec.template.metadata.annotations[-]: x",
            "spec.template.metadata.annotations[-]",
        );
        refuses(
            &CODE,
            "ConfigMap",
            &format!("metadata.annotations.a: {}", "x".repeat(MOST_BYTES)),
            "metadata.annotations",
        );
        accepts("ConfigMap", "metadata.annotations[Example.COM/Note]: anything goes\\n here");
    }
}
