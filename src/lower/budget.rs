//! `PodDisruptionBudgets`: how many pods a node drain may take away at once.

use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::labels;
use super::workload::meta;
use crate::model::{Budget, Platform, Workload};

/// The budget of `workload`, if it has one.
///
/// `AlwaysAllow` lets a drain evict pods that are not ready anyway; with the default, one crashing pod blocks the
/// upgrade of its node (<https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy>).
pub(super) fn budget(platform: &Platform, workload: &Workload) -> Option<PodDisruptionBudget> {
    let (max_unavailable, min_available) = match workload.budget.as_ref()? {
        Budget::MaxUnavailable(amount) => (Some(number_or_percentage(amount)), None),
        Budget::MinAvailable(amount) => (None, Some(number_or_percentage(amount))),
    };
    let spec = PodDisruptionBudgetSpec {
        max_unavailable,
        min_available,
        selector: Some(labels::selector(workload)),
        unhealthy_pod_eviction_policy: Some("AlwaysAllow".to_owned()),
    };
    Some(PodDisruptionBudget { metadata: meta(platform, workload), spec: Some(spec), status: None })
}

fn number_or_percentage(text: &str) -> IntOrString {
    text.parse().map_or_else(|_| IntOrString::String(text.to_owned()), IntOrString::Int)
}
