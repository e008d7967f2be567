//! `spec-required`: no part of a spec is left out without which nothing remains.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "spec-required", Error,
    means: "The object has no `spec`, or its pod template or claim template has none. Kubernetes' schemas do not require it.",
    matters: "The API server takes it for an empty one, and refuses the object for all that is missing in it.",
    example: "kind: Deployment\nspec: { selector: { matchLabels: { app: api } }, template: { metadata: { labels: { app: api } } } }",
    instead: "kind: Deployment\nspec: { selector: …, template: { metadata: …, spec: { containers: [{ name: api, image: … }] } } }",
    source: "ValidatePodSpec and the validation of each kind"
}

/// Kinds, and the paths of theirs that must not end early. What the schema requires is missed elsewhere.
const PATHS: [(&str, &[&[&str]]); 11] = [
    ("Service", &[&["spec"]]),
    ("Pod", &[&["spec"]]),
    ("Ingress", &[&["spec"]]),
    ("IngressClass", &[&["spec"]]),
    ("HorizontalPodAutoscaler", &[&["spec"]]),
    ("PersistentVolumeClaim", &[&["spec"]]),
    ("Deployment", &[&["spec"], &["spec", "template", "spec"]]),
    ("StatefulSet", &[&["spec"], &["spec", "template", "spec"]]),
    ("DaemonSet", &[&["spec"], &["spec", "template", "spec"]]),
    ("Job", &[&["spec"], &["spec", "template", "spec"]]),
    (
        "CronJob",
        &[&["spec"], &["spec", "jobTemplate", "spec"], &["spec", "jobTemplate", "spec", "template", "spec"]],
    ),
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let paths = PATHS.iter().find(|(kind, _)| *kind == subject.kind).map_or(&[][..], |(_, paths)| paths);
    for path in paths {
        let Some((last, front)) = path.split_last() else { continue };
        if let Some(parent) = subject.value.below(front)
            && parent.child(last).is_none()
        {
            found.add(&CODE, (parent, *last), format!("`{}` is missing", path.join(".")));
        }
    }
    for template in subject.spec_of("StatefulSet").map_or(&[][..], |spec| spec.items("volumeClaimTemplates"))
    {
        if template.child("spec").is_none() {
            found.add(&CODE, (template, "spec"), "the claim template has no spec");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn nothing_ends_early() {
        for kind in ["Service", "Pod", "Deployment", "CronJob", "Ingress", "PersistentVolumeClaim"] {
            refuses(&CODE, kind, "spec: ~absent", "spec");
        }
        refuses(&CODE, "Job", "spec.template.spec: ~absent", "spec.template.spec");
        refuses(&CODE, "CronJob", "spec.jobTemplate.spec: ~absent", "spec.jobTemplate.spec");
        refuses(
            &CODE,
            "StatefulSet",
            "spec.volumeClaimTemplates[0].spec: ~absent",
            "spec.volumeClaimTemplates[0].spec",
        );
        accepts("ResourceQuota", "spec: ~absent");
    }
}
