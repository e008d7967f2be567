//! P: what comes after the first release and is on in production (S1-121 to S1-129).

use bayplan::value::{Value, json};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::networking::v1::NetworkPolicy;

use super::{amount, cluster, clusters, is};

#[test]
fn the_server_is_scaled_by_the_cpu_that_it_asks_for() {
    for cluster in clusters() {
        if cluster.name != "production" {
            assert_eq!(cluster.names::<HorizontalPodAutoscaler>(), Vec::<String>::new(), "S1-121: phase 2");
            continue;
        }
        let scaler: HorizontalPodAutoscaler = cluster.infra("authentik-server");
        let spec = scaler.spec.expect("it has a spec");
        let target = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "name": "authentik-server" });
        is(&spec.scale_target_ref, target, "S1-121");
        assert_eq!((spec.min_replicas, spec.max_replicas), (Some(2), 5), "S1-121");
        let metrics = json!([{
            "type": "Resource",
            "resource": { "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 75 } },
        }]);
        is(&spec.metrics, metrics, "S1-121");
        assert!(
            amount(&cluster.container("authentik-server"), "requests", "cpu") > 0,
            "S1-121: a share of it"
        );
        // S1-122: nothing else sizes it.
        let vertical = cluster.objects.iter().filter(|object| object.id.gvk.kind == "VerticalPodAutoscaler");
        assert_eq!(vertical.count(), 0, "S1-122");
    }
}

fn policy(namespace: &str, name: &str) -> Value {
    let policy: NetworkPolicy = cluster("production").get(namespace, name);
    bayplan::value::to_value(&policy.spec.expect("it has a spec")).expect("a typed object has a manifest")
}

#[test]
fn nothing_is_let_through_that_nobody_asked_for() {
    for cluster in clusters().into_iter().filter(|cluster| cluster.name != "production") {
        assert_eq!(cluster.names::<NetworkPolicy>(), Vec::<String>::new(), "S1-124: phase 2");
    }
    for word in ["infra", "core", "ai", "web"] {
        let everything = json!({ "podSelector": {}, "policyTypes": ["Ingress", "Egress"] });
        assert_eq!(policy(&format!("production-{word}"), "default-deny"), everything, "S1-124: {word}");
    }
}

#[test]
fn every_pod_may_look_up_names() {
    let ports = json!([{ "port": 53, "protocol": "UDP" }, { "port": 53, "protocol": "TCP" }]);
    let servers = json!({
        "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "kube-system" } },
        "podSelector": { "matchLabels": { "k8s-app": "kube-dns" } },
    });
    for word in ["infra", "core", "ai", "web"] {
        let spec = policy(&format!("production-{word}"), "allow-dns");
        assert_eq!(spec["podSelector"], json!({}), "S1-129");
        assert_eq!(spec["egress"][0]["ports"], ports, "S1-129");
        assert_eq!(spec["egress"][0]["to"][0], servers, "S1-129");
        assert_eq!(spec["egress"].as_array().map(Vec::len), Some(1), "S1-129: names and nothing else");
    }
}

fn pods(name: &str) -> Value {
    json!({ "podSelector": { "matchLabels": { "app.kubernetes.io/name": name } } })
}

fn tcp(port: u16) -> Value {
    json!([{ "port": port, "protocol": "TCP" }])
}

#[test]
fn authentik_reaches_its_own_stores_and_the_controller_reaches_authentik() {
    let out = json!([
        { "ports": tcp(5432), "to": [pods("authentik-postgres")] },
        { "ports": tcp(6379), "to": [pods("authentik-redis")] },
    ]);
    for workload in ["authentik-server", "authentik-worker"] {
        assert_eq!(policy("production-infra", workload)["egress"], out, "S1-125, S1-126: {workload}");
    }
    for (store, port) in [("authentik-postgres", 5432), ("authentik-redis", 6379)] {
        let from =
            json!([{ "from": [pods("authentik-server"), pods("authentik-worker")], "ports": tcp(port) }]);
        assert_eq!(policy("production-infra", store)["ingress"], from, "S1-125, S1-126: {store}");
    }
    let controller = json!({
        "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "ingress-nginx" } },
        "podSelector": { "matchLabels": { "app.kubernetes.io/name": "ingress-nginx-controller" } },
    });
    let from = json!([{ "from": [controller], "ports": tcp(9000) }]);
    assert_eq!(policy("production-infra", "authentik-server")["ingress"], from, "S1-127");
    assert_eq!(policy("production-infra", "authentik-worker").get("ingress"), None, "S1-57, S1-127");
}

/// The controller's namespace is open: whatever comes from outside knocks there, and it knocks at every routed pod.
#[test]
fn the_controller_itself_is_not_cut_off() {
    let inside = cluster("production").names::<NetworkPolicy>();
    assert!(inside.iter().all(|name| !name.starts_with("ingress-nginx/")), "S1-127: {inside:?}");
}

#[test]
fn the_namespaces_that_wait_may_reach_the_shared_stores() {
    let namespace = |word: &str| {
        let name = format!("production-{word}");
        json!({ "matchLabels": { "kubernetes.io/metadata.name": name } })
    };
    for (store, port) in [("postgres", 5432), ("redis", 6379)] {
        let from = json!([{
            "from": [{ "namespaceSelector": namespace("ai") }, { "namespaceSelector": namespace("core") }],
            "ports": tcp(port),
        }]);
        assert_eq!(policy("production-infra", store)["ingress"], from, "S1-128");
    }
    let to = |store: &str| {
        let mut peer = pods(store);
        peer["namespaceSelector"] = namespace("infra");
        json!([peer])
    };
    let out = json!([
        { "ports": tcp(5432), "to": to("postgres") },
        { "ports": tcp(6379), "to": to("redis") },
    ]);
    for word in ["core", "ai"] {
        assert_eq!(policy(&format!("production-{word}"), "allow-uses")["egress"], out, "S1-128: {word}");
    }
    let web = cluster("production").find::<NetworkPolicy>("production-web", "allow-uses");
    assert!(web.is_none(), "S1-128: the web client reaches no store");
}
