//! N: the product's own services, once they exist (S1-8, S1-70 to S1-73, S1-76, S1-108 to S1-111, S1-128).

use std::sync::OnceLock;

use bayplan::compile::Compilation;
use bayplan::value::json;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Namespace, Service};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};

use super::{Cluster, clusters_of, compile_text, is, text};

/// A service by its workload, its namespace, its route, its path, its port and its row.
const SERVICES: [(&str, &str, &str, &str, i32, &str); 3] = [
    ("core-backend", "core", "api", "/api/", 3000, "S1-71, S1-108"),
    ("ai-service", "ai", "ai", "/ai/", 8000, "S1-72, S1-109"),
    ("web-client", "web", "web", "/", 8080, "S1-70, S1-110"),
];

/// The platform with an image for each service: the edit that its comments and the page of the tree describe.
fn filled() -> &'static Compilation {
    static COMPILATION: OnceLock<Compilation> = OnceLock::new();
    COMPILATION.get_or_init(|| {
        let mut text = text();
        for (name, ..) in SERVICES {
            let off = format!("[workloads.{name}]\nenabled = false\n");
            assert_eq!(text.matches(&off).count(), 1, "{name} is declared and off");
            let on = format!("[workloads.{name}]\nimage = \"registry.example/{name}:1.0.0\"\n");
            text = text.replace(&off, &on);
        }
        compile_text(&text)
    })
}

fn clusters() -> [Cluster<'static>; 3] {
    clusters_of(filled())
}

#[test]
fn a_namespace_is_no_placeholder_once_its_service_is_there() {
    for cluster in clusters() {
        for (_, word, ..) in SERVICES {
            let namespace: Namespace = cluster.get("", &cluster.namespace(word));
            let labels = namespace.metadata.labels.unwrap_or_default();
            assert!(!labels.contains_key("status"), "S1-8: {word} in {}", cluster.name);
        }
    }
}

#[test]
fn a_service_is_a_deployment_that_rolls_with_a_service_before_it() {
    for cluster in clusters() {
        for (name, word, _, _, port, row) in SERVICES {
            let namespace = cluster.namespace(word);
            let deployment: Deployment = cluster.get(&namespace, name);
            let strategy = deployment.spec.and_then(|spec| spec.strategy).and_then(|strategy| strategy.type_);
            assert_eq!(strategy.as_deref(), Some("RollingUpdate"), "{row}");
            let ports = cluster.pod(&namespace, name).containers.remove(0).ports;
            is(&ports, json!([{ "containerPort": port, "name": "http", "protocol": "TCP" }]), row);
            let service: Service = cluster.get(&namespace, name);
            assert_eq!(service.spec.and_then(|spec| spec.type_).as_deref(), Some("ClusterIP"), "S1-75 {row}");
        }
    }
}

#[test]
fn each_namespace_has_its_own_ingress_for_the_one_host() {
    for cluster in clusters() {
        let mut names = cluster.names::<Ingress>();
        names.sort();
        assert_eq!(names, ["ai/ai", "core/api", "infra/auth", "web/web"], "S1-73");
        for (name, word, route, path, _, row) in SERVICES {
            let ingress: Ingress = cluster.get(&cluster.namespace(word), route);
            let value = bayplan::value::to_value(&ingress).expect("a typed object has a manifest");
            let auth: Ingress = cluster.infra("auth");
            let host = auth.spec.and_then(|spec| spec.rules).and_then(|rules| rules[0].host.clone());
            assert_eq!(value["spec"]["rules"][0]["host"].as_str(), host.as_deref(), "S1-73");
            let paths = json!([{
                "path": path, "pathType": "Prefix",
                "backend": { "service": { "name": name, "port": { "name": "http" } } },
            }]);
            assert_eq!(value["spec"]["rules"][0]["http"]["paths"], paths, "{row}");
        }
        let api: Ingress = cluster.get(&cluster.namespace("core"), "api");
        let timeouts = json!({
            "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600",
            "nginx.ingress.kubernetes.io/proxy-send-timeout": "3600",
        });
        is(&api.metadata.annotations, timeouts, "S1-76");
    }
}

/// An Ingress reads Secrets of its own namespace only, so the certificate is wanted in each.
#[test]
fn each_namespace_is_given_the_certificate_of_the_host() {
    let production = &clusters()[2];
    for (_, word, ..) in SERVICES {
        let secret: bayplan::object::custom::ExternalSecret =
            production.get(&production.namespace(word), "wrightnow-tls");
        assert_eq!(secret.spec.data.len(), 2, "S1-77");
    }
}

#[test]
fn services_find_what_they_use_by_name() {
    for cluster in clusters() {
        let infra = cluster.namespace("infra");
        let core = cluster.pod(&cluster.namespace("core"), "core-backend").containers.remove(0);
        let ai = cluster.pod(&cluster.namespace("ai"), "ai-service").containers.remove(0);
        let value = |container: &k8s_openapi::api::core::v1::Container, name: &str| {
            let variables = container.env.iter().flatten();
            variables
                .clone()
                .find(|variable| variable.name == name)
                .and_then(|variable| variable.value.clone())
        };
        let database =
            format!("postgres://postgres:$(DB_PASSWORD)@postgres.{infra}.svc.cluster.local:5432/wrightnow");
        let redis = format!("redis://default:$(REDIS_PASSWORD)@redis.{infra}.svc.cluster.local:6379/0");
        for container in [&core, &ai] {
            assert_eq!(value(container, "DATABASE_URL").as_ref(), Some(&database), "S1-111");
            assert_eq!(value(container, "REDIS_URL").as_ref(), Some(&redis), "S1-111");
            let names: Vec<&str> =
                container.env.iter().flatten().map(|variable| variable.name.as_str()).collect();
            // `$(NAME)` is only filled in from a variable that stands before.
            let place = |name: &str| names.iter().position(|known| *known == name);
            assert!(place("DB_PASSWORD") < place("DATABASE_URL"), "S1-111");
            assert!(place("REDIS_PASSWORD") < place("REDIS_URL"), "S1-111");
        }
        let issuer =
            format!("http://authentik-server.{infra}.svc.cluster.local/auth/application/o/core-backend/");
        assert_eq!(value(&core, "OIDC_ISSUER"), Some(issuer), "S1-111");
        // The database of the address is the one that the server makes at its first start.
        let made = cluster.container("postgres");
        assert_eq!(value(&made, "POSTGRES_DB").as_deref(), Some("wrightnow"), "S1-111");
    }
}

#[test]
fn the_policies_let_services_reach_the_stores_and_the_controller_reach_them() {
    let production = &clusters()[2];
    for (name, word, _, _, port, row) in SERVICES {
        let policy: NetworkPolicy = production.get(&production.namespace(word), name);
        let spec = policy.spec.expect("it has a spec");
        let value = bayplan::value::to_value(&spec).expect("a typed object has a manifest");
        assert_eq!(value["ingress"][0]["ports"], json!([{ "port": port, "protocol": "TCP" }]), "{row}");
        let to = value["egress"].as_array().into_iter().flatten();
        let targets: Vec<&str> = to
            .filter_map(|rule| rule["to"][0]["podSelector"]["matchLabels"]["app.kubernetes.io/name"].as_str())
            .collect();
        let expected: &[&str] = match name {
            "core-backend" => &["postgres", "redis", "authentik-server"],
            "ai-service" => &["postgres", "redis"],
            _ => &[],
        };
        assert_eq!(targets, expected, "S1-128 {row}");
    }
}
