//! H: classes, retention, and what a volume outlives (S1-60, S1-64 to S1-68; S1-61 to S1-63 are in `providers`).

use bayplan::value::{Value, json};
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use k8s_openapi::api::storage::v1::StorageClass;

use super::{Cluster, clusters, document, is};

/// The five volumes of the requirements.
const VOLUMES: [&str; 5] =
    ["postgres-data", "redis-data", "authentik-postgres-data", "authentik-redis-data", "authentik-media"];

/// Every claim by name, with its class: those that are objects and those that are templates.
pub(super) fn classes(cluster: &Cluster<'_>) -> Vec<(String, String)> {
    let alone = cluster.of_kind::<PersistentVolumeClaim>().map(|object| Value::clone(&object.value));
    let templates = cluster.of_kind::<StatefulSet>().flat_map(|object| {
        object.value["spec"]["volumeClaimTemplates"].as_array().cloned().unwrap_or_default()
    });
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> = alone
        .chain(templates)
        .map(|claim| (text(&claim["metadata"]["name"]), text(&claim["spec"]["storageClassName"])))
        .collect();
    all.sort();
    all
}

#[test]
fn the_five_volumes_have_the_class_of_their_cluster() {
    for cluster in clusters() {
        let (block, shared) = match cluster.name {
            "local" => ("standard", "standard"),
            _ => ("gce-pd", "filestore"),
        };
        let class = |name: &str| if name == "authentik-media" { shared } else { block };
        let mut expected: Vec<_> =
            VOLUMES.iter().map(|name| ((*name).to_owned(), class(name).to_owned())).collect();
        expected.sort();
        assert_eq!(classes(&cluster), expected, "S1-60, S1-61, S1-68, S1-87 in {}", cluster.name);
    }
}

#[test]
fn the_classes_of_a_cloud_keep_the_data() {
    for cluster in clusters() {
        let own: Vec<StorageClass> = cluster.objects.of_kind().collect();
        if cluster.name == "local" {
            assert_eq!(own.len(), 0, "S1-64: kind ships `standard`, and nothing else is named");
            continue;
        }
        assert_eq!(cluster.names::<StorageClass>(), ["filestore", "gce-pd"], "S1-64");
        for class in own {
            assert_eq!(class.reclaim_policy.as_deref(), Some("Retain"), "S1-65");
            assert_eq!(class.volume_binding_mode.as_deref(), Some("WaitForFirstConsumer"), "S1-64");
        }
    }
}

/// The one class that kind has deletes with the claim, and the platform says that it knows.
#[test]
fn the_exception_of_the_laptop_is_written_down() {
    assert!(super::text().contains("[[allow]]\nrule = \"retention-lost\"\n"), "S1-65");
    let without = super::text().replace("rule = \"retention-lost\"", "rule = \"unknown-port\"");
    let host = bayplan::host::MemoryHost::default().with_file("platform.toml", without);
    let output = bayplan::compile::compile(&host, &bayplan::compile::Request::default());
    let lost: Vec<_> =
        output.diagnostics.iter().filter(|found| found.code.name == "retention-lost").collect();
    assert_eq!(lost.len(), 5, "S1-65: one for each volume");
    assert!(lost.iter().all(|found| found.environments.iter().eq(["local"])), "S1-65: on the laptop alone");
}

#[test]
fn claims_outlive_what_used_them() {
    for cluster in clusters() {
        for name in ["postgres", "authentik-postgres"] {
            let spec = cluster.infra::<StatefulSet>(name).spec.expect("it has a spec");
            let policy = json!({ "whenDeleted": "Retain", "whenScaled": "Retain" });
            is(&spec.persistent_volume_claim_retention_policy, policy, "S1-66");
        }
        for object in cluster.of_kind::<PersistentVolumeClaim>() {
            let annotations = &object.value["metadata"]["annotations"];
            assert_eq!(annotations["kustomize.toolkit.fluxcd.io/prune"], "disabled", "S1-66: {}", object.id);
            assert_eq!(
                annotations["argocd.argoproj.io/sync-options"], "Delete=false,Prune=false",
                "S1-66: {}",
                object.id
            );
        }
    }
}

#[test]
fn the_volumes_of_the_laptop_lie_outside_the_cluster() {
    let mounts = &document("overlays/local/kind-cluster-config.yaml")["nodes"][0]["extraMounts"];
    let expected =
        json!([{ "containerPath": "/var/local-path-provisioner", "hostPath": "./.kind/wrightnow" }]);
    assert_eq!(*mounts, expected, "S1-67");
}
