//! `HorizontalPodAutoscalers`.

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget,
    ResourceMetricSource,
};

use super::absent;
use super::workload::{kind, meta};
use crate::model::{Platform, Workload};

/// How long demand must have been lower before pods go, in seconds.
const CALM: i32 = 300;

/// The autoscaler of `workload`, if it has one.
pub(super) fn autoscaler(platform: &Platform, workload: &Workload) -> Option<HorizontalPodAutoscaler> {
    let autoscaler = workload.autoscaler.as_ref()?;
    let metrics = autoscaler.targets.iter().map(|(resource, percent)| utilization(resource, *percent));
    let spec = HorizontalPodAutoscalerSpec {
        scale_target_ref: target(workload),
        min_replicas: Some(autoscaler.min),
        max_replicas: autoscaler.max,
        metrics: absent::list(metrics),
        behavior: Some(behavior()),
    };
    Some(HorizontalPodAutoscaler { metadata: meta(platform, workload), spec: spec.into(), status: None })
}

fn target(workload: &Workload) -> CrossVersionObjectReference {
    CrossVersionObjectReference {
        api_version: Some("apps/v1".to_owned()),
        kind: kind(workload).to_owned(),
        name: workload.name.to_string(),
    }
}

fn utilization(resource: &str, percent: i32) -> MetricSpec {
    let target = MetricTarget {
        type_: "Utilization".to_owned(),
        average_utilization: Some(percent),
        ..MetricTarget::default()
    };
    MetricSpec {
        type_: "Resource".to_owned(),
        resource: Some(ResourceMetricSource { name: resource.to_owned(), target }),
        ..MetricSpec::default()
    }
}

/// Pods come at once and go slowly, at most half of them a minute. The default lets all go at once, and the next peak
/// finds none.
fn behavior() -> HorizontalPodAutoscalerBehavior {
    let half = HPAScalingPolicy { type_: "Percent".to_owned(), value: 50, period_seconds: 60 };
    let scale_down = HPAScalingRules {
        stabilization_window_seconds: Some(CALM),
        policies: Some(vec![half]),
        ..HPAScalingRules::default()
    };
    HorizontalPodAutoscalerBehavior { scale_down: Some(scale_down), scale_up: None }
}
