//! The model to objects: `lower(&platform)` gives what the cluster gets, a file per kind.
//!
//! Takes a [`Platform`] that is legal by construction; gives Kubernetes objects in a stable order. Refuses nothing: it is
//! total, has no diagnostics, and does nothing but build values. Whether the objects fit together is `check/`'s to say.
//!
//! Two rules hold for every file. What is empty is absent, so that an object reads as an engineer would write it. And
//! what the API server would fill in is written out where a reader or a GitOps tool would else see a difference.

#![allow(
    clippy::useless_conversion,
    reason = "some fields are optional in one version of k8s-openapi and not in the next, and `.into()` fits both"
)]

mod absent;
mod access;
mod artefacts;
mod autoscaler;
mod budget;
mod certificate;
mod claim;
mod config;
mod container;
mod deployment;
mod gateway;
mod gitops;
mod identity;
mod ingress;
mod job;
mod kafka;
mod labels;
mod metadata;
mod metallb;
mod middleware;
mod namespace;
mod network_policy;
mod operators;
mod patch;
mod peers;
mod pod;
mod raw;
mod secret;
mod service;
mod stateful_set;
mod storage_class;
mod tenants;
mod traefik;
mod workload;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub use artefacts::{Artefact, ArtefactContent, artefacts, shared_artefacts};
pub use gitops::{ROOT, delivery};
pub use patch::unmatched_patches;
pub use peers::peer_policies;

use crate::model::Platform;
use crate::object::Object;

/// The objects of `platform`, its patches applied, in a stable order: what others depend on comes first.
#[must_use]
pub fn lower(platform: &Platform) -> Vec<Object> {
    let mut objects = Vec::new();
    objects.extend(namespace::lower(platform));
    objects.extend(storage_class::lower(platform));
    objects.extend(metallb::lower(platform));
    objects.extend(access::lower(platform));
    objects.extend(config::lower(platform));
    objects.extend(secret::lower(platform));
    objects.extend(claim::lower(platform));
    objects.extend(workload::lower(platform));
    objects.extend(service::lower_external(platform));
    objects.extend(certificate::lower(platform));
    objects.extend(middleware::lower(platform));
    objects.extend(gateway::lower(platform));
    objects.extend(ingress::lower(platform));
    objects.extend(traefik::lower(platform));
    objects.extend(network_policy::lower(platform));
    objects.extend(kafka::lower(platform));
    objects.extend(operators::lower(platform));
    objects.extend(raw::lower(platform));
    gitops::annotate(platform, &mut objects);
    patch::apply(&platform.patches, &mut objects);
    tenants::place(platform, &mut objects);
    objects
}
