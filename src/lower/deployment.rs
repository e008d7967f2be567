//! Deployments and `DaemonSets`: pods without an identity of their own.

use k8s_openapi::api::apps::v1::{
    DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, Deployment, DeploymentSpec, DeploymentStrategy,
    RollingUpdateDaemonSet, RollingUpdateDeployment,
};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::labels;
use super::workload::REVISIONS;
use crate::model::{Replicas, Strategy, Workload};

pub(super) fn deployment(
    workload: &Workload,
    metadata: ObjectMeta,
    template: PodTemplateSpec,
    (replicas, replacement): (Replicas, Strategy),
) -> Deployment {
    let spec = DeploymentSpec {
        replicas: fixed(replicas),
        revision_history_limit: Some(REVISIONS),
        selector: labels::selector(workload),
        strategy: Some(strategy(replacement)),
        template,
        ..DeploymentSpec::default()
    };
    Deployment { metadata, spec: spec.into(), status: None }
}

/// The number of pods; absent where an autoscaler decides, which every apply would else overrule.
pub(super) const fn fixed(replicas: Replicas) -> Option<i32> {
    match replicas {
        Replicas::Fixed(count) => Some(count),
        Replicas::Autoscaled => None,
    }
}

/// A roll-out never has fewer ready pods than it began with, and needs room for a quarter more while it lasts.
fn strategy(strategy: Strategy) -> DeploymentStrategy {
    match strategy {
        Strategy::Recreate => DeploymentStrategy { type_: Some("Recreate".to_owned()), rolling_update: None },
        Strategy::Rolling => DeploymentStrategy {
            type_: Some("RollingUpdate".to_owned()),
            rolling_update: Some(RollingUpdateDeployment {
                max_surge: Some(IntOrString::String("25%".to_owned())),
                max_unavailable: Some(IntOrString::Int(0)),
            }),
        },
    }
}

pub(super) fn daemon_set(workload: &Workload, metadata: ObjectMeta, template: PodTemplateSpec) -> DaemonSet {
    let spec = DaemonSetSpec {
        revision_history_limit: Some(REVISIONS),
        selector: labels::selector(workload),
        template,
        update_strategy: Some(one_node_at_a_time()),
        ..DaemonSetSpec::default()
    };
    DaemonSet { metadata, spec: spec.into(), status: None }
}

fn one_node_at_a_time() -> DaemonSetUpdateStrategy {
    DaemonSetUpdateStrategy {
        type_: Some("RollingUpdate".to_owned()),
        rolling_update: Some(RollingUpdateDaemonSet {
            max_unavailable: Some(IntOrString::Int(1)),
            ..RollingUpdateDaemonSet::default()
        }),
    }
}
