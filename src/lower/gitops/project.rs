//! Projects: what Applications may read, write and make, computed from what they do.
//!
//! The project of the platform grants exactly the kinds and namespaces of its objects. Charts bring what their authors
//! choose (definitions, roles of the cluster, webhooks), so they are in a project of their own, which is held to their
//! repositories and namespaces and may make any kind.

use std::collections::BTreeSet;

use super::WAVE;
use crate::lower::metadata::pairs;
use crate::lower::{labels, metadata, tenants};
use crate::model::{ArgoCd, Platform};
use crate::object::Object;
use crate::object::custom::{AppProject, AppProjectSpec, Destination, GroupKind};
use crate::source::KeyPath;

/// The project that Argo CD itself brings. It grants everything and is nobody's to write.
const OF_ARGOCD: &str = "default";
/// Projects come before everything that is in them.
const FIRST: &str = "-30";

/// The project of the charts.
pub(super) fn of_charts(argocd: &ArgoCd) -> String {
    if argocd.project == OF_ARGOCD { OF_ARGOCD.to_owned() } else { format!("{}-charts", argocd.project) }
}

/// The projects of an environment, with the rights that its objects and its charts need.
pub(super) fn projects(platform: &Platform, argocd: &ArgoCd, objects: &[Object]) -> Vec<Object> {
    if argocd.project == OF_ARGOCD {
        return Vec::new();
    }
    let mut made = vec![object(platform, argocd, &argocd.project, own(platform, argocd, objects))];
    if !platform.delivery.charts.is_empty() {
        made.push(object(platform, argocd, &of_charts(argocd), charts(platform, argocd)));
    }
    made
}

fn object(platform: &Platform, argocd: &ArgoCd, name: &str, spec: AppProjectSpec) -> Object {
    let meta = metadata::of(name, &argocd.namespace, labels::of_platform(platform));
    let meta = metadata::annotated(meta, pairs([(WAVE, FIRST)]));
    Object::from_typed(&AppProject::new(meta, spec), "applications", KeyPath::of(["argocd"]))
}

fn own(platform: &Platform, argocd: &ArgoCd, objects: &[Object]) -> AppProjectSpec {
    let kinds = |namespaced: bool| -> Vec<GroupKind> {
        let kinds: BTreeSet<GroupKind> = objects
            .iter()
            .filter(|object| object.id.namespace.is_some() == namespaced)
            .map(|object| GroupKind {
                group: object.id.gvk.group().to_owned(),
                kind: object.id.gvk.kind.clone(),
            })
            .collect();
        kinds.into_iter().collect()
    };
    let tenants = tenants::patterns(platform);
    let place = |name: &String| tenants.get(name.as_str()).unwrap_or(name).clone();
    let mut namespaces: BTreeSet<String> =
        objects.iter().filter_map(|object| object.id.namespace.as_ref().map(place)).collect();
    let applications = &argocd.applications;
    namespaces.extend(
        applications.iter().filter_map(|application| application.namespace.as_ref().map(ToString::to_string)),
    );
    let repositories: BTreeSet<String> =
        applications.iter().map(|application| application.repository.clone()).collect();
    let environment = platform.environment.as_ref().map_or("base", |name| name.as_str());
    AppProjectSpec {
        description: format!("{} in {environment}: the kinds and namespaces of its objects", platform.name),
        source_repos: repositories.into_iter().collect(),
        destinations: destinations(argocd, &namespaces),
        cluster_resource_whitelist: kinds(false),
        namespace_resource_whitelist: kinds(true),
    }
}

fn charts(platform: &Platform, argocd: &ArgoCd) -> AppProjectSpec {
    let charts = &platform.delivery.charts;
    let repositories: BTreeSet<String> = charts.iter().map(|chart| chart.repository.clone()).collect();
    let own = charts.iter().map(|chart| chart.namespace.to_string());
    let others = charts.iter().flat_map(|chart| chart.writes_into.iter().cloned());
    let anything = GroupKind { group: "*".to_owned(), kind: "*".to_owned() };
    AppProjectSpec {
        description: format!("The charts that {} stands on", platform.name),
        source_repos: repositories.into_iter().collect(),
        destinations: destinations(argocd, &own.chain(others).collect()),
        cluster_resource_whitelist: vec![anything.clone()],
        namespace_resource_whitelist: vec![anything],
    }
}

fn destinations(argocd: &ArgoCd, namespaces: &BTreeSet<String>) -> Vec<Destination> {
    let mut servers: Vec<&str> = argocd.clusters.iter().map(|(_, server)| server.as_str()).collect();
    if servers.is_empty() {
        servers.push(&argocd.server);
    }
    let one = |server: &str| {
        let server = server.to_owned();
        let of_namespace = move |namespace: &String| Destination {
            server: server.clone(),
            namespace: Some(namespace.clone()),
        };
        namespaces.iter().map(of_namespace).collect::<Vec<_>>()
    };
    servers.into_iter().flat_map(one).collect()
}
