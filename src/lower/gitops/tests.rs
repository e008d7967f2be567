//! Projects, Applications and waves of a whole platform.

use std::collections::BTreeSet;

use super::delivery;
use crate::lower::fixture::{legal, shop};
use crate::lower::lower;
use crate::model::{Application, ArgoCd, Chart, Platform, Sync};
use crate::object::Object;
use crate::source::KeyPath;
use crate::value::{Value, json};

fn argocd() -> ArgoCd {
    let sync = Sync { automated: true, prune: true, self_heal: true, options: Vec::new(), retries: 5 };
    let overlay = Application {
        source: KeyPath::of(["argocd"]),
        name: "shop-local".to_owned(),
        project: "shop-local".to_owned(),
        repository: "https://git.example/shop.git".to_owned(),
        revision: "v1".to_owned(),
        path: "out/overlays/local".to_owned(),
        recurse: false,
        exclude: None,
        value_files: Vec::new(),
        namespace: None,
        depth: 0,
        sync: sync.clone(),
        ignore: Vec::new(),
    };
    let part = Application {
        source: KeyPath::of(["argocd", "applications", "part"]),
        name: "part".to_owned(),
        path: "charts/part".to_owned(),
        value_files: vec!["values.yaml".to_owned(), "values-prod.yaml".to_owned()],
        namespace: Some(legal("web")),
        depth: 2,
        ..overlay.clone()
    };
    ArgoCd {
        enabled: true,
        namespace: legal("argocd"),
        project: "shop-local".to_owned(),
        repository: overlay.repository.clone(),
        root: "out/argocd/local".to_owned(),
        revision: "v1".to_owned(),
        server: "https://kubernetes.default.svc".to_owned(),
        clusters: Vec::new(),
        applications: vec![overlay, part],
        sync,
    }
}

fn chart(release: &str, depth: u32) -> Chart {
    Chart {
        source: KeyPath::of(["charts", release]),
        release: legal(release),
        repository: "https://charts.example".to_owned(),
        chart: release.to_owned(),
        version: "1.2.3".to_owned(),
        namespace: legal("operators"),
        values: json!({"replicas": 2}),
        writes_into: vec!["kube-system".to_owned()],
        skip_crds: false,
        depth,
    }
}

fn delivered() -> Platform {
    let mut platform = shop();
    platform.delivery.charts = vec![chart("certs", 0), chart("mesh", 1)];
    platform.delivery.argocd = Some(argocd());
    platform
}

fn named<'a>(objects: &'a [Object], name: &str) -> &'a Object {
    objects.iter().find(|object| object.id.name == name).unwrap_or_else(|| panic!("no {name}"))
}

fn wave(object: &Object) -> i64 {
    let text =
        object.value["metadata"]["annotations"][super::WAVE].as_str().expect("every object has a wave");
    text.parse().expect("a wave is a number")
}

#[test]
fn charts_come_before_the_overlay_and_parts_after_it() {
    let platform = delivered();
    let made = delivery(&platform, &lower(&platform));
    let waves = ["shop-local-certs", "shop-local-mesh", "shop-local", "part"].map(|name| {
        let applications: Vec<&Object> =
            made.iter().filter(|object| object.id.gvk.kind == "Application").collect();
        wave(applications.into_iter().find(|object| object.id.name == name).expect("it is there"))
    });
    assert_eq!(waves, [-20, -19, 0, 3]);
    let part = named(&made, "part");
    assert_eq!(
        part.value["spec"]["source"]["helm"]["valueFiles"],
        json!(["values.yaml", "values-prod.yaml"])
    );
    let root = named(&made, "shop-local-root");
    assert_eq!(root.value["spec"]["source"]["path"], "out/argocd/local");
    assert_eq!(root.component, super::ROOT);
}

#[test]
fn a_project_grants_what_is_emitted_and_nothing_else() {
    let platform = delivered();
    let objects = lower(&platform);
    let made = delivery(&platform, &objects);
    let project = made.iter().find(|object| object.id.gvk.kind == "AppProject").expect("the platform's");
    let granted = |key: &str| -> Vec<(String, String)> {
        let list = project.value["spec"][key].as_array().cloned().unwrap_or_default();
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        list.iter().map(|kind| (text(kind, "group"), text(kind, "kind"))).collect()
    };
    for object in &objects {
        let kind = (object.id.gvk.group().to_owned(), object.id.gvk.kind.clone());
        let key = if object.id.namespace.is_some() {
            "namespaceResourceWhitelist"
        } else {
            "clusterResourceWhitelist"
        };
        assert!(granted(key).contains(&kind), "{kind:?} is not granted");
    }
    let kinds: BTreeSet<(String, String)> =
        objects.iter().map(|object| (object.id.gvk.group().to_owned(), object.id.gvk.kind.clone())).collect();
    let all = granted("namespaceResourceWhitelist").into_iter().chain(granted("clusterResourceWhitelist"));
    assert!(all.into_iter().all(|kind| kinds.contains(&kind)));
    assert_eq!(project.value["spec"]["sourceRepos"], json!(["https://git.example/shop.git"]));
}

#[test]
fn several_clusters_get_an_application_set() {
    let mut platform = delivered();
    if let Some(argocd) = &mut platform.delivery.argocd {
        argocd.clusters =
            vec![("eu".to_owned(), "https://eu".to_owned()), ("us".to_owned(), "https://us".to_owned())];
    }
    let made = delivery(&platform, &lower(&platform));
    let sets: Vec<&Object> = made.iter().filter(|object| object.id.gvk.kind == "ApplicationSet").collect();
    assert_eq!(sets.len(), 4, "the overlay, a part and two charts");
    assert_eq!(sets[0].value["spec"]["template"]["spec"]["destination"]["server"], "{{.server}}");
    let project =
        made.iter().find(|object| object.id.name == "shop-local-charts").expect("the charts' project");
    let servers = project.value["spec"]["destinations"].as_array().expect("a list");
    assert_eq!(servers.len(), 4, "two namespaces in each of two clusters");
}

#[test]
fn a_user_comes_after_what_it_uses_and_everything_after_its_namespace() {
    let platform = delivered();
    let objects = lower(&platform);
    let find = |kind: &str, name: &str| {
        let found = objects.iter().find(|object| object.id.gvk.kind == kind && object.id.name == name);
        wave(found.unwrap_or_else(|| panic!("no {kind} {name}")))
    };
    assert!(find("StatefulSet", "postgres") < find("Deployment", "api"));
    assert!(objects.iter().all(|object| object.id.gvk.kind == "Namespace" || wave(object) >= -10));
    let deepest = objects.iter().map(wave).max();
    let ingress = objects.iter().find(|object| object.id.gvk.kind == "Ingress").map(wave);
    assert_eq!(ingress, deepest, "an Ingress waits for a load balancer and must hold up nobody");
}

#[test]
fn without_argo_cd_there_is_nothing() {
    let mut platform = delivered();
    if let Some(argocd) = &mut platform.delivery.argocd {
        argocd.enabled = false;
    }
    assert!(delivery(&platform, &lower(&platform)).is_empty());
    platform.delivery.argocd = None;
    let objects = lower(&platform);
    assert!(
        objects
            .iter()
            .all(|object| object.pointer("/metadata/annotations/argocd.argoproj.io~1sync-wave").is_none())
    );
}
