//! `spec-required`: no part of a spec is left out without which nothing remains.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::source::{KeyPath, Segment};

code! {
    "spec-required", Error,
    means: "The object has no `spec`, or its pod template or claim template has none. Kubernetes' schemas do not require it.",
    matters: "The API server takes it for an empty one, and refuses the object for all that is missing in it.",
    example: "kind: Deployment\nspec: { selector: { matchLabels: { app: api } }, template: { metadata: { labels: { app: api } } } }",
    instead: "kind: Deployment\nspec: { selector: …, template: { metadata: …, spec: { containers: [{ name: api, image: … }] } } }",
    source: "ValidatePodSpec and the validation of each kind"
}

/// Kinds, the paths of theirs that must not end early, and what the API server misses first where they do. What the
/// schema requires is missed elsewhere.
const PATHS: [(&str, &[Needed]); 24] = [
    ("Service", &[(&["spec"], &["ports"])]),
    ("Pod", &[(&["spec"], &["containers"])]),
    ("Ingress", &[(&["spec"], &[])]),
    ("IngressClass", &[(&["spec"], &["controller"])]),
    ("HorizontalPodAutoscaler", &[(&["spec"], &["maxReplicas"])]),
    ("PersistentVolumeClaim", &[(&["spec"], &["accessModes"])]),
    ("Deployment", &[(&["spec"], &["selector"]), POD]),
    ("StatefulSet", &[(&["spec"], &["selector"]), POD]),
    ("DaemonSet", &[(&["spec"], &["selector"]), POD]),
    ("Job", &[(&["spec"], &["template", "spec", "containers"]), POD]),
    ("ReplicaSet", &[(&["spec"], &["selector"]), (&["spec", "template"], &["spec", "containers"]), POD]),
    ("ReplicationController", &[(&["spec"], &["template"]), (&["spec", "template"], &[]), POD]),
    ("PodTemplate", &[(&["template"], &["spec", "containers"]), (&["template", "spec"], &["containers"])]),
    ("PersistentVolume", &[(&["spec"], &["accessModes"])]),
    ("ValidatingAdmissionPolicy", &[(&["spec"], &["matchConstraints"])]),
    ("ValidatingAdmissionPolicyBinding", &[(&["spec"], &["policyName"])]),
    ("MutatingAdmissionPolicy", &[(&["spec"], &["matchConstraints"])]),
    ("MutatingAdmissionPolicyBinding", &[(&["spec"], &["policyName"])]),
    ("FlowSchema", &[(&["spec"], &["priorityLevelConfiguration", "name"])]),
    ("PriorityLevelConfiguration", &[(&["spec"], &["type"])]),
    ("APIService", &[(&["spec"], &["version"])]),
    ("IPAddress", &[(&["spec"], &["parentRef"])]),
    ("ServiceCIDR", &[(&["spec"], &["cidrs"])]),
    (
        "CronJob",
        &[
            (&["spec"], &["schedule"]),
            (&["spec", "jobTemplate", "spec"], &["template", "spec", "containers"]),
            (&["spec", "jobTemplate", "spec", "template", "spec"], &["containers"]),
        ],
    ),
];

type Needed = (&'static [&'static str], &'static [&'static str]);

const POD: Needed = (&["spec", "template", "spec"], &["containers"]);

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let paths = PATHS.iter().find(|(kind, _)| *kind == subject.kind).map_or(&[][..], |(_, paths)| paths);
    for (path, first) in paths {
        let Some((last, front)) = path.split_last() else { continue };
        if subject.value.below(front).is_some_and(|parent| parent.child(last).is_none()) {
            let place: KeyPath =
                path.iter().chain(*first).map(|key| Segment::Key((*key).to_owned())).collect();
            found.add(&CODE, place, format!("`{}` is missing", path.join(".")));
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
        for (kind, field) in [
            ("Service", "spec.ports"),
            ("Pod", "spec.containers"),
            ("Deployment", "spec.selector"),
            ("CronJob", "spec.schedule"),
            ("Ingress", "spec"),
            ("PersistentVolumeClaim", "spec.accessModes"),
        ] {
            refuses(&CODE, kind, "spec: ~absent", field);
        }
        refuses(&CODE, "Job", "spec.template.spec: ~absent", "spec.template.spec.containers");
        let job = "spec.jobTemplate.spec";
        refuses(&CODE, "CronJob", &format!("{job}: ~absent"), &format!("{job}.template.spec.containers"));
        refuses(
            &CODE,
            "StatefulSet",
            "spec.volumeClaimTemplates[0].spec: ~absent",
            "spec.volumeClaimTemplates[0].spec",
        );
        accepts("ResourceQuota", "spec: ~absent");
    }
}
