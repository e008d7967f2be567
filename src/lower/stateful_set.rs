//! StatefulSets: pods with a stable name and claims of their own.

use k8s_openapi::api::apps::v1::{
    StatefulSet, StatefulSetPersistentVolumeClaimRetentionPolicy, StatefulSetSpec, StatefulSetUpdateStrategy,
};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::deployment::fixed;
use super::workload::REVISIONS;
use super::{absent, claim, labels};
use crate::model::{Claim, Replicas, Workload};
use crate::names::ServiceName;

/// What a StatefulSet has that a Deployment has not.
pub(super) struct StatefulSetParts<'a> {
    pub(super) replicas: Replicas,
    pub(super) service: &'a ServiceName,
    pub(super) claims: &'a [Claim],
}

pub(super) fn stateful_set(
    workload: &Workload,
    metadata: ObjectMeta,
    template: PodTemplateSpec,
    parts: &StatefulSetParts,
) -> StatefulSet {
    let claims = parts.claims.iter().map(|claim| claim::template(claim, &workload.name));
    let spec = StatefulSetSpec {
        replicas: fixed(parts.replicas),
        revision_history_limit: Some(REVISIONS),
        selector: labels::selector(workload),
        service_name: Some(parts.service.to_string()),
        pod_management_policy: Some("OrderedReady".to_owned()),
        update_strategy: Some(rolling()),
        persistent_volume_claim_retention_policy: Some(keep_claims()),
        template,
        volume_claim_templates: absent::list(claims),
        ..StatefulSetSpec::default()
    };
    StatefulSet { metadata, spec: spec.into(), status: None }
}

fn rolling() -> StatefulSetUpdateStrategy {
    StatefulSetUpdateStrategy { type_: Some("RollingUpdate".to_owned()), rolling_update: None }
}

/// Data is deleted by a person and never by a controller. This is the default of Kubernetes, written out because a
/// reader must not have to know it.
fn keep_claims() -> StatefulSetPersistentVolumeClaimRetentionPolicy {
    StatefulSetPersistentVolumeClaimRetentionPolicy {
        when_deleted: Some("Retain".to_owned()),
        when_scaled: Some("Retain".to_owned()),
    }
}
