//! The five charts of Sevensa, against the layout and the values that its requirements list (S3-121 to S3-132).

use bayplan::layout::{Content, Tree};
use bayplan::value::{Value, json};
use bayplan::{Compilation, Selection};

use super::oracle::{Helm, Written};
use crate::golden::platforms;

fn sevensa() -> Option<Compilation> {
    let platform = platforms::all().into_iter().find(|platform| platform.name == "sevensa")?;
    Some(platform.compile())
}

fn yaml(tree: &Tree, path: &str) -> Value {
    match tree.get(path) {
        Some(Content::Yaml(value)) => Value::clone(value),
        other => panic!("{path} is {other:?}"),
    }
}

#[test]
fn there_are_five_charts_with_the_files_of_the_source() {
    let Some(sevensa) = sevensa() else { return };
    let tree = sevensa.tree(&Selection::Everything);
    for chart in ["rentguy", "psra", "wpcs", "ai-orchestration", "sevensa-infra"] {
        for file in ["Chart.yaml", "values.yaml", "values-prod.yaml", "values.schema.json"] {
            assert!(tree.get(&format!("helm/{chart}/{file}")).is_some(), "{chart} lacks {file}");
        }
    }
    let templates =
        ["deployment", "service", "ingress", "configmap", "secret", "networkpolicy", "serviceaccount"];
    for template in templates {
        assert!(tree.get(&format!("helm/rentguy/templates/{template}.yaml")).is_some(), "{template}");
    }
    // The source has a StatefulSet of its own beside a sub-chart for the same database; there is one, in the sub-chart.
    for subchart in ["postgresql", "redis"] {
        let path = format!("helm/rentguy/charts/{subchart}/templates/statefulset.yaml");
        assert!(tree.get(&path).is_some(), "{path}");
    }
}

#[test]
fn the_values_of_rentguy_are_those_of_the_source() {
    let Some(sevensa) = sevensa() else { return };
    let tree = sevensa.tree(&Selection::Everything);
    let values = yaml(&tree, "helm/rentguy/values.yaml");
    assert_eq!(values["replicaCount"], 3, "S3-127");
    assert_eq!(values["image"]["repository"], "sevensa/rentguy-api", "S3-127");
    assert!(values["image"]["tag"].is_string() && values["image"]["pullPolicy"].is_string(), "S3-127");
    assert_eq!(values["service"]["type"], "ClusterIP", "S3-127");
    assert_eq!(values["service"]["port"], 80, "S3-127");
    assert_eq!(values["ingress"]["enabled"], true, "S3-128");
    assert!(values["ingress"]["annotations"].is_object(), "S3-128");
    let host = &values["ingress"]["hosts"][0];
    assert_eq!(host["host"], "api.rentguy.sevensa.nl", "S3-128");
    assert_eq!(
        (&host["paths"][0]["path"], &host["paths"][0]["pathType"]),
        (&json!("/"), &json!("Prefix")),
        "S3-128"
    );
    assert_eq!(values["ingress"]["tls"][0]["secretName"], "rentguy-tls", "S3-128");
    let resources =
        json!({"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}});
    assert_eq!(values["resources"], resources, "S3-129");
    for (path, expected) in [
        ("/database/enabled", json!(true)),
        ("/database/type", json!("postgresql")),
        ("/database/host", json!("rentguy-db")),
        ("/database/port", json!("5432")),
        ("/database/database", json!("rentguy")),
        ("/database/username", json!("rentguy")),
        ("/database/existingSecret", json!("rentguy-db-credentials")),
        ("/redis/enabled", json!(true)),
        ("/redis/existingSecret", json!("rentguy-redis-credentials")),
        ("/keycloak/enabled", json!(true)),
        ("/keycloak/realm", json!("sevensa")),
        ("/keycloak/clientId", json!("rentguy-api")),
        ("/keycloak/existingSecret", json!("rentguy-keycloak-credentials")),
        ("/openbao/enabled", json!(true)),
        ("/openbao/role", json!("rentguy")),
        ("/openbao/existingSecret", json!("rentguy-openbao-credentials")),
        ("/networkPolicy/enabled", json!(true)),
    ] {
        assert_eq!(values.pointer(path), Some(&expected), "S3-130, S3-131: {path}");
    }
}

/// Whether an object is one of those that a switch switches.
type Test<'a> = &'a dyn Fn(&Value) -> bool;

#[test]
fn each_switch_of_rentguy_switches_its_objects() {
    let (Some(helm), Some(sevensa)) = (Helm::find(), sevensa()) else { return };
    let written = Written::output(&sevensa.files(&Selection::Everything));
    let with = |switches: &str| -> Vec<Value> {
        let mut arguments = written.values("rentguy", "prod");
        let off = switches.split(' ').map(|switch| format!("{switch}=false"));
        arguments.extend(off.flat_map(|off| ["--set".to_owned(), off]));
        let built = helm.template(&written.chart("rentguy"), &arguments);
        built.unwrap_or_else(|error| panic!("{error}"))
    };
    let is_database = |one: &Value| one["kind"] == "StatefulSet" && one["metadata"]["name"] == "rentguy-db";
    let is_policy = |one: &Value| one["kind"] == "NetworkPolicy";
    let speaks_of = |word: &'static str| move |one: &Value| one.to_string().contains(word);
    let (keycloak, openbao) = (speaks_of("KEYCLOAK"), speaks_of("OPENBAO"));
    let all = with("createNamespace");
    let switches: [(&str, Test<'_>); 4] = [
        ("database.enabled", &is_database),
        ("keycloak.enabled", &keycloak),
        ("openbao.enabled", &openbao),
        // A sub-chart has a switch of its own.
        ("networkPolicy.enabled database.networkPolicy.enabled redis.networkPolicy.enabled", &is_policy),
    ];
    for (switch, goes) in switches {
        assert!(all.iter().any(goes), "{switch}: it is there while it is on");
        assert!(!with(switch).iter().any(goes), "{switch}: it is there while it is off");
    }
}
