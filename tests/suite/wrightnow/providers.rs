//! O: the provider is one field (S1-61 to S1-64, S1-87, S1-113 to S1-115, S1-117).

use bayplan::compile::{Compilation, Selection};
use bayplan::layout::Content;
use bayplan::object::{Object, ObjectRef};
use bayplan::value::Value;
use k8s_openapi::api::storage::v1::StorageClass;
use std::collections::BTreeMap;

use super::storage::classes;
use super::{Cluster, clusters_of, compile_text, text};
use crate::kustomize::{block, oracle};

struct Provider {
    /// The word for `cluster.kind`.
    name: &'static str,
    /// The class for volumes of one node, and its driver.
    block: (&'static str, &'static str),
    /// The class for volumes that nodes share, and its driver.
    shared: (&'static str, &'static str),
    /// How the cluster is made.
    command: &'static str,
    rows: &'static str,
}

const PROVIDERS: [Provider; 3] = [
    Provider {
        name: "gke",
        block: ("gce-pd", "pd.csi.storage.gke.io"),
        shared: ("filestore", "filestore.csi.storage.gke.io"),
        command: "gcloud container clusters create wrightnow-staging --zone us-central1-a --num-nodes 3",
        rows: "S1-61, S1-64, S1-113",
    },
    Provider {
        name: "eks",
        block: ("ebs-csi", "ebs.csi.aws.com"),
        shared: ("efs-csi", "efs.csi.aws.com"),
        command: "eksctl create cluster --name wrightnow-staging --region us-west-2 --nodes 3",
        rows: "S1-62, S1-64, S1-114",
    },
    Provider {
        name: "aks",
        block: ("azure-disk", "disk.csi.azure.com"),
        shared: ("azure-file", "file.csi.azure.com"),
        command: "az aks create --resource-group wrightnow --name wrightnow-staging --node-count 3",
        rows: "S1-63, S1-64, S1-115",
    },
];

/// The platform with its staging cluster at another provider: one word of the file is changed.
fn at(provider: &str) -> Compilation {
    let text = text();
    let (before, after) = text
        .split_once("[environments.staging.cluster]\nkind = \"gke\"\n")
        .expect("staging says its provider in one line");
    compile_text(&format!("{before}[environments.staging.cluster]\nkind = \"{provider}\"\n{after}"))
}

fn staging(compilation: &Compilation) -> Cluster<'_> {
    let [_, staging, _] = clusters_of(compilation);
    staging
}

#[test]
fn a_provider_has_its_own_classes_and_every_claim_names_one() {
    for Provider { name: provider, block, shared, rows, .. } in PROVIDERS {
        let compilation = at(provider);
        let staging = staging(&compilation);
        let mut own: Vec<(String, String)> = staging
            .objects
            .of_kind::<StorageClass>()
            .map(|class| (class.metadata.name.unwrap_or_default(), class.provisioner))
            .collect();
        own.sort();
        let mut expected = [block, shared].map(|(name, driver)| (name.to_owned(), driver.to_owned()));
        expected.sort();
        assert_eq!(own, expected, "{rows}");
        for (claim, class) in classes(&staging) {
            assert_eq!(
                class,
                if claim == "authentik-media" { shared.0 } else { block.0 },
                "S1-87 {rows}: {claim}"
            );
        }
    }
}

/// The objects without what a provider may change.
fn rest(cluster: &Cluster<'_>) -> BTreeMap<ObjectRef, Value> {
    let kept = cluster.objects.iter().filter(|object| object.id.gvk.kind != "StorageClass");
    kept.map(|object| (object.id.clone(), without_provider(object))).collect()
}

fn without_provider(object: &Object) -> Value {
    let mut value = Value::clone(&object.value);
    let mut remove = |pointer: &str, key: &str| {
        if let Some(Value::Object(map)) = value.pointer_mut(pointer) {
            map.remove(key);
        }
    };
    match object.id.gvk.kind.as_str() {
        "PersistentVolumeClaim" => remove("/spec", "storageClassName"),
        "StatefulSet" => remove("/spec/volumeClaimTemplates/0/spec", "storageClassName"),
        "Service" if object.id.name == "ingress-nginx-controller" => remove("/metadata", "annotations"),
        _ => {}
    }
    value
}

#[test]
fn a_provider_changes_classes_and_the_load_balancer_and_nothing_else() {
    let here = rest(&staging(super::compilation()));
    for Provider { name: provider, .. } in PROVIDERS {
        let compilation = at(provider);
        let there = rest(&staging(&compilation));
        assert!(here.keys().eq(there.keys()), "S1-117: {provider} has the same objects");
        for (id, value) in &here {
            assert_eq!(there.get(id), Some(value), "S1-117: {id} at {provider}");
        }
    }
}

#[test]
fn a_provider_changes_no_other_environment() {
    for Provider { name: provider, .. } in PROVIDERS {
        let compilation = at(provider);
        for (before, after) in super::clusters().into_iter().zip(clusters_of(&compilation)) {
            if before.name != "staging" {
                assert_eq!(
                    before.objects, after.objects,
                    "S1-117: {} when staging is {provider}",
                    before.name
                );
            }
        }
    }
}

#[test]
fn kustomize_builds_every_environment_and_staging_at_every_provider() {
    let Some(tool) = oracle::Tool::find() else { return };
    for cluster in super::clusters() {
        let compared = oracle::compare(&tool, super::base().objects, cluster.objects, block::document);
        assert_eq!(compared, Ok(()), "S1-84: {}", cluster.name);
    }
    for Provider { name: provider, .. } in PROVIDERS {
        let compilation = at(provider);
        let (base, staging) = (&compilation.base.objects, staging(&compilation).objects);
        let compared = oracle::compare(&tool, base, staging, block::document);
        assert_eq!(compared, Ok(()), "S1-84, S1-117: {provider}");
    }
}

#[test]
fn the_page_of_staging_says_how_its_cluster_is_made() {
    for Provider { name: provider, command, rows, .. } in PROVIDERS {
        let tree = at(provider).tree(&Selection::Everything);
        let Some(Content::Text { text, .. }) = tree.get("overlays/staging/README.md") else {
            panic!("{rows}: staging has a page")
        };
        let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "\\").collect();
        assert!(words.join(" ").contains(command), "{rows}: {text}");
    }
}
