//! L: Secrets as contracts (S1-93 to S1-98).

use std::collections::BTreeMap;

use bayplan::layout::Content;
use bayplan::object::custom::ExternalSecret;
use bayplan::value::Value;
use k8s_openapi::api::core::v1::Secret;

use super::{WORKLOADS, cluster, clusters, file, tree};

fn example(environment: &str, name: &str) -> Vec<Secret> {
    let text = file(&format!("overlays/{environment}/secrets/{name}.yaml.example"));
    serde_saphyr::from_multiple(text).expect("an example is YAML")
}

#[test]
fn every_secret_that_a_person_fills_in_has_an_example() {
    let expected: [(&str, &[&str]); 4] = [
        ("authentik-secrets", &["AUTHENTIK_POSTGRES_PASSWORD", "AUTHENTIK_SECRET_KEY"]),
        ("authentik-redis-credentials", &["password"]),
        ("postgres-credentials", &["password"]),
        ("redis-credentials", &["password"]),
    ];
    for environment in ["local", "staging"] {
        for (name, keys) in expected {
            let examples = example(environment, name);
            let [secret] = examples.as_slice() else { panic!("S1-94: one namespace reads {name}") };
            assert_eq!(secret.metadata.namespace.as_deref(), Some("staging-infra"), "S1-93");
            assert_eq!(secret.type_.as_deref(), Some("Opaque"), "S1-93");
            // Contradiction 17: `stringData`, so that nobody has to encode.
            let data = secret.string_data.clone().unwrap_or_default();
            assert!(data.keys().eq(keys), "S1-93: {name}");
            assert!(data.values().all(|value| value == "CHANGE-ME"), "S1-94, S1-96");
        }
    }
    let tls = example("staging", "wrightnow-tls");
    assert_eq!(tls[0].type_.as_deref(), Some("kubernetes.io/tls"), "S1-77");
}

#[test]
fn no_value_is_in_the_tree_and_git_ignores_where_values_go() {
    assert!(file(".gitignore").lines().any(|line| line == "/overlays/*/secrets/*.yaml"), "S1-95");
    for (path, content) in tree().iter() {
        assert!(!path.contains("/secrets/") || path.ends_with(".yaml.example"), "S1-96: {path}");
        let Content::Yaml(value) = content else { continue };
        assert_ne!(value["kind"], "Secret", "S1-96: {path}");
        let resources = value["resources"].as_array().into_iter().flatten();
        let listed: Vec<&Value> =
            resources.filter(|entry| entry.as_str().is_some_and(|entry| entry.contains("secrets"))).collect();
        let in_store =
            listed.iter().all(|entry| entry.as_str().unwrap_or_default().starts_with("externalsecret-"));
        assert!(in_store, "S1-96: {path} lists {listed:?}, which a fresh clone does not have");
    }
}

#[test]
fn the_page_tells_how_to_rotate() {
    let page = file("README.md");
    let (_, section) = page.split_once("### Rotating a secret\n").expect("S1-97");
    assert!(section.contains("kubectl rollout restart -n staging-infra"), "S1-97");
    assert!(section.contains("ALTER ROLE"), "S1-97");
}

/// The names and keys that the pods of each workload read.
fn read_by_pods(environment: &str) -> BTreeMap<&'static str, Vec<String>> {
    let cluster = cluster(environment);
    let read = |name: &&'static str| {
        let variables = cluster.container(name).env.into_iter().flatten();
        let references = variables.filter_map(|variable| variable.value_from?.secret_key_ref);
        (*name, references.map(|reference| format!("{}/{}", reference.name, reference.key)).collect())
    };
    WORKLOADS.iter().map(read).collect()
}

#[test]
fn a_store_takes_over_without_a_word_to_the_workloads() {
    assert_eq!(read_by_pods("production"), read_by_pods("staging"), "S1-98");
    let production = cluster("production");
    for (workload, references) in read_by_pods("production") {
        assert!(!references.is_empty(), "S1-25, S1-52: {workload}");
        for (name, key) in references.iter().filter_map(|reference| reference.split_once('/')) {
            let secret: ExternalSecret = production.infra(name);
            assert_eq!(secret.spec.target.name, name, "S1-98");
            assert!(secret.spec.data.iter().any(|data| data.secret_key == key), "S1-98: {name} has {key}");
            assert_eq!(secret.spec.secret_store_ref.name, "wrightnow-production", "S1-98");
        }
    }
    for cluster in clusters().into_iter().filter(|cluster| cluster.name != "production") {
        assert_eq!(cluster.names::<ExternalSecret>(), Vec::<String>::new(), "S1-98: post-MVP");
    }
}
