//! Claims: alone, or as templates of a StatefulSet.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::container::quantities;
use super::metadata::pairs;
use super::{absent, labels, metadata};
use crate::model::{Claim, Controller, Pairs, Platform};
use crate::names::DnsLabel;
use crate::object::Object;

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let object = |claim: &Claim| {
        Object::from_typed(&alone(platform, claim), claim.component.as_str(), claim.source.clone())
    };
    platform.claims.iter().map(object).collect()
}

/// A claim that belongs to no single pod.
fn alone(platform: &Platform, claim: &Claim) -> PersistentVolumeClaim {
    let labels = labels::of_component(platform, &claim.component);
    let meta = metadata::of(claim.name.as_str(), &claim.namespace, labels);
    PersistentVolumeClaim {
        metadata: metadata::annotated(meta, kept()),
        spec: Some(spec(claim)),
        status: None,
    }
}

/// A claim that a StatefulSet of the name `workload` makes for each of its pods.
pub(super) fn template(claim: &Claim, workload: &DnsLabel) -> PersistentVolumeClaim {
    PersistentVolumeClaim {
        metadata: ObjectMeta {
            name: Some(claim.name.to_string()),
            labels: absent::map(labels::of_claim_template(workload)),
            ..ObjectMeta::default()
        },
        spec: Some(spec(claim)),
        status: None,
    }
}

/// The annotations that let data outlive a mistake: neither Argo CD nor Flux deletes the object when its manifest goes,
/// nor does Argo CD when the whole application goes.
///
/// Sources: <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/>,
/// <https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources>.
pub(super) fn kept() -> Pairs {
    pairs([
        ("argocd.argoproj.io/sync-options", "Delete=false,Prune=false"),
        ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
    ])
}

/// The namespaces in which some claim lies.
pub(super) fn namespaces(platform: &Platform) -> BTreeSet<&DnsLabel> {
    let of_pods = platform.workloads.iter().filter_map(|workload| match &workload.controller {
        Controller::StatefulSet { claims, .. } if !claims.is_empty() => Some(&workload.namespace),
        _ => None,
    });
    platform.claims.iter().map(|claim| &claim.namespace).chain(of_pods).collect()
}

fn spec(claim: &Claim) -> PersistentVolumeClaimSpec {
    PersistentVolumeClaimSpec {
        access_modes: Some(vec![claim.access.as_str().to_owned()]),
        storage_class_name: claim.class.clone(),
        resources: Some(VolumeResourceRequirements {
            requests: quantities([("storage", &claim.size)]),
            limits: None,
        }),
        ..PersistentVolumeClaimSpec::default()
    }
}
