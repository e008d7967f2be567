//! What a version of Kubernetes takes without a look, though it will not work.
//!
//! Kubernetes 1.33 validates neither the pods of a `StatefulSet` nor its claim templates: it takes the object, and refuses
//! each pod and claim that its controller then asks for. What the rules find there is still worth saying, but it is no
//! refusal of the object, so it becomes a warning. Takes findings; gives them weighed anew, and leaves none out.

use super::context::Context;
use super::finding::Finding;
use super::{KubernetesVersion, rule, rule::Family};
use crate::diag::Severity;
use crate::object::Object;
use crate::source::Segment;

/// What the schema requires or bounds is asked by validation, which did not run; what it says of shapes, by decoding.
const ASKED_BY_VALIDATION: [&str; 3] = ["schema-required", "schema-constraint", "list-map-duplicate"];

/// The fields of a pod that 1.33 looked at all the same.
const LOOKED_AT: [&str; 2] = ["restartPolicy", "activeDeadlineSeconds"];

/// Makes warnings of what a cluster of that version does not refuse, in `ValidateStatefulSetSpec` of
/// `pkg/apis/apps/validation`.
pub(super) fn weigh(findings: &mut [Finding], objects: &[Object], context: &Context<'_>) {
    if context.schemas.version() > KubernetesVersion::V1_33 {
        return;
    }
    for finding in findings {
        let object = finding.object.and_then(|index| objects.get(index));
        let is_set = object.is_some_and(|it| it.id.gvk.kind == "StatefulSet" && it.id.gvk.group() == "apps");
        if is_set && is_of_validation(finding.diagnostic.code.name) && is_overlooked(finding.field.segments())
        {
            finding.diagnostic.severity = Severity::Warning;
            let hint = "Kubernetes 1.33 takes the StatefulSet, and then refuses what it is to be made of";
            finding.diagnostic.hints.push(hint.to_owned());
        }
    }
}

/// Whether validation says it, and not decoding.
pub(super) fn is_of_validation(code: &str) -> bool {
    ASKED_BY_VALIDATION.contains(&code) || rule(code).is_some_and(|rule| rule.family == Family::Api)
}

fn is_overlooked(field: &[Segment]) -> bool {
    let keys: Vec<&str> = field
        .iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
        .collect();
    match keys.as_slice() {
        // A moment that is none cannot be decoded.
        [.., last] if *last == "time" || last.ends_with("Time") || last.ends_with("Timestamp") => false,
        ["spec", "volumeClaimTemplates", _, ..] => true,
        ["spec", "template", "spec", key, ..] => !LOOKED_AT.contains(key),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{edited, schemas};
    use crate::check::{Profile, run};
    use crate::source::KeyPath;

    /// The weights of what is said of a `StatefulSet` in a version.
    fn weights(version: KubernetesVersion, edit: &str) -> Vec<Severity> {
        let objects = [Object::from_value(edited("StatefulSet", edit), "component", KeyPath::root())];
        let context = Context { profile: Profile::Api, ..Context::new(schemas(version)) };
        run(&objects, &context).into_iter().map(|it| it.diagnostic.severity).collect()
    }

    #[test]
    fn a_set_whose_pods_are_refused_is_taken_by_1_33() {
        let pod = "spec.template.spec.containers[0]";
        for edit in [
            &format!("{pod}.imagePullPolicy: always"),
            &format!("{pod}.name: ~absent"),
            "spec.volumeClaimTemplates[0].spec.accessModes: []",
        ] {
            assert_eq!(weights(KubernetesVersion::V1_33, edit), [Severity::Warning], "{edit}");
            assert_eq!(weights(KubernetesVersion::V1_34, edit), [Severity::Error], "{edit}");
        }
        for edit in
            [&format!("{pod}.tty: maybe"), "spec.template.spec.restartPolicy: Never", "spec.serviceName: a.b"]
        {
            assert_eq!(weights(KubernetesVersion::V1_33, edit), [Severity::Error], "{edit}");
        }
    }
}
