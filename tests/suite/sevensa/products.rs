//! Sections A, E, F, G, H and I: namespaces, the other products, and what holds for each of them.

use std::collections::BTreeSet;

use bayplan::value::{Value, json};

use super::{DOMAINS, all, at, compilation, items, object, variable};

#[test]
fn there_are_eight_namespaces_with_levels_of_pod_security() {
    let names: BTreeSet<&str> = all("Namespace").map(|namespace| namespace.id.name.as_str()).collect();
    let wanted = ["ai", "infra", "ingress", "logging", "monitoring", "psra", "rentguy", "wpcs"];
    assert_eq!(names, BTreeSet::from(wanted), "S3-1 to S3-8");
    for namespace in all("Namespace") {
        let labels = at(namespace, "/metadata/labels");
        assert_eq!(labels["name"], namespace.id.name.as_str(), "S3-9");
        let level = if namespace.id.name == "logging" { "privileged" } else { "restricted" };
        assert_eq!(labels["pod-security.kubernetes.io/enforce"], level, "S3-10: {}", namespace.id.name);
    }
}

#[test]
fn each_product_has_its_components() {
    for (kind, place, row) in [
        ("Deployment", "psra/psra-frontend", "S3-57"),
        ("Deployment", "psra/psra-api", "S3-58"),
        ("Deployment", "psra/psra-origin-engine", "S3-59"),
        ("StatefulSet", "psra/psra-db", "S3-60"),
        ("Deployment", "wpcs/wpcs-api", "S3-65"),
        ("StatefulSet", "wpcs/wpcs-db", "S3-66"),
        ("StatefulSet", "wpcs/site-blog", "S3-67"),
        ("StatefulSet", "wpcs/site-shop", "S3-67"),
        ("Deployment", "ai/langgraph", "S3-72"),
        ("StatefulSet", "ai/n8n", "S3-73"),
        ("Deployment", "ai/claude-chat", "S3-75"),
        ("Deployment", "ai/trading-dashboard", "S3-76"),
        ("StatefulSet", "infra/openbao", "S3-91"),
        ("Deployment", "infra/keycloak", "S3-95"),
        ("StatefulSet", "infra/keycloak-db", "S3-96"),
        ("Deployment", "infra/oauth2-proxy", "S3-105"),
        ("DaemonSet", "logging/promtail", "S3-117"),
        ("Deployment", "logging/vector", "S3-118"),
    ] {
        let controller = object(kind, place);
        let pod = at(controller, "/spec/template/spec");
        let account = pod["serviceAccountName"].as_str().unwrap_or_default();
        assert_ne!(account, "default", "S3-86: {place}");
        let namespace = place.split('/').next().unwrap_or_default();
        object("ServiceAccount", &format!("{namespace}/{account}"));
        if place != "logging/promtail" {
            object("Service", place);
        }
        if kind == "StatefulSet" {
            assert_eq!(items(&controller.value, "/spec/volumeClaimTemplates").len(), 1, "{row}: {place}");
        }
    }
}

#[test]
fn every_container_says_what_it_needs_and_every_service_has_its_settings() {
    for controller in ["CronJob", "DaemonSet", "Deployment", "Job", "StatefulSet"].into_iter().flat_map(all) {
        let pod = controller.value.pointer("/spec/jobTemplate/spec/template/spec");
        let pod = pod.unwrap_or_else(|| at(controller, "/spec/template/spec"));
        for container in items(pod, "/initContainers").iter().chain(items(pod, "/containers")) {
            for side in ["requests", "limits"] {
                for resource in ["cpu", "memory"] {
                    assert!(container["resources"][side][resource].is_string(), "S3-90: {}", controller.id);
                }
            }
        }
    }
    // An exporter is no service of a product: that of MariaDB takes nothing but arguments and a password.
    let services = all("Deployment").filter(|object| !object.id.name.ends_with("-exporter"));
    for deployment in services.filter(|o| o.id.namespace.as_deref().is_some_and(|ns| DOMAINS.contains(&ns))) {
        let from = at(deployment, "/spec/template/spec/containers/0/envFrom/0/configMapRef/name");
        let namespace = deployment.id.namespace.as_deref().unwrap_or_default();
        object("ConfigMap", &format!("{namespace}/{}", from.as_str().unwrap_or_default()));
    }
}

#[test]
fn replicas_spread_and_are_drained_one_at_a_time() {
    for (place, count) in [("rentguy/rentguy-api", 3), ("psra/psra-api", 2), ("wpcs/wpcs-api", 2)] {
        let deployment = object("Deployment", place);
        assert_eq!(at(deployment, "/spec/replicas"), count, "S3-89");
        let spread = items(&deployment.value, "/spec/template/spec/topologySpreadConstraints");
        assert_eq!(spread[0]["topologyKey"], "kubernetes.io/hostname", "S3-89: {place}");
        assert_eq!(at(object("PodDisruptionBudget", place), "/spec/maxUnavailable"), 1, "S3-89: {place}");
    }
}

#[test]
fn a_site_of_wordpress_has_a_volume_a_database_a_host_and_a_certificate_of_its_own() {
    let mut hosts = BTreeSet::new();
    for (site, size) in [("blog", "5Gi"), ("shop", "10Gi")] {
        let set = object("StatefulSet", &format!("wpcs/site-{site}"));
        let claim = at(set, "/spec/volumeClaimTemplates/0");
        assert_eq!(claim["spec"]["resources"]["requests"]["storage"], size, "S3-68");
        let container = at(set, "/spec/template/spec/containers/0");
        let mount =
            items(container, "/volumeMounts").iter().find(|mount| mount["name"] == claim["metadata"]["name"]);
        assert_eq!(mount.map(|m| &m["mountPath"]), Some(&json!("/var/www/html/wp-content")), "S3-68");
        let secret = json!({"secretKeyRef": {"name": format!("site-{site}"), "key": "password"}});
        assert_eq!(variable(container, "WORDPRESS_DB_PASSWORD")["valueFrom"], secret, "S3-68");
        let job = object("Job", &format!("wpcs/wpcs-db-{site}-schema"));
        let job = at(job, "/spec/template/spec/containers/0");
        assert_eq!(variable(job, "SCHEMA_PASSWORD")["valueFrom"], secret, "S3-68");
        let ingress = object("Ingress", &format!("wpcs/site-{site}"));
        hosts.insert(at(ingress, "/spec/rules/0/host").clone().to_string());
        assert_eq!(at(ingress, "/spec/tls/0/secretName"), &json!(format!("site-{site}-tls")), "S3-69");
    }
    assert_eq!(hosts.len(), 2, "S3-69");
    let command = at(object("Job", "wpcs/wpcs-db-blog-schema"), "/spec/template/spec/containers/0/command");
    let told: Vec<&str> = command.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert_eq!(&told[told.len() - 5..], ["mariadb", "wpcs-db", "3306", "blog", "blog"], "S3-66, S3-68");
}

#[test]
fn n8n_keeps_its_key_and_its_files() {
    let container = at(object("StatefulSet", "ai/n8n"), "/spec/template/spec/containers/0");
    let key = json!({"secretKeyRef": {"name": "n8n", "key": "encryption-key"}});
    assert_eq!(variable(container, "N8N_ENCRYPTION_KEY")["valueFrom"], key, "S3-74");
    for name in ["n8n", "claude-chat", "trading-dashboard"] {
        let ingress = object("Ingress", &format!("ai/{name}"));
        let middlewares =
            &at(ingress, "/metadata/annotations")["traefik.ingress.kubernetes.io/router.middlewares"];
        assert_eq!(middlewares, "ai-auth@kubernetescrd", "S3-78");
    }
}

#[test]
fn openbao_stores_by_raft_and_asks_whose_token_it_is_shown() {
    let container = at(object("StatefulSet", "infra/openbao"), "/spec/template/spec/containers/0");
    let ports: Vec<u64> =
        items(container, "/ports").iter().filter_map(|port| port["containerPort"].as_u64()).collect();
    assert_eq!(ports, [8200, 8201], "S3-91, S3-92");
    let ready = container["readinessProbe"]["httpGet"]["path"].as_str().unwrap_or_default();
    assert!(ready.contains("standbyok=true"), "S3-92: {ready}");
    assert_eq!(
        at(object("Service", "infra/openbao-headless"), "/spec/publishNotReadyAddresses"),
        true,
        "S3-92"
    );
    let settings = at(object("ConfigMap", "infra/openbao"), "/data/server.hcl").as_str().unwrap_or_default();
    assert!(settings.contains("storage \"raft\""), "S3-92");
    object("ClusterRoleBinding", "openbao-token-review");
    let script =
        at(object("ConfigMap", "infra/openbao-set-up"), "/data/set-up.sh").as_str().unwrap_or_default();
    assert!(script.contains("role rentguy rentguy-api rentguy "), "S3-93: {script}");
    object("CronJob", "infra/openbao-snapshot");
    let script =
        at(object("ConfigMap", "infra/openbao-snapshot"), "/data/snapshot.sh").as_str().unwrap_or_default();
    assert!(script.contains("operator raft snapshot save"), "S3-150");
}

#[test]
fn keycloak_has_the_realm_and_its_clients() {
    let realm = at(object("ConfigMap", "infra/keycloak-realm"), "/data/sevensa.json");
    let realm: Value = serde_json::from_str(realm.as_str().unwrap_or_default()).expect("the realm is JSON");
    assert_eq!(realm["realm"], "sevensa", "S3-97");
    let clients: Vec<&str> =
        items(&realm, "/clients").iter().filter_map(|client| client["clientId"].as_str()).collect();
    assert_eq!(clients, ["rentguy-api", "psra-api", "wpcs-api", "gate"], "S3-98, S3-99");
    assert_eq!(realm["clients"][0]["secret"], "${RENTGUY_CLIENT_SECRET}", "S3-98: no value stands in it");
    let settings = at(object("ConfigMap", "infra/keycloak-config"), "/data");
    assert_eq!(settings["KC_HOSTNAME"], "https://auth.sevensa.nl", "S3-96");
    let probe =
        at(object("Deployment", "infra/keycloak"), "/spec/template/spec/containers/0/readinessProbe/httpGet");
    assert_eq!(*probe, json!({"path": "/health/ready", "port": "management"}), "S3-96");
    object("ExternalSecret", "infra/keycloak-admin");
}

#[test]
fn middlewares_sign_in_limit_and_harden() {
    let asked = at(object("Middleware", "rentguy/sign-in"), "/spec/forwardAuth/address");
    assert!(asked.as_str().is_some_and(|address| address.contains("oauth2-proxy.infra")), "S3-104: {asked}");
    let limit = at(object("Middleware", "rentguy/rate-limit"), "/spec/rateLimit");
    assert_eq!((&limit["average"], &limit["burst"]), (&json!(100), &json!(200)), "S3-106");
    let headers = at(object("Middleware", "rentguy/security-headers"), "/spec/headers/customResponseHeaders");
    assert_eq!(headers["X-Content-Type-Options"], "nosniff", "S3-107");
    let chain = at(object("Middleware", "rentguy/auth"), "/spec/chain/middlewares");
    assert_eq!(chain.as_array().map(Vec::len), Some(3), "S3-62, S3-106");
}

#[test]
fn promtail_reads_the_folder_of_the_node_and_writes_nothing_there() {
    let pod = at(object("DaemonSet", "logging/promtail"), "/spec/template/spec");
    let folder =
        items(pod, "/volumes").iter().find(|volume| !volume["hostPath"].is_null()).expect("is there");
    assert_eq!(folder["hostPath"]["path"], "/var/log", "S3-117");
    let mounts = items(&pod["containers"][0], "/volumeMounts");
    let mount = mounts.iter().find(|mount| mount["name"] == folder["name"]).expect("is mounted");
    assert_eq!(mount["readOnly"], true, "S3-117");
    object("ClusterRole", "promtail");
    let settings =
        at(object("ConfigMap", "logging/promtail"), "/data/promtail.yaml").as_str().unwrap_or_default();
    assert!(settings.contains("/loki/api/v1/push"), "S3-117");
}

#[test]
fn argo_cd_follows_the_repository_of_the_source() {
    let delivery = &compilation().environments["prod"].delivery;
    let application = |name: &str| {
        let found = delivery.iter().find(|o| o.id.gvk.kind == "Application" && o.id.name == name);
        found.unwrap_or_else(|| panic!("there is no Application {name}"))
    };
    let rentguy = application("rentguy");
    assert_eq!(rentguy.id.namespace.as_deref(), Some("argocd"), "S3-133");
    for (pointer, value, row) in [
        ("/spec/project", json!("default"), "S3-134"),
        ("/spec/source/repoURL", json!("https://github.com/sevensa/kubernetes-manifests.git"), "S3-135"),
        ("/spec/source/targetRevision", json!("HEAD"), "S3-136"),
        ("/spec/source/path", json!("charts/rentguy"), "S3-137"),
        ("/spec/source/helm/valueFiles", json!(["values.yaml", "values-prod.yaml"]), "S3-138"),
        (
            "/spec/destination",
            json!({"server": "https://kubernetes.default.svc", "namespace": "rentguy"}),
            "S3-139",
        ),
        ("/spec/syncPolicy/automated", json!({"prune": true, "selfHeal": true}), "S3-140"),
        ("/spec/syncPolicy/syncOptions", json!(["CreateNamespace=true"]), "S3-141"),
    ] {
        assert_eq!(*at(rentguy, pointer), value, "{row}");
    }
    let wave = |name: &str| {
        let wave = &at(application(name), "/metadata/annotations")["argocd.argoproj.io/sync-wave"];
        wave.as_str()
            .and_then(|wave| wave.parse::<i32>().ok())
            .unwrap_or_else(|| panic!("{name} has no wave"))
    };
    assert!(wave("sevensa-prod-cert-manager") < wave("sevensa-cluster"), "S3-119, S3-142");
    assert!(wave("sevensa-cluster") < wave("sevensa-infra"), "S3-142");
    for name in ["psra", "wpcs", "ai-orchestration", "rentguy"] {
        assert!(wave("sevensa-infra") < wave(name), "S3-142: {name}");
    }
}

/// The namespaces of products come with their charts, and every other object from the folder that it is rendered to.
#[test]
fn argo_cd_brings_every_object_once() {
    let compiled = &compilation().environments["prod"];
    let applications: Vec<_> = compiled.delivery.iter().filter(|o| o.id.gvk.kind == "Application").collect();
    let texts = |pointer: &str| -> BTreeSet<&str> {
        applications.iter().filter_map(|it| it.value.pointer(pointer)?.as_str()).collect()
    };
    let (paths, destinations) = (texts("/spec/source/path"), texts("/spec/destination/namespace"));
    let [excluded] = texts("/spec/source/directory/exclude").into_iter().collect::<Vec<_>>()[..] else {
        panic!("one Application leaves something out")
    };
    let charted: BTreeSet<&str> = ["ai", "infra", "psra", "rentguy", "wpcs"].into();
    let listed = excluded.split_once('{').and_then(|(_, rest)| rest.split_once('}')).expect("it is a list");
    assert_eq!(listed.0.split(',').collect::<BTreeSet<_>>(), charted);
    assert!(paths.contains("out/rendered/prod/cluster") && charted.is_subset(&destinations), "S3-142");
    for object in &compiled.objects {
        let Some(namespace) = object.id.namespace.as_deref() else { continue };
        let folder = format!("out/rendered/prod/{namespace}");
        assert!(charted.contains(namespace) != paths.contains(&*folder), "S3-142: {}", object.id);
    }
}
