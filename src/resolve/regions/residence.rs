//! Where workloads and the pods of operators lie and what they hold, and the proof that nothing of a region leaves it.
//!
//! The proof is over edges and mounts, which is all that can carry data: network policies allow no other connection.
//! What lies in a region may call what lies in the same one, and what keeps nothing of anybody (`data = "none"` or
//! `"public"`). What lies in none may read personal data of a region only if it keeps nothing.

use std::collections::BTreeMap;

use super::codes::{REGION_CROSSED, REGION_MISSING};
use crate::diag::Diagnostic;
use crate::model::{Claim, Controller, Edge, Holds, Home, Operated, Peer, Residence, VolumeSource, Workload};
use crate::resolve::scope::{Scope, enabled};
use crate::source::KeyPath;
use crate::spec;

/// Where everything lies.
pub(in crate::resolve) fn build(
    scope: &Scope<'_>,
    workloads: &[Workload],
    operated: &[Operated],
) -> Residence {
    let mut homes = BTreeMap::new();
    for workload in workloads {
        let key = workload.source.last_key().unwrap_or_default();
        let (region, data) = said(scope.spec, &workload.source, key);
        let peer = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
        homes.extend(home(scope.spec, region, data).map(|home| (peer, home)));
    }
    for pods in operated {
        let (region, data) = pods.residence.clone();
        let home = Home { label: label(scope.spec, &region), region, holds: data };
        homes.insert(pods.peer(), home);
    }
    Residence(homes)
}

/// What the entity of a workload says of its region and its data.
fn said<'a>(spec: &'a spec::Platform, source: &KeyPath, key: &str) -> (Option<&'a str>, Option<spec::Data>) {
    let noun = source.segments().first();
    let is = |word: &str| matches!(noun, Some(crate::source::Segment::Key(noun)) if noun == word);
    if is("workloads") {
        let found = spec.workloads.as_ref().and_then(|all| all.get(key));
        return found.map_or((None, None), |found| (found.region.as_deref(), found.data));
    }
    let found = spec.databases.as_ref().and_then(|all| all.get(key)).filter(|_| is("databases"));
    found.map_or((None, None), |found| (found.region.as_deref(), found.data))
}

fn home(spec: &spec::Platform, region: Option<&str>, data: Option<spec::Data>) -> Option<Home> {
    if region.is_none() && data.is_none() {
        return None;
    }
    let region = region.unwrap_or_default().to_owned();
    Some(Home { label: label(spec, &region), region, holds: holds(data) })
}

/// What the model calls what a user says of data.
pub(in crate::resolve) const fn holds(data: Option<spec::Data>) -> Holds {
    match data {
        None => Holds::Something,
        Some(spec::Data::Personal) => Holds::Personal,
        Some(spec::Data::Public) => Holds::Public,
        Some(spec::Data::None) => Holds::Nothing,
    }
}

fn label(spec: &spec::Platform, region: &str) -> String {
    let declared = spec.regions.as_ref().and_then(|regions| regions.get(region));
    declared.and_then(|declared| declared.label.clone()).unwrap_or_else(|| region.to_owned())
}

/// What can carry data.
pub(in crate::resolve) struct Carriers<'a> {
    pub workloads: &'a [Workload],
    pub claims: &'a [Claim],
    pub edges: &'a [Edge],
    pub operated: &'a [Operated],
}

/// Reports everything that would let data of a region leave it.
pub(in crate::resolve) fn prove(scope: &mut Scope<'_>, residence: &Residence, carriers: &Carriers<'_>) {
    if scope.spec.regions.as_ref().is_none_or(BTreeMap::is_empty) && residence.0.is_empty() {
        return;
    }
    for workload in carriers.workloads {
        let peer = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
        missing(scope, residence.0.get(&peer), &workload.source);
        mounts(scope, residence.of(&peer), workload, carriers.claims);
    }
    for pods in carriers.operated {
        missing(scope, residence.0.get(&pods.peer()), &pods.source);
    }
    volumes(scope);
    for edge in carriers.edges {
        crossing(scope, residence, edge, carriers);
    }
}

fn missing(scope: &mut Scope<'_>, home: Option<&Home>, source: &KeyPath) {
    if !home.is_some_and(|home| home.holds == Holds::Personal && home.region.is_empty()) {
        return;
    }
    let known: Vec<&String> = scope.spec.regions.iter().flatten().map(|(key, _)| key).collect();
    let hint = match known.as_slice() {
        [] => "declare regions, and add `regions = [\"eu\"]`: `[regions.eu]`".to_owned(),
        known => format!("add `regions = {known:?}`, for one in each"),
    };
    let message = format!("`{source}` holds personal data and has no region");
    let place = scope.key_span(source);
    scope.report(Diagnostic::new(&REGION_MISSING, message).at(place, "").about(source).hint(hint));
}

/// A volume that is no pod's own lies where its entity says.
fn mounts(scope: &mut Scope<'_>, home: Option<&Home>, workload: &Workload, claims: &[Claim]) {
    let Some(home) = home.filter(|home| !home.region.is_empty()) else { return };
    for volume in &workload.volumes {
        let VolumeSource::Claim(name) = &volume.source else { continue };
        let mounted = claims
            .iter()
            .find(|claim| claim.namespace == workload.namespace && claim.name.as_str() == name.as_str());
        let Some(claim) = mounted.filter(|claim| claim.source != workload.source) else { continue };
        let key = claim.source.last_key().unwrap_or_default();
        let volume = scope.spec.volumes.as_ref().and_then(|volumes| volumes.get(key));
        let region = volume.and_then(|volume| volume.region.as_deref());
        if region != Some(home.region.as_str()) {
            let message = format!(
                "`{}` lies in region {} and mounts `{}`, which lies in {}",
                workload.source,
                home.region,
                claim.source,
                region.map_or_else(|| "none".to_owned(), |region| format!("region {region}"))
            );
            let place = scope.key_span(&workload.source.key("mounts"));
            let hint =
                format!("add `region = \"{}\"` to the volume, or give each region its own", home.region);
            let problem = Diagnostic::new(&REGION_CROSSED, message).at(place, "").about(&workload.source);
            scope.report(problem.hint(hint));
        }
    }
}

/// The regions of volumes are checked where they are mounted; a volume in a region that is off is off itself.
fn volumes(scope: &mut Scope<'_>) {
    let declared = enabled(scope.spec.volumes.as_ref(), |volume| volume.enabled);
    for (key, volume) in declared {
        let Some(region) = volume.region.as_deref() else { continue };
        let own = scope.spec.regions.as_ref().and_then(|regions| regions.get(region));
        let class = own.and_then(|own| own.storage_class.as_deref());
        if let (Some(wanted), Some(given)) = (class, volume.class.as_deref())
            && wanted != given
        {
            let path = KeyPath::of(["volumes", key]).key("class");
            let message =
                format!("`{path}` is `{given}`, and the volumes of region {region} have class `{wanted}`");
            let place = scope.span(&path);
            let problem = Diagnostic::new(&REGION_CROSSED, message).at(place, "").about(&path);
            scope.report(problem.hint("remove `class`: the region gives it"));
        }
    }
}

fn crossing(scope: &mut Scope<'_>, residence: &Residence, edge: &Edge, carriers: &Carriers<'_>) {
    let (from, to) = (residence.of(&edge.from), residence.of(&edge.to));
    let bound =
        |home: Option<&Home>| home.map(|home| home.region.clone()).filter(|region| !region.is_empty());
    let (here, there) = (bound(from), bound(to));
    let why = match (here, there) {
        (Some(here), Some(there)) if here == there => return,
        (Some(here), Some(there)) => {
            format!("`{}` leads from region {here} to region {there}", edge.source)
        }
        (Some(_), None) if to.is_some_and(|home| home.holds.is_harmless()) => return,
        (Some(here), None) => {
            format!("`{}` leads out of region {here}, to {} that lies in none", edge.source, shown(&edge.to))
        }
        (None, Some(there)) => {
            let personal = to.is_some_and(|home| home.holds == Holds::Personal);
            let keeps = keeps(&edge.from, carriers) && !from.is_some_and(|home| home.holds.is_harmless());
            if !(personal && keeps) {
                return;
            }
            format!(
                "`{}` takes personal data of region {there} to {} that lies in none and keeps data",
                edge.source,
                shown(&edge.from)
            )
        }
        (None, None) => return,
    };
    let place = scope.span(&edge.source);
    let hint = "give it a copy in each region (`regions`), or say `data = \"none\"` of what keeps nothing of anybody";
    scope.report(Diagnostic::new(&REGION_CROSSED, why).at(place, "").about(&edge.source).hint(hint));
}

/// Whether the pods of a peer have a volume that outlives them.
fn keeps(peer: &Peer, carriers: &Carriers<'_>) -> bool {
    match peer {
        Peer::Workload { namespace, name } => {
            let workload = carriers
                .workloads
                .iter()
                .find(|workload| workload.namespace == *namespace && workload.name == *name);
            workload.is_some_and(|workload| {
                let own = matches!(&workload.controller, Controller::StatefulSet { claims, .. } if !claims.is_empty());
                own || workload.volumes.iter().any(|volume| matches!(volume.source, VolumeSource::Claim(_)))
            })
        }
        Peer::Pods { .. } => carriers.operated.iter().any(|pods| pods.peer() == *peer),
        Peer::Namespace(_) | Peer::Tenants | Peer::Addresses(_) => true,
    }
}

fn shown(peer: &Peer) -> String {
    match peer {
        Peer::Workload { name, .. } => format!("`{name}`"),
        Peer::Namespace(namespace) => format!("namespace `{namespace}`"),
        Peer::Pods { namespace, .. } => format!("pods of `{namespace}`"),
        Peer::Tenants => "the tenants".to_owned(),
        Peer::Addresses(_) => "an address".to_owned(),
    }
}
