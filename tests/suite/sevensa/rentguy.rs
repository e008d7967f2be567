//! Sections B, C and the routes of D: `RentGuy` as the source shows it, and as it has to be.

use bayplan::value::{Value, json};

use super::{all, at, find, items, object, objects, variable};

fn api() -> &'static Value {
    at(object("Deployment", "rentguy/rentguy-api"), "/spec/template/spec")
}

#[test]
fn the_api_is_the_deployment_of_the_source() {
    let deployment = object("Deployment", "rentguy/rentguy-api");
    let labels = json!({"app": "rentguy", "component": "api"});
    for (key, value) in labels.as_object().expect("is a table") {
        assert_eq!(at(deployment, "/metadata/labels")[key], *value, "S3-11");
        assert_eq!(at(deployment, "/spec/template/metadata/labels")[key], *value, "S3-13");
    }
    assert_eq!(at(deployment, "/spec/replicas"), 3, "S3-12");
    assert_eq!(*at(deployment, "/spec/selector/matchLabels"), labels, "S3-13");
    assert_eq!(api()["serviceAccountName"], "rentguy-api", "S3-14");
    object("ServiceAccount", "rentguy/rentguy-api");
    let container = &api()["containers"][0];
    assert_eq!(container["name"], "api", "S3-15");
    assert_eq!(container["ports"][0]["containerPort"], 3000, "S3-15");
    let image = container["image"].as_str().expect("is a text");
    assert!(image.starts_with("sevensa/rentguy-api:") && image.contains("@sha256:"), "S3-22: {image}");
    assert!(!image.contains(":latest"), "S3-22");
    let from = |secret: &str, key: &str| json!({"secretKeyRef": {"name": secret, "key": key}});
    let read = |name: &str| variable(container, name)["valueFrom"].clone();
    assert_eq!(read("DATABASE_URL"), from("rentguy-db-credentials", "url"), "S3-16");
    assert_eq!(read("JWT_SECRET"), from("rentguy-jwt", "secret"), "S3-17");
    let resources = json!({
        "requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"},
    });
    assert_eq!(container["resources"], resources, "S3-18");
    for (probe, path, delay, period, row) in
        [("livenessProbe", "/health", 30, 10, "S3-19"), ("readinessProbe", "/ready", 5, 5, "S3-20")]
    {
        let probe = &container[probe];
        assert_eq!(probe["httpGet"], json!({"path": path, "port": "http"}), "{row}");
        assert_eq!(
            (&probe["initialDelaySeconds"], &probe["periodSeconds"]),
            (&json!(delay), &json!(period)),
            "{row}"
        );
    }
}

#[test]
fn the_api_waits_for_its_database() {
    let init = &api()["initContainers"][0];
    assert_eq!(init["name"], "init-db", "S3-21");
    assert_eq!(init["image"], api()["containers"][0]["image"], "S3-21");
    let script = "until nc -z rentguy-db 5432; do echo waiting for rentguy-db; sleep 2; done";
    assert_eq!(init["command"], json!(["sh", "-c", script]), "S3-21");
}

#[test]
fn services_lead_from_port_80_to_the_port_of_the_pods() {
    let service = object("Service", "rentguy/rentguy-api");
    assert_eq!(at(service, "/spec/type"), "ClusterIP", "S3-23");
    let port = json!([{"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"}]);
    assert_eq!(*at(service, "/spec/ports"), port, "S3-23");
    assert_eq!(*at(service, "/spec/selector"), json!({"app": "rentguy", "component": "api"}), "S3-23");
    object("Deployment", "rentguy/rentguy-frontend");
    assert_eq!(at(object("Service", "rentguy/rentguy-frontend"), "/spec/ports/0/port"), 80, "S3-24");
}

#[test]
fn the_database_is_the_stateful_set_of_the_source() {
    let set = object("StatefulSet", "rentguy/rentguy-db");
    assert_eq!(*at(set, "/spec/selector/matchLabels"), json!({"app": "rentguy", "component": "db"}), "S3-25");
    assert_eq!(
        (at(set, "/spec/serviceName"), at(set, "/spec/replicas")),
        (&json!("rentguy-db"), &json!(1)),
        "S3-26"
    );
    let service = object("Service", "rentguy/rentguy-db");
    assert_eq!(at(service, "/spec/clusterIP"), "None", "S3-27");
    assert_eq!(at(service, "/spec/ports/0/port"), 5432, "S3-27");
    let container = at(set, "/spec/template/spec/containers/0");
    assert_eq!(
        (&container["name"], &container["image"]),
        (&json!("postgres"), &json!("postgres:14-alpine")),
        "S3-28"
    );
    assert_eq!(
        container["ports"][0],
        json!({"name": "postgres", "containerPort": 5432, "protocol": "TCP"}),
        "S3-28"
    );
    for (name, key) in [("POSTGRES_USER", "username"), ("POSTGRES_PASSWORD", "password")] {
        let from = json!({"secretKeyRef": {"name": "rentguy-db-credentials", "key": key}});
        assert_eq!(variable(container, name)["valueFrom"], from, "S3-29");
    }
    assert_eq!(variable(container, "POSTGRES_DB")["value"], "rentguy", "S3-29");
    assert_eq!(variable(container, "PGDATA")["value"], "/var/lib/postgresql/data/pgdata", "S3-33");
    let mount = items(container, "/volumeMounts").iter().find(|mount| mount["name"] == "data");
    assert_eq!(mount.map(|mount| &mount["mountPath"]), Some(&json!("/var/lib/postgresql/data")), "S3-30");
    let resources = json!({
        "requests": {"cpu": "250m", "memory": "512Mi"}, "limits": {"cpu": "500m", "memory": "1Gi"},
    });
    assert_eq!(container["resources"], resources, "S3-31");
    let claim = at(set, "/spec/volumeClaimTemplates/0");
    assert_eq!(claim["metadata"]["name"], "data", "S3-32");
    let spec = json!({
        "accessModes": ["ReadWriteOnce"], "storageClassName": "standard",
        "resources": {"requests": {"storage": "10Gi"}},
    });
    assert_eq!(claim["spec"], spec, "S3-32");
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        assert_eq!(container[probe]["exec"]["command"][0], "pg_isready", "S3-33");
    }
    assert_eq!(at(set, "/spec/template/spec/securityContext/runAsNonRoot"), true, "S3-33");
}

#[test]
fn settings_and_secrets_are_those_of_the_values_file() {
    let settings = at(object("ConfigMap", "rentguy/rentguy-api-config"), "/data");
    for (key, value, row) in [
        ("DATABASE_TYPE", "postgresql", "S3-35"),
        ("DATABASE_HOST", "rentguy-db", "S3-35"),
        ("DATABASE_PORT", "5432", "S3-35"),
        ("DATABASE_NAME", "rentguy", "S3-35"),
        ("DATABASE_USER", "rentguy", "S3-35"),
        ("REDIS_HOST", "rentguy-redis", "S3-34"),
        ("REDIS_PORT", "6379", "S3-34"),
        ("KEYCLOAK_REALM", "sevensa", "S3-36"),
        ("KEYCLOAK_CLIENT_ID", "rentguy-api", "S3-36"),
        ("OPENBAO_ROLE", "rentguy", "S3-37"),
    ] {
        assert_eq!(settings[key], value, "{row}");
    }
    assert_eq!(
        api()["containers"][0]["envFrom"],
        json!([{"configMapRef": {"name": "rentguy-api-config"}}]),
        "S3-83"
    );
    let stored: Vec<&str> = all("ExternalSecret")
        .filter(|o| o.id.namespace.as_deref() == Some("rentguy"))
        .map(|o| o.id.name.as_str())
        .collect();
    let wanted = [
        "rentguy-db-credentials",
        "rentguy-jwt",
        "rentguy-keycloak-credentials",
        "rentguy-openbao-credentials",
        "rentguy-redis-credentials",
    ];
    assert_eq!(stored, wanted, "S3-38");
    let annotations = at(object("Ingress", "rentguy/rentguy-ingress"), "/metadata/annotations");
    assert_eq!(
        annotations["cert-manager.io/cluster-issuer"], "letsencrypt",
        "S3-38, S3-108: it makes rentguy-tls"
    );
}

#[test]
fn one_ingress_has_both_hosts_behind_the_middleware() {
    let ingress = object("Ingress", "rentguy/rentguy-ingress");
    assert_eq!(at(ingress, "/spec/ingressClassName"), "traefik", "S3-40");
    let annotations = at(ingress, "/metadata/annotations");
    assert_eq!(annotations.get("kubernetes.io/ingress.class"), None, "S3-40");
    for (key, value, row) in [
        ("entrypoints", "websecure", "S3-41"),
        ("tls", "true", "S3-42"),
        ("middlewares", "rentguy-auth@kubernetescrd", "S3-43"),
    ] {
        assert_eq!(annotations[&format!("traefik.ingress.kubernetes.io/router.{key}")], value, "{row}");
    }
    object("Middleware", "rentguy/auth");
    let backend = |host: &str| {
        let rules = items(&ingress.value, "/spec/rules");
        let rule =
            rules.iter().find(|rule| rule["host"] == host).unwrap_or_else(|| panic!("no rule for {host}"));
        let path = &rule["http"]["paths"][0];
        assert_eq!((&path["path"], &path["pathType"]), (&json!("/"), &json!("Prefix")), "S3-44, S3-45");
        path["backend"]["service"].clone()
    };
    let service = |name: &str| json!({"name": name, "port": {"name": "http"}});
    assert_eq!(backend("rentguy.sevensa.nl"), service("rentguy-frontend"), "S3-44");
    assert_eq!(backend("api.rentguy.sevensa.nl"), service("rentguy-api"), "S3-45");
    let tls = at(ingress, "/spec/tls/0");
    assert_eq!(tls["secretName"], "rentguy-tls", "S3-46");
    let mut hosts: Vec<&str> = items(tls, "/hosts").iter().filter_map(Value::as_str).collect();
    hosts.sort_unstable();
    assert_eq!(hosts, ["api.rentguy.sevensa.nl", "rentguy.sevensa.nl"], "S3-46");
}

/// Staging keeps the same names, and its own programs read what the agent of `OpenBao` writes.
#[test]
fn in_staging_the_agent_of_openbao_writes_the_secrets() {
    let deployment = find("staging", "Deployment", "rentguy/rentguy-api").expect("is there");
    let annotations = at(deployment, "/spec/template/metadata/annotations");
    assert_eq!(annotations["openbao.openbao.org/agent-inject"], "true", "S3-94");
    assert_eq!(annotations["openbao.openbao.org/role"], "rentguy", "S3-93, S3-94");
    assert_eq!(annotations["openbao.openbao.org/service"], "http://openbao.infra.svc:8200", "S3-94");
    let container = at(deployment, "/spec/template/spec/containers/0");
    let secret = items(container, "/env").iter().any(|variable| variable["name"] == "JWT_SECRET");
    assert!(!secret, "S3-94: the agent writes it");
    let kept: Vec<&str> = objects("staging")
        .iter()
        .filter(|o| o.id.gvk.kind == "ExternalSecret" && o.id.namespace.as_deref() == Some("rentguy"))
        .map(|o| o.id.name.as_str())
        .collect();
    // PostgreSQL and Redis start with theirs, and read no file of an agent.
    assert_eq!(kept, ["rentguy-db-credentials", "rentguy-redis-credentials"], "S3-94");
}
