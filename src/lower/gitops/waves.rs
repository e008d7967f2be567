//! Sync waves, from what depends on what: Argo CD applies a wave when everything of those before it is healthy.
//!
//! What others need and that needs nobody comes first: definitions and namespaces, then accounts, roles, policies and
//! configuration, then secret stores and issuers, then what those make. Workloads follow from wave 0 on, each after all
//! that it `uses`. What hangs on outside things, and would hold up everything behind it, comes last: an Ingress is
//! healthy when a load balancer has an address, an autoscaler when metrics flow.

use std::collections::BTreeMap;

use super::{OPTIONS, WAVE};
use crate::model::{Controller, Peer, Platform, VolumeSource, Workload};
use crate::names::DnsLabel;
use crate::object::Object;
use crate::source::{KeyPath, Segment};
use crate::value::{Value, json};

type Id<'a> = (&'a DnsLabel, &'a DnsLabel);

/// What the wave of an object depends on.
enum Stage {
    /// It is the same in every platform.
    At(i64),
    /// It is that of the workload that it belongs to.
    OfWorkload,
    /// After every workload.
    Last,
}

/// Writes the wave on each object that has none, and how it is applied where that is unusual.
pub(in crate::lower) fn annotate(platform: &Platform, objects: &mut [Object]) {
    if platform.delivery.argocd.is_none() {
        return;
    }
    let depths = depths(platform);
    let last = depths.values().max().map_or(1, |deepest| deepest + 1);
    let by_source = by_source(platform, &depths);
    let claims = claims(platform, &depths);
    for object in objects {
        let of_claim = object
            .id
            .namespace
            .as_deref()
            .and_then(|namespace| claims.get(&(namespace, object.id.name.as_str())).copied());
        let wave = match stage(object) {
            Stage::At(wave) => wave,
            Stage::Last => last,
            Stage::OfWorkload if object.id.gvk.kind == "PersistentVolumeClaim" => of_claim.unwrap_or(0),
            Stage::OfWorkload => by_source
                .get(&(&object.source, object.id.name.as_str()))
                .or_else(|| by_source.get(&(&object.source, "")))
                .copied()
                .unwrap_or(0),
        };
        write(object, WAVE, &wave.to_string());
        if let Some(options) = options(object) {
            write(object, OPTIONS, options);
        }
    }
}

fn stage(object: &Object) -> Stage {
    let gvk = &object.id.gvk;
    match (gvk.group(), gvk.kind.as_str()) {
        ("apiextensions.k8s.io" | "storage.k8s.io" | "scheduling.k8s.io" | "snapshot.storage.k8s.io", _)
        | ("", "Namespace")
        | ("networking.k8s.io", "IngressClass") => Stage::At(-10),
        ("rbac.authorization.k8s.io", _)
        | ("", "ServiceAccount" | "ResourceQuota" | "LimitRange" | "ConfigMap" | "Secret")
        | ("networking.k8s.io", "NetworkPolicy") => Stage::At(-9),
        ("external-secrets.io", "SecretStore" | "ClusterSecretStore")
        | ("cert-manager.io", "Issuer" | "ClusterIssuer")
        | ("kyverno.io" | "templates.gatekeeper.sh", _) => Stage::At(-8),
        ("constraints.gatekeeper.sh" | "external-secrets.io" | "cert-manager.io", _) => Stage::At(-7),
        (
            "networking.k8s.io"
            | "gateway.networking.k8s.io"
            | "traefik.io"
            | "autoscaling"
            | "policy"
            | "monitoring.coreos.com"
            | "loki.grafana.com"
            | "velero.io",
            _,
        ) => Stage::Last,
        _ => Stage::OfWorkload,
    }
}

/// A Job's template cannot change, so a changed Job is replaced. A custom resource may be new to the cluster: its chart
/// comes in an Application of its own.
fn options(object: &Object) -> Option<&'static str> {
    let gvk = &object.id.gvk;
    match (gvk.group(), gvk.kind.as_str()) {
        ("batch", "Job") => Some("Force=true,Replace=true"),
        ("gateway.networking.k8s.io", _) => Some("SkipDryRunOnMissingResource=true"),
        (group, _) if group.contains('.') && !group.ends_with(".k8s.io") => {
            Some("SkipDryRunOnMissingResource=true")
        }
        _ => None,
    }
}

/// An annotation that somebody wrote stays.
fn write(object: &mut Object, key: &str, value: &str) {
    let Some(metadata) = object.value.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.entry(key).or_insert_with(|| Value::from(value));
    }
}

/// How many workloads must be healthy before each, one after another. `uses` has no circles; were there one, the rounds
/// would still end.
fn depths(platform: &Platform) -> BTreeMap<Id<'_>, i64> {
    let mut needs: BTreeMap<Id<'_>, Vec<Id<'_>>> =
        platform.workloads.iter().map(|workload| (id(workload), Vec::new())).collect();
    for edge in platform.edges.iter().filter(|edge| is_dependency(&edge.source)) {
        if let (Peer::Workload { namespace, name }, Peer::Workload { namespace: to, name: used }) =
            (&edge.from, &edge.to)
        {
            let needed = needs.entry((namespace, name)).or_default();
            needed.push((to, used));
            needed.extend(prepares(platform, (to, used), (namespace, name)));
        }
    }
    let mut depths: BTreeMap<Id<'_>, i64> = needs.keys().map(|id| (*id, 0)).collect();
    for _ in 0..needs.len() {
        let deepest =
            |needed: &[Id<'_>]| needed.iter().filter_map(|id| depths.get(id)).max().map_or(0, |d| d + 1);
        let next: BTreeMap<Id<'_>, i64> = needs.iter().map(|(id, needed)| (*id, deepest(needed))).collect();
        if next == depths {
            break;
        }
        depths = next;
    }
    depths
}

const fn id(workload: &Workload) -> Id<'_> {
    (&workload.namespace, &workload.name)
}

/// An edge of `uses` or of an engine's own Job; those of routes and of callers say nothing of who needs whom.
fn is_dependency(source: &KeyPath) -> bool {
    match source.segments() {
        [Segment::Key(noun), _, Segment::Key(key), ..] if noun == "workloads" => key != "used-by",
        [Segment::Key(noun), ..] => noun == "workloads" || noun == "databases",
        _ => false,
    }
}

/// The Jobs that belong to the same entity as what is used: a database is ready when they have run.
fn prepares<'a>(platform: &'a Platform, used: Id<'_>, user: Id<'_>) -> Vec<Id<'a>> {
    let Some(owner) = platform.workloads.iter().find(|workload| id(workload) == used) else {
        return Vec::new();
    };
    let jobs = platform
        .workloads
        .iter()
        .filter(|workload| matches!(workload.controller, Controller::Job) && workload.source == owner.source);
    jobs.map(id).filter(|job| *job != user && *job != used).collect()
}

/// The wave of each entity by the name of its workload, and of the entity as a whole under the empty name.
fn by_source<'a>(
    platform: &'a Platform,
    depths: &BTreeMap<Id<'_>, i64>,
) -> BTreeMap<(&'a KeyPath, &'a str), i64> {
    let mut waves: BTreeMap<(&KeyPath, &str), i64> = BTreeMap::new();
    for workload in &platform.workloads {
        let depth = depths.get(&id(workload)).copied().unwrap_or(0);
        waves.insert((&workload.source, workload.name.as_str()), depth);
        let whole = waves.entry((&workload.source, "")).or_insert(depth);
        *whole = (*whole).min(depth);
    }
    waves
}

/// A claim that waits for its first consumer is pending until then, and must not be waited for.
fn claims<'a>(platform: &'a Platform, depths: &BTreeMap<Id<'_>, i64>) -> BTreeMap<(&'a str, &'a str), i64> {
    let mut waves: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for workload in &platform.workloads {
        let depth = depths.get(&id(workload)).copied().unwrap_or(0);
        for volume in &workload.volumes {
            if let VolumeSource::Claim(claim) = &volume.source {
                let wave = waves.entry((workload.namespace.as_str(), claim)).or_insert(depth);
                *wave = (*wave).min(depth);
            }
        }
    }
    waves
}
