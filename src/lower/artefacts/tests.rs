//! The files as a reader sees them, and what holds for all of them.

use std::process::{Command, Stdio};

use super::{Artefact, ArtefactContent, artefacts, shared_artefacts};
use crate::lower::fixture::{cloud, legal, shop};
use crate::model::{ClusterKind, Platform, SecretStore};
use crate::value::Value;

fn base() -> Platform {
    Platform { environment: None, ..shop() }
}

/// The shop on a cluster of a cloud, its secrets in a store where there is one.
fn staging(kind: ClusterKind) -> Platform {
    Platform { environment: Some(legal("staging")), cluster: cloud(kind), ..shop() }
}

fn stored() -> Platform {
    let store = SecretStore::ExternalSecrets { name: "vault".to_owned(), refresh: "1h".to_owned() };
    Platform { environment: Some(legal("production")), secret_store: store, ..staging(ClusterKind::Eks) }
}

fn text<'a>(artefacts: &'a [Artefact], path: &str) -> &'a str {
    let found = artefacts.iter().find(|artefact| artefact.path == path);
    match found.map(|artefact| &artefact.content) {
        Some(ArtefactContent::Text(text)) => text,
        other => panic!("{path} is no text: {other:?}"),
    }
}

fn paths(platform: &Platform) -> Vec<String> {
    artefacts(platform).into_iter().map(|artefact| artefact.path).collect()
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/lower/artefacts");
    settings.set_prepend_module_to_snapshot(false);
    settings
}

fn snapshot(name: &str, text: &str) {
    settings().bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn an_environment_has_the_files_of_its_kind_of_cluster() {
    let scripts = ["setup", "deploy", "smoke-test", "teardown"].map(|name| format!("scripts/k8s-{name}.sh"));
    let mut expected = vec!["README.md".to_owned(), "secrets/postgres-credentials.yaml.example".to_owned()];
    expected.push("kind-cluster-config.yaml".to_owned());
    expected.extend(scripts);
    assert_eq!(paths(&shop()), expected);
    assert_eq!(paths(&staging(ClusterKind::Gke)), expected[..2]);
    assert_eq!(paths(&stored()), ["README.md"]);
    assert_eq!(paths(&base()), Vec::<String>::new());
}

#[test]
fn pages_read_well() {
    snapshot("local-readme", text(&artefacts(&shop()), "README.md"));
    for kind in [ClusterKind::Gke, ClusterKind::Eks, ClusterKind::Aks] {
        snapshot(&format!("{}-readme", kind.as_str()), text(&artefacts(&staging(kind)), "README.md"));
    }
    snapshot("store-readme", text(&artefacts(&stored()), "README.md"));
    let (base, local, staging, production) = (base(), shop(), staging(ClusterKind::Gke), stored());
    let shared = shared_artefacts(&base, &[&local, &staging, &production], &[]);
    snapshot("readme", text(&shared, "README.md"));
    snapshot("gitignore", text(&shared, ".gitignore"));
}

#[test]
fn scripts_and_examples_read_well() {
    let artefacts = artefacts(&shop());
    for name in ["setup", "deploy", "smoke-test", "teardown"] {
        snapshot(name, text(&artefacts, &format!("scripts/k8s-{name}.sh")));
    }
    snapshot("secret-example", text(&artefacts, "secrets/postgres-credentials.yaml.example"));
}

fn config(platform: &Platform) -> Value {
    let found = artefacts(platform)
        .into_iter()
        .find(|artefact| ["kind-cluster-config.yaml", "k3d.yaml"].contains(&artefact.path.as_str()));
    match found.map(|artefact| artefact.content) {
        Some(ArtefactContent::Yaml(value)) => value,
        other => panic!("there is no configuration of a cluster: {other:?}"),
    }
}

#[test]
fn the_cluster_is_configured_as_its_fields_say() {
    settings().bind(|| insta::assert_json_snapshot!("kind-cluster-config", config(&shop())));
    let mut platform = shop();
    platform.cluster.kind = ClusterKind::K3d;
    settings().bind(|| insta::assert_json_snapshot!("k3d-cluster-config", config(&platform)));
}

#[test]
fn a_count_makes_the_local_cluster_larger() {
    let mut platform = shop();
    platform.cluster.nodes = 3;
    platform.cluster.data_folder = String::new();
    let nodes = config(&platform)["nodes"].as_array().cloned().unwrap_or_default();
    let roles: Vec<&Value> = nodes.iter().map(|node| &node["role"]).collect();
    assert_eq!(roles, ["control-plane", "worker", "worker", "worker"]);
    assert!(nodes.iter().all(|node| node.get("extraMounts").is_none()));
}

/// Every text of an environment whose free texts try to break out of where they are put.
fn hostile() -> Platform {
    let evil = "a'b\"c\n$(touch x) `id` | {{context}} # \\ \u{2028}";
    let mut platform = shop();
    platform.description = evil.to_owned();
    platform.cluster.name = evil.to_owned();
    platform.cluster.data_folder = evil.to_owned();
    for secret in &mut platform.secrets {
        secret.r#type = evil.to_owned();
        secret.readers = vec![evil.to_owned()];
        for key in &mut secret.keys {
            key.description = evil.to_owned();
            key.generate = evil.to_owned();
        }
    }
    for workload in &mut platform.workloads {
        workload.smoke.push(vec![evil.to_owned()]);
    }
    if let Some(metallb) = &mut platform.cluster.metallb {
        metallb.version = evil.to_owned();
    }
    platform
}

#[test]
fn every_place_of_a_template_is_filled() {
    for artefact in artefacts(&shop()) {
        if let ArtefactContent::Text(text) = artefact.content {
            assert!(!text.contains("{{"), "{} has an empty place", artefact.path);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_shell_can_read_the_scripts_whatever_the_names() {
    for platform in [shop(), hostile(), Platform { workloads: Vec::new(), ..shop() }] {
        for artefact in artefacts(&platform).iter().filter(|artefact| artefact.executable) {
            let output = read_by_shell(text(std::slice::from_ref(artefact), &artefact.path));
            assert_eq!(output, "", "{}", artefact.path);
        }
    }
}

/// What `sh -n` says of a script.
#[cfg(unix)]
fn read_by_shell(script: &str) -> String {
    use std::io::Write;
    let mut shell = Command::new("sh")
        .arg("-n")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a Unix machine has a shell");
    shell
        .stdin
        .take()
        .expect("it was piped")
        .write_all(script.as_bytes())
        .expect("the shell reads to the end");
    let output = shell.wait_with_output().expect("the shell ends with its input");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_example_is_a_secret_to_a_yaml_reader_whatever_the_texts() {
    for platform in [shop(), hostile()] {
        let artefacts = artefacts(&platform);
        let example = text(&artefacts, "secrets/postgres-credentials.yaml.example");
        let documents: Vec<Value> = serde_saphyr::from_multiple(example).expect("an example in YAML");
        let namespaces: Vec<&Value> =
            documents.iter().map(|document| &document["metadata"]["namespace"]).collect();
        assert_eq!(namespaces, ["dev-data", "dev-web"]);
        for (document, secret) in documents.iter().zip(&platform.secrets) {
            assert_eq!(document["kind"], "Secret");
            assert_eq!(document["type"], secret.r#type.as_str());
            assert_eq!(document["stringData"]["password"], "CHANGE-ME");
        }
    }
}

#[test]
fn the_anchor_of_a_placeholder_is_the_one_that_its_annotation_names() {
    let (base, local) = (base(), shop());
    let shared = shared_artefacts(&base, &[&local], &[]);
    let readme = text(&shared, "README.md");
    assert!(readme.contains("\n### Deploying core-backend\n"));
    assert!(readme.contains("(#deploying-core-backend)"));
}

#[test]
fn what_is_depended_on_is_awaited_first() {
    let artefacts = artefacts(&shop());
    let deploy = text(&artefacts, "scripts/k8s-deploy.sh");
    let at = |call: &str| deploy.find(call).unwrap_or_else(|| panic!("no `{call}`"));
    assert!(at("rolled_out dev-data statefulset/postgres") < at("rolled_out dev-web deployment/api"));
    assert!(at("rolled_out dev-web deployment/api") < at("completed dev-web job/migration"));
}

#[test]
fn workloads_that_wait_for_one_another_are_awaited_all_the_same() {
    let mut platform = shop();
    let back: Vec<_> = platform
        .edges
        .iter()
        .map(|edge| crate::model::Edge { from: edge.to.clone(), to: edge.from.clone(), ..edge.clone() })
        .collect();
    platform.edges.extend(back);
    assert_eq!(super::order::by_dependency(&platform).len(), platform.workloads.len());
}
