//! What a developer's machine has, how environments differ, and the gates that a change passes.

use std::collections::BTreeSet;
use std::path::Path;

use bayplan::object::Object;
use bayplan::value::{Value, json};

use super::{ENVIRONMENTS, at, compilation, find, objects, of_kind, said_after};

fn file(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("platforms/commerce/out").join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_saphyr::from_str(&text).expect("YAML")
}

#[test]
fn the_local_cluster_has_nodes_a_registry_and_ports() {
    let k3d = file("overlays/development/k3d.yaml");
    assert_eq!((&k3d["apiVersion"], &k3d["kind"]), (&json!("k3d.io/v1alpha5"), &json!("Simple")), "S4-1");
    assert_eq!((&k3d["servers"], &k3d["agents"]), (&json!(1), &json!(3)), "S4-1");
    assert_eq!(k3d["registries"]["create"]["name"], "registry.localhost", "S4-2");
    let ports = k3d["ports"].as_array().expect("a list");
    assert!(ports.iter().all(|port| port["nodeFilters"] == json!(["loadbalancer"])), "S4-3");
    assert_eq!(ports.len(), 2, "S4-3");
    let arguments = k3d["options"]["k3s"]["extraArgs"].as_array().expect("a list");
    assert_eq!(arguments.iter().map(|one| &one["arg"]).collect::<Vec<_>>(), ["--disable=traefik"], "S4-4");
    let labels = k3d["options"]["k3s"]["nodeLabels"].to_string();
    assert!(["eu", "in", "us"].iter().all(|region| labels.contains(&format!("region={region}"))), "{labels}");
}

#[test]
fn skaffold_builds_what_the_deployments_run() {
    let skaffold = file("overlays/development/skaffold.yaml");
    let artifacts = skaffold["build"]["artifacts"].as_array().expect("a list");
    let built: BTreeSet<&str> = artifacts.iter().filter_map(|one| one["image"].as_str()).collect();
    let names: BTreeSet<&str> = built.iter().filter_map(|image| image.rsplit('/').next()).collect();
    assert_eq!(names, BTreeSet::from(["frontend", "order", "product"]), "S4-5");
    assert!(artifacts.iter().all(|one| one["sync"]["manual"].is_array()), "S4-6");
    assert_eq!(skaffold["manifests"]["kustomize"]["paths"], json!(["."]), "S4-7");
    assert_eq!(skaffold["build"]["insecureRegistries"], json!(["registry.localhost:5000"]), "S4-8");
    let deployed: BTreeSet<String> = of_kind(objects("development"), "Deployment")
        .filter_map(|object| object.pointer("/spec/template/spec/containers/0/image")?.as_str())
        .map(|image| image.rsplit_once(':').map_or(image, |(name, _)| name).to_owned())
        .collect();
    assert!(built.iter().all(|image| deployed.contains(*image)), "S4-9: {built:?} {deployed:?}");
    for environment in ENVIRONMENTS {
        let path = format!("platforms/commerce/out/overlays/{environment}/skaffold.yaml");
        let there = Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists();
        assert_eq!(there, environment == "development", "contradiction 10");
        let workload = find(objects(environment), "Deployment", "product-v1").expect("it runs everywhere");
        let read_only =
            workload.pointer("/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem");
        assert_eq!(read_only, Some(&json!(environment != "development")), "S4-10");
    }
}

#[test]
fn what_skaffold_cannot_do_is_refused() {
    let said = said_after("workloads.frontend.security.read-only-root = false\n", "");
    assert!(said.iter().any(|message| message.contains("its root file system is read-only")), "{said:?}");
    let said = said_after(
        "promotes-from = \"staging\"\n",
        "promotes-from = \"staging\"\ninner-loop = \"skaffold\"\n",
    );
    assert!(said.iter().any(|message| message.contains("not on the developer's machine")), "{said:?}");
}

#[test]
fn environments_differ_in_replicas_hosts_and_values() {
    let replicas = |environment: &str| {
        find(objects(environment), "Deployment", "frontend")
            .map(|object| object.value["spec"]["replicas"].clone())
    };
    assert_eq!(ENVIRONMENTS.map(replicas), [Some(json!(1)), Some(json!(3)), Some(json!(2))], "S4-115");
    let hosts = ENVIRONMENTS.map(|environment| super::config(environment, "identity", "OIDC_ISSUER"));
    assert_eq!(BTreeSet::from(hosts).len(), 3, "S4-116, S4-117");
}

#[test]
fn argo_cd_follows_the_repository_where_skaffold_does_not() {
    let delivery = |environment: &str| &compilation().environments[environment].delivery;
    // Argo CD would undo what Skaffold puts there.
    assert_eq!(delivery("development").iter().count(), 0, "S4-124");
    for environment in ["staging", "production"] {
        let folder = format!("platforms/commerce/out/overlays/{environment}");
        let with = |pointer: &'static str| {
            of_kind(delivery(environment), "Application").filter(move |one| one.pointer(pointer).is_some())
        };
        let platform: Vec<&Object> =
            with("/spec/source/path").filter(|one| at(one, "/spec/source/path") == &json!(folder)).collect();
        let charts: Vec<&Object> = with("/spec/source/chart").collect();
        assert_eq!(platform.len(), 1, "S4-119");
        let automated = at(platform[0], "/spec/syncPolicy/automated");
        assert_eq!(*automated, json!({"prune": true, "selfHeal": true}), "S4-120");
        let wave = |one: &Object| -> i32 {
            let wave = at(one, "/metadata/annotations/argocd.argoproj.io~1sync-wave").as_str();
            wave.and_then(|wave| wave.parse().ok()).expect("a number")
        };
        let names: Vec<&str> =
            charts.iter().filter_map(|one| at(one, "/spec/source/chart").as_str()).collect();
        assert_eq!(names, ["strimzi-kafka-operator", "traefik"], "S4-122");
        assert!(charts.iter().all(|one| wave(one) < wave(platform[0])), "S4-122");
        assert!(
            find(delivery(environment), "AppProject", &format!("commerce-{environment}")).is_some(),
            "S4-119"
        );
    }
}

#[test]
fn the_gates_follow_one_another() {
    let workflow = file("ci/quality-gates.yaml");
    let jobs = workflow["jobs"].as_object().expect("a table");
    let order =
        ["lint", "secrets", "code", "dependencies", "unit-tests", "integration-tests", "images", "manifests"];
    for pair in order.windows(2) {
        assert_eq!(
            jobs.get(pair[1]).expect("the job is there")["needs"],
            json!([pair[0]]),
            "S4-101 to S4-111"
        );
    }
    let text = workflow.to_string();
    for word in [
        "eslint",
        "golangci-lint",
        "gitleaks",
        "semgrep",
        "trivy",
        "kube-linter",
        "render --check",
        "vitest",
        "go test",
    ] {
        assert!(text.contains(word), "{word}: S4-101 to S4-111");
    }
    for job in jobs.values() {
        let uses = job["steps"].as_array().into_iter().flatten().filter_map(|step| step["uses"].as_str());
        for action in uses {
            let pin = action.rsplit_once('@').map_or("", |(_, pin)| pin);
            assert!(pin.len() == 40 && pin.chars().all(|c| c.is_ascii_hexdigit()), "{action} is not pinned");
        }
    }
    assert_eq!(file("ci/dependabot.yaml")["version"], json!(2), "S4-105");
    let hooks = file("ci/pre-commit-config.yaml").to_string();
    assert!(hooks.contains("gitleaks") && hooks.contains("eslint"), "S4-101, S4-102");
}

#[test]
fn images_of_production_ran_in_staging() {
    let own = |environment: &str| -> BTreeSet<String> {
        of_kind(objects(environment), "Deployment")
            .filter_map(|object| object.pointer("/spec/template/spec/containers/0/image")?.as_str())
            .filter(|image| image.starts_with("registry.example/"))
            .map(str::to_owned)
            .collect()
    };
    assert!(own("staging").iter().all(|image| image.contains("@sha256:")), "S4-125");
    assert_eq!(own("staging"), own("production"), "S4-125");
}
