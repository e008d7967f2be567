//! The objects of the test platform, as a reviewer sees them, and what holds for all of them.

use super::fixture::{cloud, legal, pods, shop, workload};
use super::{lower, unmatched_patches};
use crate::model::{ClusterKind, Edge, Patch, Platform, SecretStore};
use crate::object::Object;
use crate::source::KeyPath;
use crate::value::Value;

/// The object `Kind namespace/name` or `Kind name` of the platform.
fn find(objects: &[Object], id: &str) -> Value {
    let found = objects.iter().find(|object| object.id.to_string() == id);
    Value::clone(&found.unwrap_or_else(|| panic!("there is no {id}")).value)
}

fn of(platform: &Platform, id: &str) -> Value {
    find(&lower(platform), id)
}

fn ids(objects: &[Object]) -> Vec<String> {
    objects.iter().map(|object| format!("{}: {} ({})", object.component, object.id, object.source)).collect()
}

/// Snapshots lie in the root of the repository, where a reviewer looks for them.
fn snapshot(name: &str, value: &Value) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/lower");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_json_snapshot!(name, value));
}

#[test]
fn every_object_has_its_component_and_source() {
    snapshot("objects", &Value::from(ids(&lower(&shop()))));
}

#[test]
fn objects_read_as_an_engineer_would_write_them() {
    let objects = lower(&shop());
    for (name, id) in [
        ("deployment", "Deployment dev-web/api"),
        ("daemon-set", "DaemonSet dev-gateway/gateway"),
        ("stateful-set", "StatefulSet dev-data/postgres"),
        ("job", "Job dev-web/migration"),
        ("cron-job", "CronJob dev-web/report"),
        ("service-headless", "Service dev-data/postgres-pods"),
        ("service-load-balancer", "Service dev-gateway/gateway"),
        ("service-external", "Service dev-web/mail"),
        ("claim", "PersistentVolumeClaim dev-web/uploads"),
        ("storage-class", "StorageClass kept"),
        ("ingress", "Ingress dev-web/shop"),
        ("namespace-placeholder", "Namespace dev-core"),
        ("namespace-with-data", "Namespace dev-data"),
        ("quota", "ResourceQuota dev-data/quota"),
        ("limit-range", "LimitRange dev-data/defaults"),
        ("budget", "PodDisruptionBudget dev-data/postgres"),
        ("autoscaler", "HorizontalPodAutoscaler dev-web/api"),
        ("network-policy-dns", "NetworkPolicy dev-web/allow-dns"),
        ("network-policy-deny", "NetworkPolicy dev-web/default-deny"),
        ("network-policy-workload", "NetworkPolicy dev-web/api"),
        ("network-policy-target", "NetworkPolicy dev-data/postgres"),
        ("network-policy-uses", "NetworkPolicy dev-core/allow-uses"),
        ("role-binding", "RoleBinding dev-web/reader"),
        ("cluster-role-binding", "ClusterRoleBinding gateway"),
        ("metallb-pool", "IPAddressPool metallb-system/shop"),
        ("metallb-advertisement", "L2Advertisement metallb-system/shop"),
    ] {
        snapshot(name, &find(&objects, id));
    }
}

#[test]
fn the_same_platform_gives_the_same_objects() {
    assert_eq!(lower(&shop()), lower(&shop()));
}

#[test]
fn nothing_empty_is_written() {
    fn empty_at(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) if map.is_empty() => found.push(path.to_owned()),
            Value::Array(items) if items.is_empty() => found.push(path.to_owned()),
            Value::Null => found.push(path.to_owned()),
            Value::Object(map) => {
                map.iter().for_each(|(key, value)| empty_at(value, &format!("{path}.{key}"), found));
            }
            Value::Array(items) => items.iter().for_each(|item| empty_at(item, path, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for object in lower(&shop()) {
        empty_at(&object.value, &object.id.to_string(), &mut found);
    }
    // An empty selector means every pod, which is what these say.
    found.retain(|path| !path.ends_with("odSelector"));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_selector_cannot_be_overridden_and_every_pod_matches_its_own() {
    let objects = lower(&shop());
    let controllers = objects.iter().filter(|object| object.pointer("/spec/selector/matchLabels").is_some());
    for object in controllers.filter(|object| object.pointer("/spec/template").is_some()) {
        let selector = object.pointer("/spec/selector/matchLabels").and_then(Value::as_object);
        let labels = object.pointer("/spec/template/metadata/labels").and_then(Value::as_object);
        let (Some(selector), Some(labels)) = (selector, labels) else {
            panic!("{} selects nothing", object.id)
        };
        assert_eq!(selector.len(), 1, "{}", object.id);
        assert!(selector.iter().all(|(key, value)| labels.get(key) == Some(value)), "{}", object.id);
    }
    assert_eq!(
        of(&shop(), "Deployment dev-web/api").pointer("/metadata/labels/app.kubernetes.io~1name"),
        Some(&Value::from("api"))
    );
}

#[test]
fn external_namespaces_get_nothing() {
    let inside = |object: &&Object| {
        object.id.name == "dev-other" || object.id.namespace.as_deref() == Some("dev-other")
    };
    assert_eq!(lower(&shop()).iter().find(inside), None);
}

#[test]
fn a_workload_without_edges_has_no_policy_and_an_edge_without_ports_opens_nothing() {
    let mut platform = shop();
    platform.workloads = vec![workload("lonely", "web"), workload("other", "web")];
    let edge =
        Edge { ports: Vec::new(), ..super::fixture::edge(pods("web", "lonely"), pods("web", "other"), 1) };
    platform.edges = vec![edge];
    let policies: Vec<String> = lower(&platform)
        .iter()
        .filter(|object| {
            object.id.gvk.kind == "NetworkPolicy" && object.id.namespace.as_deref() == Some("dev-web")
        })
        .map(|object| object.id.name.clone())
        .collect();
    assert_eq!(policies, ["default-deny", "allow-dns"]);
}

#[test]
fn the_end_outside_an_isolated_namespace_needs_no_policy() {
    let objects = lower(&shop());
    assert!(!objects.iter().any(|object| object.id.to_string() == "NetworkPolicy dev-gateway/gateway"));
}

#[test]
fn pods_change_when_a_setting_that_they_read_does() {
    let checksum = |platform: &Platform, id| {
        of(platform, id).pointer("/spec/template/metadata/annotations/checksum~1config").cloned()
    };
    let before = shop();
    let mut after = shop();
    for config in &mut after.configs {
        config.data.insert(legal("new"), "value".to_owned());
    }
    let api = "Deployment dev-web/api";
    assert!(checksum(&before, api).is_some());
    assert_ne!(checksum(&before, api), checksum(&after, api));
    assert_eq!(checksum(&before, "StatefulSet dev-data/postgres"), None);
}

#[test]
fn a_store_turns_contracts_into_external_secrets_and_leaves_provided_ones_alone() {
    let mut platform = shop();
    platform.secret_store =
        SecretStore::ExternalSecrets { name: "vault".to_owned(), refresh: "1h".to_owned() };
    for secret in &mut platform.secrets {
        secret.r#type = "kubernetes.io/basic-auth".to_owned();
    }
    let objects = lower(&platform);
    snapshot("external-secret", &find(&objects, "ExternalSecret dev-data/postgres-credentials"));
    assert!(!objects.iter().any(|object| object.id.name == "issued-tls"));
    assert!(!lower(&shop()).iter().any(|object| object.id.gvk.kind.contains("Secret")));
}

#[test]
fn a_remote_value_may_name_its_field_or_have_none() {
    for (remote, key, property) in
        [("a/b", "a/b", Some("password")), ("a/b#pw", "a/b", Some("pw")), ("a/b#", "a/b", None)]
    {
        let mut platform = shop();
        platform.secret_store =
            SecretStore::ExternalSecrets { name: "vault".to_owned(), refresh: "1h".to_owned() };
        for secret in &mut platform.secrets {
            secret.keys.iter_mut().for_each(|key| remote.clone_into(&mut key.remote));
        }
        let object = of(&platform, "ExternalSecret dev-data/postgres-credentials");
        assert_eq!(object.pointer("/spec/data/0/remoteRef/key"), Some(&Value::from(key)));
        assert_eq!(object.pointer("/spec/data/0/remoteRef/property"), property.map(Value::from).as_ref());
    }
}

#[test]
fn metallb_is_for_clusters_that_have_it() {
    let mut platform = shop();
    platform.cluster = cloud(ClusterKind::Gke);
    assert!(!lower(&platform).iter().any(|object| object.component == "metallb"));
}

fn patched(source: &str, target: &str, fields: Value) -> (Platform, Vec<Object>) {
    let mut platform = shop();
    let source = KeyPath::of(source.split('.'));
    platform.patches = vec![Patch { source, target: target.to_owned(), fields }];
    let objects = lower(&platform);
    (platform, objects)
}

#[test]
fn a_patch_merges_maps_and_named_lists_removes_with_null_and_replaces_the_rest() {
    let fields = crate::value::json!({"spec": {
        "minReadySeconds": 10,
        "strategy": null,
        "template": {"spec": {
            "containers": [{"name": "api", "imagePullPolicy": "Always"}, {"name": "extra", "image": null}],
            "topologySpreadConstraints": [],
        }},
    }});
    let (platform, objects) = patched("workloads.api", "Deployment", fields);
    let object = find(&objects, "Deployment dev-web/api");
    assert_eq!(object.pointer("/spec/minReadySeconds"), Some(&Value::from(10)));
    assert_eq!(object.pointer("/spec/strategy"), None);
    let containers = object.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    let names: Vec<&Value> = containers.into_iter().flatten().map(|container| &container["name"]).collect();
    assert_eq!(names, ["api", "metrics", "extra"]);
    assert_eq!(
        object.pointer("/spec/template/spec/containers/0/imagePullPolicy"),
        Some(&Value::from("Always"))
    );
    assert!(object.pointer("/spec/template/spec/containers/0/image").is_some());
    assert_eq!(object.pointer("/spec/template/spec/containers/2/image"), None);
    assert_eq!(
        object.pointer("/spec/template/spec/topologySpreadConstraints"),
        Some(&Value::Array(Vec::new()))
    );
    assert!(unmatched_patches(&platform, &objects).is_empty());
}

#[test]
fn a_patch_with_a_name_is_for_that_object_alone() {
    let fields = crate::value::json!({"metadata": {"annotations": {"patched": "yes"}}});
    let (platform, objects) = patched("databases.postgres", "Service/postgres", fields);
    let patched: Vec<&str> = objects
        .iter()
        .filter(|object| object.pointer("/metadata/annotations/patched").is_some())
        .map(|object| object.id.name.as_str())
        .collect();
    assert_eq!(patched, ["postgres"]);
    assert!(unmatched_patches(&platform, &objects).is_empty());
}

#[test]
fn a_patch_reaches_what_lies_below_its_entity_and_no_neighbour() {
    let fields = crate::value::json!({"metadata": {"annotations": {"patched": "yes"}}});
    let (_, objects) = patched("workloads", "ServiceAccount", fields);
    let patched = objects.iter().filter(|object| object.pointer("/metadata/annotations/patched").is_some());
    assert_eq!(patched.count(), 4);
}

#[test]
fn a_patch_that_is_meant_for_nothing_is_named() {
    let (platform, objects) = patched("workloads.api", "StatefulSet", Value::Null);
    let unmatched = unmatched_patches(&platform, &objects);
    assert_eq!(unmatched.len(), 1);
    assert_eq!(objects, lower(&shop()));
}
