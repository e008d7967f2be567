//! K: the tree and what may differ between environments (S1-83 to S1-91, S1-132, S1-133, S1-135).

use std::collections::{BTreeMap, BTreeSet};

use bayplan::layout::Content;
use bayplan::value::Value;
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{Namespace, PersistentVolumeClaim, Service};

use super::{Cluster, DEPLOYMENTS, clusters, document, is, tree};

#[test]
fn the_tree_has_the_folders_of_the_requirements() {
    let folders = ["", "base/", "overlays/local/", "overlays/staging/", "overlays/production/"];
    let components = ["namespaces", "postgres", "redis", "authentik"];
    let components: Vec<String> = components.map(|component| format!("base/{component}/")).to_vec();
    for folder in folders.iter().map(|folder| (*folder).to_owned()).chain(components) {
        assert!(tree().get(&format!("{folder}kustomization.yaml")).is_some(), "S1-83: {folder}");
    }
    // Contradiction 26: never an overlay, which has Secrets beside it.
    is(&document("kustomization.yaml")["resources"], bayplan::value::json!(["base"]), "S1-83");
}

#[test]
fn kustomizations_are_of_today() {
    let of_kustomize = tree().iter().filter(|(path, _)| path.ends_with("kustomization.yaml"));
    let mut count = 0;
    for (path, content) in of_kustomize {
        let Content::Yaml(value) = content else { panic!("{path} is a document") };
        assert_eq!(value["apiVersion"], "kustomize.config.k8s.io/v1beta1", "S1-88: {path}");
        assert_eq!(value["kind"], "Kustomization", "S1-88: {path}");
        assert!(
            value.get("bases").is_none() && value.get("patchesStrategicMerge").is_none(),
            "S1-88: {path}"
        );
        assert!(value["resources"].is_array(), "S1-88: {path}");
        count += 1;
    }
    assert!(count > 20, "S1-88: there are kustomizations");
}

#[test]
fn every_deployment_has_the_memory_of_its_environment() {
    for cluster in clusters() {
        let limit = if cluster.name == "local" { "512Mi" } else { "1Gi" };
        for name in DEPLOYMENTS {
            let limits = cluster.container(name).resources.and_then(|resources| resources.limits);
            assert_eq!(limits.unwrap_or_default()["memory"].0, limit, "S1-85, S1-86, S1-90: {name}");
        }
        // Contradiction 3: a StatefulSet is no Deployment.
        for name in ["postgres", "authentik-postgres"] {
            let limits = cluster.container(name).resources.and_then(|resources| resources.limits);
            assert_eq!(limits.unwrap_or_default()["memory"].0, "512Mi", "S1-85, S1-86: {name}");
        }
    }
}

#[test]
fn an_overlay_says_the_memory_that_differs_and_no_more() {
    let patch = document("overlays/local/redis/patch-deployment-redis.yaml");
    let container =
        bayplan::value::json!([{ "name": "redis", "resources": { "limits": { "memory": "512Mi" } } }]);
    assert_eq!(patch["spec"]["template"]["spec"]["containers"], container, "S1-85");
    assert!(tree().get("overlays/local/authentik/patch-deployment-authentik-server.yaml").is_none(), "S1-85");
}

fn images(cluster: &Cluster<'_>) -> BTreeMap<String, Vec<String>> {
    let workloads = cluster.of_kind::<Deployment>().chain(cluster.of_kind::<StatefulSet>());
    workloads
        .map(|object| {
            let containers = object.value["spec"]["template"]["spec"]["containers"].as_array();
            let image = |container: &Value| container["image"].as_str().unwrap_or_default().to_owned();
            (object.id.name.clone(), containers.into_iter().flatten().map(image).collect())
        })
        .collect()
}

#[test]
fn the_environments_run_the_same_things() {
    let [first, ..] = clusters();
    for cluster in clusters() {
        assert_eq!(images(&cluster), images(&first), "S1-89 in {}", cluster.name);
        assert!(images(&cluster).len() == 7, "S1-89: six and the controller");
        assert_eq!(cluster.names::<Deployment>(), first.names::<Deployment>(), "S1-132");
        assert_eq!(cluster.names::<StatefulSet>(), first.names::<StatefulSet>(), "S1-132");
        assert_eq!(cluster.names::<Service>(), first.names::<Service>(), "S1-132");
        assert_eq!(
            cluster.names::<PersistentVolumeClaim>(),
            first.names::<PersistentVolumeClaim>(),
            "S1-132"
        );
        assert_eq!(cluster.names::<Namespace>(), first.names::<Namespace>(), "S1-132");
    }
}

/// What the environments may differ by, and nothing else.
#[test]
fn an_environment_has_a_kind_of_object_for_a_reason() {
    let kinds = |cluster: &Cluster<'_>| -> BTreeSet<String> {
        cluster.objects.iter().map(|object| object.id.gvk.kind.clone()).collect()
    };
    let [local, staging, production] = clusters().map(|cluster| kinds(&cluster));
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| -> Vec<String> {
        one.difference(other).cloned().collect()
    };
    assert_eq!(only(&local, &staging), ["IPAddressPool", "L2Advertisement"], "S1-132");
    assert_eq!(only(&staging, &local), ["PodDisruptionBudget", "StorageClass"], "S1-132");
    assert_eq!(only(&staging, &production), Vec::<String>::new(), "S1-132");
    let later = ["ExternalSecret", "HorizontalPodAutoscaler", "LimitRange", "NetworkPolicy", "ResourceQuota"];
    assert_eq!(only(&production, &staging), later, "S1-132");
}

#[test]
fn production_has_namespaces_of_its_own() {
    let production = super::cluster("production");
    let namespaces = production.of_kind::<Namespace>().map(|object| object.id.name.as_str());
    let expected =
        ["ingress-nginx", "production-ai", "production-core", "production-infra", "production-web"];
    assert!(namespaces.eq(expected), "S1-91");
    for object in production.objects {
        let text = object.value.to_string();
        assert!(!text.contains("staging-"), "S1-91: {} speaks of staging", object.id);
        assert_ne!(object.value["metadata"]["labels"]["environment"], "staging", "contradiction 20");
    }
}

#[test]
fn no_template_is_left_in_the_tree() {
    for (path, content) in tree().iter() {
        let Content::Yaml(value) = content else { continue };
        assert!(!value.to_string().contains("{{"), "S1-135: {path}");
    }
}

#[test]
fn the_six_decisions_are_on_the_page() {
    let (_, section) = super::file("README.md").split_once("## Decisions\n").expect("S1-133");
    let decided =
        section.lines().filter(|line| line.starts_with("| 2025-11-11 |") && line.ends_with("| approved |"));
    assert_eq!(decided.count(), 6, "S1-133");
}
