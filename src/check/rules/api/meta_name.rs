//! `meta-name`: the object has a name of the form that its kind asks for.

use crate::check::KubernetesVersion;
use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format::{self, Problem};
use crate::check::rules::code;
use crate::check::schema::Kind;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

code! {
    "meta-name", Error,
    means: "`metadata.name` is missing, or not of the form that the kind asks for: a DNS name for most, a DNS label for namespaces, stateful sets and services, any path segment for roles, at most 52 characters for cron jobs and 63 for jobs. (The API server makes up a name for a LimitRange.)",
    matters: "The API server refuses the object.",
    example: "kind: Service\nmetadata: { name: My_Service }",
    instead: "kind: Service\nmetadata: { name: my-service }",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/; ValidateObjectMeta and the name function of each kind"
}

/// Kinds of objects that become pods, hosts or resources named by a DNS name.
const DNS_NAMES: [&str; 46] = [
    "CSIDriver",
    "CSINode",
    "CSIStorageCapacity",
    "ConfigMap",
    "ControllerRevision",
    "CronJob",
    "CustomResourceDefinition",
    "DaemonSet",
    "Deployment",
    "DeviceClass",
    "EndpointSlice",
    "Endpoints",
    "FlowSchema",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "Job",
    "Lease",
    "LimitRange",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "NetworkPolicy",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "ReplicaSet",
    "ReplicationController",
    "ResourceClaim",
    "ResourceClaimTemplate",
    "ResourceQuota",
    "ResourceSlice",
    "RuntimeClass",
    "Secret",
    "ServiceAccount",
    "ServiceCIDR",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
];

/// Kinds whose prefixes are hardly looked at since Kubernetes 1.35: the form is asked of whole names alone.
const UNPREFIXED: [&str; 2] = ["DeviceClass", "ReplicationController"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(metadata) = subject.metadata() else {
        if subject.kind != "LimitRange" {
            found.add(&CODE, KeyPath::of(["metadata", "name"]), "the object has no name");
        }
        return;
    };
    let (name, prefix) = (metadata.text_or_empty("name"), metadata.text_or_empty("generateName"));
    if name.is_empty() && prefix.is_empty() && subject.kind != "LimitRange" {
        found.add(&CODE, (metadata, "name"), "the object has no name");
    }
    if !name.is_empty()
        && let Some(problem) = problem(subject, name)
    {
        found.add(&CODE, (metadata, "name"), format!("the name `{name}` is {problem}"));
    }
    if !prefix.is_empty() {
        check_prefix(subject, metadata, found);
    }
}

/// A generated name goes on after the prefix, so the prefix may end in a hyphen.
fn check_prefix<'a>(subject: &Subject<'a>, metadata: &'a Value, found: &mut Findings<'a>) {
    let prefix = metadata.text_or_empty("generateName");
    // What only a whole path segment may not be, `..`, is no prefix to refuse.
    let is_dots = matches!(prefix, "." | "..") && problem(subject, "a b").is_none();
    let masked = prefix.strip_suffix('-').map_or_else(|| prefix.to_owned(), |front| format!("{front}a"));
    let masked = if is_dots { "a".to_owned() } else { masked };
    let is_named = !metadata.text_or_empty("name").is_empty();
    let is_unprefixed = UNPREFIXED.contains(&subject.kind) && subject.version() >= KubernetesVersion::V1_35;
    let problem =
        if is_unprefixed && is_named { format::path_segment(&masked) } else { problem(subject, &masked) };
    if let Some(problem) = problem {
        let key = if is_unprefixed && !is_named { "name" } else { "generateName" };
        found.add(&CODE, (metadata, key), format!("the name prefix `{prefix}` is {problem}"));
    }
}

fn problem(subject: &Subject<'_>, name: &str) -> Problem {
    match subject.kind {
        "Service" if !subject.serves(Feature::RelaxedServiceNameValidation) => format::dns_1035_label(name),
        "Namespace" | "StatefulSet" | "Service" => format::dns_label(name),
        "CronJob" if name.len() > 52 => {
            Some("longer than the 52 characters that leave room for the names of its jobs")
        }
        "Job" if name.len() > 63 && !subject.spec().is_some_and(|spec| spec.is_true("manualSelector")) => {
            Some("longer than the 63 characters of the label that its pods get")
        }
        kind if DNS_NAMES.contains(&kind) || is_custom(subject) => format::dns_subdomain(name),
        _ => format::path_segment(name),
    }
}

fn is_custom(subject: &Subject<'_>) -> bool {
    subject.known.is_some_and(Kind::is_custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, accepts_in, refuses};

    #[test]
    fn a_name_is_judged_by_its_kind() {
        refuses(&CODE, "ConfigMap", "metadata.name: Api", "metadata.name");
        refuses(&CODE, "Namespace", "metadata.name: a.b", "metadata.name");
        refuses(&CODE, "StatefulSet", "metadata.name: a.b", "metadata.name");
        refuses(&CODE, "CronJob", &format!("metadata.name: {}", "a".repeat(53)), "metadata.name");
        refuses(&CODE, "Role", "metadata.name: a/b", "metadata.name");
        refuses(&CODE, "Job", &format!("metadata.name: {}", "a".repeat(64)), "metadata.name");
        refuses(&CODE, "ConfigMap", "metadata.name: ''", "metadata.name");
        refuses(&CODE, "ConfigMap", "metadata.name: ~absent", "metadata.name");
        accepts("ConfigMap", "metadata.name: a.b");
        accepts("Role", "metadata.name: 'system:a b'");
        accepts("PodDisruptionBudget", "metadata.name: A_b");
        accepts("CronJob", &format!("metadata.name: {}", "a".repeat(52)));
    }

    #[test]
    fn a_service_may_start_with_a_digit_since_1_36() {
        refuses(&CODE, "Service", "metadata.name: 1api", "metadata.name");
        accepts_in(KubernetesVersion::V1_36, "Service", "metadata.name: 1api");
    }

    #[test]
    fn a_name_may_be_generated() {
        accepts("PodDisruptionBudget", "metadata.name: ~absent\nmetadata.generateName: ..");
        accepts("Job", "metadata.name: ~absent\nmetadata.generateName: seed-");
        refuses(
            &CODE,
            "Job",
            "metadata.name: ~absent\nmetadata.generateName: Seed-",
            "metadata.generateName",
        );
    }
}
