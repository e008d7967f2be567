//! `meta-owners`: finalizers and owner references are well-formed.

use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "meta-owners", Error,
    means: "`metadata.generation` is negative, a finalizer is neither one of Kubernetes' own nor a name with a domain, or an owner reference lacks a field, or two owners control the object.",
    matters: "The API server refuses the object.",
    example: "finalizers: [cleanup]",
    instead: "finalizers: [example.com/cleanup]",
    source: "validateKubeFinalizerName in pkg/apis/core/validation; ValidateOwnerReferences in k8s.io/apimachinery"
}

/// Kinds whose validation leaves out the look for a domain: custom resources, and those outside the core's own packages.
const UNPARTED: [&str; 13] = [
    "",
    "APIService",
    "CustomResourceDefinition",
    "Lease",
    "LeaseCandidate",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "PodDisruptionBudget",
    "RuntimeClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

/// Kinds whose generation the API server sets itself, whatever the manifest says: the `PrepareForCreate` of each in
/// `pkg/registry`.
const RENUMBERED: [&str; 26] = [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "DeviceClass",
    "DeviceTaintRule",
    "EndpointSlice",
    "FlowSchema",
    "Ingress",
    "IngressClass",
    "Job",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "NetworkPolicy",
    "Pod",
    "PodDisruptionBudget",
    "PodTemplate",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "ReplicaSet",
    "ReplicationController",
    "ResourceSlice",
    "StatefulSet",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let own = subject.spec_of("Namespace").map_or(&[][..], |spec| spec.items("finalizers"));
    let metadata = subject.metadata();
    let finalizers = metadata.map_or(&[][..], |metadata| metadata.items("finalizers"));
    for finalizer in finalizers.iter().chain(own) {
        let Some(name) = finalizer.as_str() else { continue };
        let plain = matches!(name, "kubernetes" | "orphan" | "foregroundDeletion")
            || UNPARTED.contains(&subject.kind);
        if !plain && !name.contains('/') || format::qualified_name(name).is_some() {
            found.add(&CODE, finalizer, format!("the finalizer `{name}` is no name with a domain before it"));
        }
    }
    let counted = subject.kind == "HorizontalPodAutoscaler" && subject.version() >= KubernetesVersion::V1_37;
    let kept = !RENUMBERED.contains(&subject.kind) && !counted;
    let generation =
        metadata.and_then(|metadata| metadata.integer("generation")).filter(|it| kept && *it < 0);
    if let Some(generation) = generation {
        let place = (metadata.unwrap_or(subject.value), "generation");
        found.add(&CODE, place, format!("the generation is negative: {generation}"));
    }
    let owners = metadata.map_or(&[][..], |metadata| metadata.items("ownerReferences"));
    let mut controller: Option<&Value> = None;
    for owner in owners {
        owner_reference(owner, found);
        if owner.is_true("controller") {
            // An owner that stands twice, word for word, is one owner.
            if controller.is_some_and(|first| first != owner) {
                found.add(&CODE, (owner, "controller"), "another owner controls the object already");
            }
            controller = controller.or(Some(owner));
        }
    }
}

fn owner_reference<'a>(owner: &'a Value, found: &mut Findings<'a>) {
    for key in ["apiVersion", "kind", "name", "uid"] {
        let text = owner.text(key);
        let version_missing = key == "apiVersion"
            && text.is_some_and(|text| text.ends_with('/') || text.matches('/').count() > 1);
        if text == Some("") || version_missing {
            found.add(&CODE, (owner, key), format!("an owner reference has a `{key}`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, edited, findings_of_one, finds_of, refuses};

    #[test]
    fn finalizers_and_owners() {
        refuses(&CODE, "ConfigMap", "metadata.finalizers: [cleanup]", "metadata.finalizers[0]");
        let owner =
            |name: &str| format!("{{ apiVersion: v1, kind: A, name: '{name}', uid: u, controller: true }}");
        refuses(
            &CODE,
            "ConfigMap",
            &format!("metadata.ownerReferences: [{}]", owner("")),
            "metadata.ownerReferences[0].name",
        );
        let two = format!("metadata.ownerReferences: [{}, {}]", owner("a"), owner("b"));
        refuses(&CODE, "ConfigMap", &two, "metadata.ownerReferences[1].controller");
        accepts("ConfigMap", &format!("metadata.ownerReferences: [{}, {}]", owner("a"), owner("a")));
        accepts("ConfigMap", "metadata.finalizers: [example.com/cleanup, orphan]");
        accepts("Namespace", "spec: { finalizers: [kubernetes] }");
    }

    #[test]
    fn an_autoscaler_is_counted_since_1_37() {
        // That the server writes the field itself is another rule's to say.
        let is_refused = |version| {
            let found =
                findings_of_one(version, edited("HorizontalPodAutoscaler", "metadata.generation: -1"));
            found.contains(&(CODE.name.to_owned(), "metadata.generation".to_owned()))
        };
        assert!(is_refused(KubernetesVersion::V1_36));
        assert!(!is_refused(KubernetesVersion::V1_37));
    }

    /// Argo CD's own finalizer has no slash, and its Applications are everywhere.
    #[test]
    fn a_custom_resource_may_have_a_plain_finalizer() {
        let application = |finalizer: &str| {
            format!(
                "{{ apiVersion: argoproj.io/v1alpha1, kind: Application, \
                 metadata: {{ name: shop, namespace: argocd, finalizers: ['{finalizer}'] }} }}"
            )
        };
        finds_of(&CODE, &application("resources-finalizer.argocd.argoproj.io"), &[]);
        finds_of(&CODE, &application("not a name"), &[("Application argocd/shop", "metadata.finalizers[0]")]);
    }
}
