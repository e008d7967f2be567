//! J and M: the cluster on a laptop, its scripts and its smoke test (S1-78 to S1-82, S1-102 to S1-105, S1-112).

use bayplan::compile::{Request, Selection, compile};
use bayplan::host::MemoryHost;
use bayplan::layout::Content;
use bayplan::object::custom::{IpAddressPool, L2Advertisement};
use bayplan::value::{Value, json};

use super::{cluster, clusters, document, file, is, tree};

#[test]
fn the_configuration_of_kind_lies_beside_the_overlay_and_not_in_it() {
    let config = document("overlays/local/kind-cluster-config.yaml");
    assert_eq!(config["apiVersion"], "kind.x-k8s.io/v1alpha4", "S1-78");
    assert_eq!(config["kind"], "Cluster", "S1-78");
    assert_eq!(config["name"], "wrightnow-local", "S1-78");
    let listed = &document("overlays/local/kustomization.yaml")["resources"];
    let listed = listed.as_array().cloned().unwrap_or_default();
    assert!(!listed.is_empty() && !listed.contains(&json!("kind-cluster-config.yaml")), "S1-78");
}

#[test]
fn localhost_leads_into_the_one_node() {
    let nodes = document("overlays/local/kind-cluster-config.yaml")["nodes"].as_array().expect("a list");
    let [node] = nodes.as_slice() else { panic!("S1-80: one node") };
    assert_eq!(node["role"], "control-plane", "S1-80");
    assert_eq!(node["labels"], json!({ "ingress-ready": "true" }), "S1-79");
    let mappings = node["extraPortMappings"].as_array().expect("a list");
    let ports: Vec<(&Value, &Value)> =
        mappings.iter().map(|mapping| (&mapping["containerPort"], &mapping["hostPort"])).collect();
    assert_eq!(ports, [(&json!(80), &json!(80)), (&json!(443), &json!(443))], "S1-79");
    let pod = cluster("local").pod("ingress-nginx", "ingress-nginx-controller");
    is(&pod.node_selector, json!({ "ingress-ready": "true" }), "S1-79");
}

#[test]
fn more_nodes_are_a_number_and_what_cannot_be_shared_then_is_refused() {
    let name = "name = \"wrightnow-local\"";
    let three = super::text().replacen(name, &format!("{name}\nnodes = 3"), 1);
    let host = MemoryHost::default().with_file("platform.toml", three.clone());
    let refused = compile(&host, &Request::default()).diagnostics;
    assert!(refused.iter().any(|found| found.code.name == "shared-volume"), "S1-59, S1-80");

    let unshared = three.replace("mounts = { \"/media\" = \"authentik-media\" }\n", "");
    let tree = super::compile_text(&unshared).tree(&Selection::Everything);
    let Some(Content::Yaml(config)) = tree.get("overlays/local/kind-cluster-config.yaml") else {
        panic!("S1-80: the configuration is there")
    };
    let nodes = config["nodes"].as_array().expect("a list");
    let roles: Vec<&Value> = nodes.iter().map(|node| &node["role"]).collect();
    // kind keeps pods off a control plane that has workers beside it: three nodes that run pods are three workers.
    assert_eq!(roles, ["control-plane", "worker", "worker", "worker"], "S1-80");
}

#[test]
fn metallb_gives_addresses_on_the_laptop_and_nowhere_else() {
    for cluster in clusters() {
        let pools: Vec<IpAddressPool> = cluster.objects.of_kind().collect();
        let advertised: Vec<L2Advertisement> = cluster.objects.of_kind().collect();
        if cluster.name != "local" {
            assert_eq!((pools.len(), advertised.len()), (0, 0), "S1-82 in {}", cluster.name);
            continue;
        }
        let [pool] = pools.as_slice() else { panic!("S1-81: one pool") };
        is(&pool.spec, json!({ "addresses": ["172.18.255.200-172.18.255.250"] }), "S1-81");
        assert_eq!(advertised.len(), 1, "S1-81");
        assert_eq!(pool.metadata.namespace.as_deref(), Some("metallb-system"), "S1-81");
    }
}

#[test]
fn the_scripts_make_fill_and_remove_the_cluster() {
    for (script, command, row) in [
        ("setup", "kind create cluster --config kind-cluster-config.yaml", "S1-103"),
        ("deploy", "kube apply -k .", "S1-104"),
        ("teardown", "kind delete cluster --name wrightnow-local", "S1-105"),
    ] {
        let path = format!("overlays/local/scripts/k8s-{script}.sh");
        assert!(file(&path).contains(command), "{row}");
        assert!(matches!(tree().get(&path), Some(Content::Text { executable: true, .. })), "{row}");
    }
    let setup = file("overlays/local/scripts/k8s-setup.sh");
    assert!(setup.contains("metallb/v0.15.2/config/manifests/metallb-native.yaml"), "S1-81");
}

#[test]
fn the_smoke_test_asks_what_the_requirements_ask() {
    let test = file("overlays/local/scripts/k8s-smoke-test.sh");
    for line in [
        "kube get pods -n staging-infra\n",
        "kube exec postgres-0 -n staging-infra -- psql -U postgres -c '\\l'\n",
        // Contradiction 14: redis is a Deployment, so there is no redis-0.
        "kube exec deploy/redis -n staging-infra -- redis-cli ping\n",
        // Contradiction 11: the path is prefixed.
        "answers http://localhost/auth/api/v3/ ",
    ] {
        assert!(test.contains(line), "S1-102: {line}");
    }
    assert!(file("overlays/local/README.md").contains("`http://localhost/auth/`"), "S1-102");
}

#[test]
fn the_page_has_a_job_for_continuous_integration() {
    let (_, section) = file("README.md").split_once("## A cluster in CI\n").expect("S1-112");
    for words in ["GitHub Actions", "GitLab CI", "overlays/local/scripts/k8s-setup.sh"] {
        assert!(section.contains(words), "S1-112: {words}");
    }
}
