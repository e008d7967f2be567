//! What operators are asked for, in a platform that asks every one of them for something.
//!
//! Each custom resource is held against the definition of its operator's own release, unknown fields refused. The
//! definitions lie in `schemas/crds/<group>/`, or in a folder of that shape beside the checkout; a kind whose definition
//! lies in neither is named and skipped.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use bayplan::compile::{Compilation, Request, compile};
use bayplan::host::OsHost;
use bayplan::object::Object;
use bayplan::value::Value;

use crate::custom_resources::upstream;

fn compilation() -> &'static Compilation {
    static COMPILATION: OnceLock<Compilation> = OnceLock::new();
    COMPILATION.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/platform/ok-operators");
        let output = compile(&OsHost::new(folder), &Request::default());
        output.into_result().unwrap_or_else(|unsound| panic!("{unsound}"))
    })
}

fn objects() -> impl Iterator<Item = &'static Object> {
    let environments = compilation().environments.values();
    environments.flat_map(|compiled| compiled.objects.iter().chain(compiled.delivery.iter()))
}

fn object(environment: &str, kind: &str, name: &str) -> &'static Value {
    let objects = &compilation().environments[environment].objects;
    let found = objects.iter().find(|object| object.id.gvk.kind == kind && object.id.name == name);
    &found.unwrap_or_else(|| panic!("no {kind} {name} in {environment}")).value
}

#[test]
fn every_custom_resource_fits_the_definition_of_its_operator() {
    let mut checked = BTreeSet::new();
    let mut skipped = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let beside = |object: &&Object| {
        !object.id.gvk.group().ends_with(".k8s.io") || object.id.gvk.group().starts_with("snapshot")
    };
    let custom = objects().filter(|object| object.id.gvk.group().contains('.')).filter(beside);
    // A definition is large: one object of a kind in each of the two forms of stores is enough.
    for object in
        custom.filter(|object| seen.insert((object.id.gvk.clone(), object.value["spec"].to_string())))
    {
        let gvk = &object.id.gvk;
        match upstream(&gvk.api_version, &gvk.kind) {
            Some(validator) => {
                let problems: Vec<String> = validator
                    .iter_errors(&(&*object.value).into())
                    .map(|problem| format!("{}: {problem}", problem.instance_path()))
                    .collect();
                assert_eq!(problems, Vec::<String>::new(), "{}", object.id);
                checked.insert(gvk.kind.clone());
            }
            None => drop(skipped.insert(gvk.kind.clone())),
        }
    }
    skipped.iter().for_each(|kind| eprintln!("skipped: no definition of {kind}"));
    let is_there = upstream("argoproj.io/v1alpha1", "Application").is_some();
    assert!(!is_there || checked.len() >= 15, "only {checked:?} were held against their definitions");
}

#[test]
fn each_environment_has_the_store_of_its_cloud() {
    let provider = |environment: &str| {
        let store = object(environment, "ClusterSecretStore", "vault");
        let fields = store["spec"]["provider"].as_object().expect("a store has a provider");
        fields.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(provider("aks"), ["azurekv"]);
    assert_eq!(provider("eks"), ["aws"]);
    assert_eq!(provider("onprem"), ["vault"]);
    assert_eq!(provider("local"), ["fake"]);
    // Where each namespace has a store of its own, none serves the whole cluster.
    let of_gke = &compilation().environments["gke"].objects;
    assert!(of_gke.iter().all(|object| object.id.gvk.kind != "ClusterSecretStore"));
    assert_eq!(object("gke", "ExternalSecret", "slack")["spec"]["secretStoreRef"]["kind"], "SecretStore");
    let conditions = &object("eks", "ClusterSecretStore", "vault")["spec"]["conditions"][0]["namespaces"];
    assert_eq!(*conditions, bayplan::value::json!(["core", "monitoring", "velero"]));
}

#[test]
fn prometheus_may_read_what_a_monitor_names() {
    let monitor = object("eks", "ServiceMonitor", "api");
    assert_eq!(monitor["spec"]["endpoints"][0]["port"], "metrics");
    assert_eq!(monitor["metadata"]["labels"]["release"], "kube-prometheus-stack");
    let policy = object("eks", "NetworkPolicy", "api");
    let rules = policy["spec"]["ingress"].as_array().expect("Prometheus comes in");
    let opened = rules.iter().any(|rule| {
        rule["ports"][0]["port"] == 9090
            && rule["from"][0]["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == "prometheus"
    });
    assert!(opened, "{policy}");
}

#[test]
fn one_engine_judges_in_an_environment() {
    let kinds = |environment: &str| -> BTreeSet<&str> {
        let objects = &compilation().environments[environment].objects;
        let policies = objects.iter().filter(|object| object.component == "policies");
        policies.map(|object| object.id.gvk.kind.as_str()).collect()
    };
    assert_eq!(kinds("eks"), BTreeSet::from(["ClusterPolicy"]));
    assert_eq!(kinds("local"), BTreeSet::from(["ConstraintTemplate", "PodBaseline"]));
    let keyless = object("eks", "ClusterPolicy", "shop-signed-own");
    let verification = &keyless["spec"]["rules"][0]["verifyImages"][0];
    assert_eq!(verification["failureAction"], "Enforce");
    assert_eq!(
        verification["attestors"][0]["entries"][0]["keyless"]["issuer"],
        "https://token.actions.githubusercontent.com"
    );
}

#[test]
fn an_environment_without_argo_cd_gets_a_script() {
    assert!(compilation().environments["local"].delivery.is_empty());
    let files = compilation().files(&bayplan::compile::Selection::Everything);
    assert!(files.contains_key("overlays/local/charts/install.sh"));
    assert!(!files.contains_key("overlays/eks/charts/install.sh"));
    assert!(files.contains_key("argocd/eks/root.yaml"));
    let listed = String::from_utf8_lossy(&files["argocd/eks/kustomization.yaml"].bytes).into_owned();
    assert!(!listed.contains("root.yaml"), "{listed}");
}
