//! What kustomize does to a list when a strategic merge patch names it.
//!
//! Kustomize (v5, `kyaml/openapi/kubernetesapi`) carries the OpenAPI document of Kubernetes 1.21. A list for which
//! that document has a merge key is merged by key; a list without one is replaced; a kind that it does not know is
//! patched as plain JSON. Kubernetes has given merge keys to more lists since, and kustomize may learn them, so those
//! lists, and all lists of kinds that kustomize does not know, are [`ListRule::Unsettled`] here.

use crate::object::GroupVersionKind;

/// What a strategic merge patch does to one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListRule {
    /// Elements are matched by these keys.
    Keyed(&'static [&'static str]),
    /// The patch's list takes the place of the object's.
    Replaced,
    /// Not the same in every kustomize: stay away.
    Unsettled,
}

/// The rule for the list at `path`, the keys from the root of an object of kind `gvk` with list positions left out.
pub(super) fn rule(gvk: &GroupVersionKind, path: &[&str]) -> ListRule {
    if !known(gvk) || matches!(path, [.., "metadata", "finalizers" | "ownerReferences"]) {
        return ListRule::Unsettled;
    }
    if let Some(rest) = path.strip_prefix(pod_spec(&gvk.kind)) {
        return in_pod_spec(rest);
    }
    match (gvk.kind.as_str(), path) {
        ("Service", ["spec", "ports"]) => ListRule::Keyed(&["port", "protocol"]),
        ("ServiceAccount", ["secrets"]) | (_, ["webhooks"]) => ListRule::Keyed(&["name"]),
        (_, ["webhooks", "matchConditions"] | ["status", ..]) => ListRule::Unsettled,
        _ => ListRule::Replaced,
    }
}

/// The keys from the root of an object to its pod spec; for a kind without pods, a path that is never met.
pub(super) fn pod_spec(kind: &str) -> &'static [&'static str] {
    match kind {
        "Pod" => &["spec"],
        "PodTemplate" => &["template", "spec"],
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" => {
            &["spec", "template", "spec"]
        }
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &[""],
    }
}

fn in_pod_spec(path: &[&str]) -> ListRule {
    match path {
        ["containers" | "initContainers" | "volumes" | "imagePullSecrets"] => ListRule::Keyed(&["name"]),
        ["containers" | "initContainers", rest @ ..] => in_container(rest),
        ["hostAliases"] => ListRule::Keyed(&["ip"]),
        ["topologySpreadConstraints"] => ListRule::Keyed(&["topologyKey", "whenUnsatisfiable"]),
        ["ephemeralContainers" | "resourceClaims" | "schedulingGates", ..] => ListRule::Unsettled,
        _ => ListRule::Replaced,
    }
}

fn in_container(path: &[&str]) -> ListRule {
    match path {
        ["env"] => ListRule::Keyed(&["name"]),
        ["volumeMounts"] => ListRule::Keyed(&["mountPath"]),
        ["volumeDevices"] => ListRule::Keyed(&["devicePath"]),
        ["ports"] => ListRule::Keyed(&["containerPort", "protocol"]),
        _ => ListRule::Replaced,
    }
}

/// Whether kustomize has a schema for the kind. The kinds of Kubernetes 1.21 that are still served.
fn known(gvk: &GroupVersionKind) -> bool {
    let kinds: &[&str] = match gvk.api_version.as_str() {
        "v1" => &[
            "ConfigMap",
            "Endpoints",
            "LimitRange",
            "Namespace",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
        "apps/v1" => &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
        "batch/v1" => &["CronJob", "Job"],
        "networking.k8s.io/v1" => &["Ingress", "IngressClass", "NetworkPolicy"],
        "policy/v1" => &["PodDisruptionBudget"],
        "autoscaling/v1" => &["HorizontalPodAutoscaler"],
        "rbac.authorization.k8s.io/v1" => &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
        "scheduling.k8s.io/v1" => &["PriorityClass"],
        "storage.k8s.io/v1" => &["CSIDriver", "StorageClass"],
        "node.k8s.io/v1" => &["RuntimeClass"],
        "coordination.k8s.io/v1" => &["Lease"],
        "discovery.k8s.io/v1" => &["EndpointSlice"],
        "admissionregistration.k8s.io/v1" => {
            &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]
        }
        "apiextensions.k8s.io/v1" => &["CustomResourceDefinition"],
        _ => &[],
    };
    kinds.contains(&gvk.kind.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule_of(api_version: &str, kind: &str, path: &str) -> ListRule {
        let path: Vec<&str> = path.split('.').collect();
        rule(&GroupVersionKind::new(api_version, kind), &path)
    }

    #[test]
    fn the_lists_of_a_pod_are_merged_by_their_keys() {
        let env = rule_of("apps/v1", "Deployment", "spec.template.spec.containers.env");
        assert_eq!(env, ListRule::Keyed(&["name"]));
        let env = rule_of("batch/v1", "CronJob", "spec.jobTemplate.spec.template.spec.initContainers.env");
        assert_eq!(env, ListRule::Keyed(&["name"]));
        let arguments = rule_of("apps/v1", "Deployment", "spec.template.spec.containers.args");
        assert_eq!(arguments, ListRule::Replaced);
    }

    #[test]
    fn a_list_that_only_newer_schemas_merge_is_left_alone() {
        assert_eq!(rule_of("v1", "Pod", "spec.schedulingGates"), ListRule::Unsettled);
        assert_eq!(rule_of("v1", "ConfigMap", "metadata.finalizers"), ListRule::Unsettled);
    }

    #[test]
    fn lists_of_a_kind_that_kustomize_does_not_know_are_left_alone() {
        assert_eq!(rule_of("serving.knative.dev/v1", "Service", "spec.ports"), ListRule::Unsettled);
        assert_eq!(rule_of("autoscaling/v2", "HorizontalPodAutoscaler", "spec.metrics"), ListRule::Unsettled);
    }
}
