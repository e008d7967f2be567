//! Rows that the finished objects meet.

use std::collections::BTreeSet;

use bayplan::lower::{ArtefactContent, artefacts, peer_policies};
use bayplan::object::Object;
use bayplan::value::{Value, json};

use super::{ENVIRONMENTS, SHARED, at, compilation, compile_text, edit, find, object, objects, text};

#[test]
fn every_object_is_in_the_namespace_of_its_environment() {
    for environment in ENVIRONMENTS {
        let own = format!("pssaas-{environment}");
        for object in objects(environment).iter() {
            let namespace = object.id.namespace.as_deref();
            assert!(namespace.is_none_or(|name| name == own), "S0-6: {}", object.id);
        }
        let namespaces: Vec<&str> = of_kind(environment, "Namespace").map(|it| it.id.name.as_str()).collect();
        assert_eq!(namespaces, [own.as_str()], "S0-1 to S0-5");
        let labels = at(object(objects(environment), "Namespace", &own), "/metadata/labels");
        assert_eq!(labels["pod-security.kubernetes.io/enforce"], "restricted", "S0-9");
        assert_eq!(labels["app.kubernetes.io/part-of"], "pssaas", "S0-9");
    }
}

fn of_kind<'a>(environment: &str, kind: &'a str) -> impl Iterator<Item = &'a Object> + use<'a> {
    objects(environment).iter().filter(move |object| object.id.gvk.kind == kind)
}

#[test]
fn environments_differ_by_the_database_alone() {
    let workloads = |environment: &str| -> BTreeSet<String> {
        let kinds = ["Deployment", "StatefulSet"];
        kinds.iter().flat_map(|kind| of_kind(environment, kind)).map(|it| it.id.name.clone()).collect()
    };
    let dev = workloads("dev");
    for environment in SHARED {
        let difference: Vec<String> = dev.symmetric_difference(&workloads(environment)).cloned().collect();
        assert_eq!(difference, ["pssaas-sql"], "S0-13");
    }
    for environment in ENVIRONMENTS {
        let all = workloads(environment);
        for foreign in ["keycloak", "vault", "postgres"] {
            assert!(!all.iter().any(|name| name.contains(foreign)), "S0-53, S0-66");
        }
    }
}

#[test]
fn the_database_has_two_bodies_under_one_name() {
    let inside = object(objects("dev"), "Service", "pssaas-sql");
    assert_eq!(at(inside, "/spec/ports/0/port"), 1433, "S0-37, S0-44");
    assert_eq!(at(inside, "/spec/type"), "ClusterIP", "S0-44");
    for (environment, port) in [("staging", 3342), ("production", 1433)] {
        let service = object(objects(environment), "Service", "pssaas-sql");
        assert_eq!(at(service, "/spec/type"), "ExternalName", "S0-41, S0-42");
        for field in ["selector", "clusterIP"] {
            assert!(at(service, "/spec").get(field).is_none(), "S0-43: {field}");
        }
        assert!(at(service, "/spec/ports/0").get("targetPort").is_none(), "S0-43");
        let traces = objects(environment).iter().filter(|object| object.id.name.starts_with("pssaas-sql"));
        assert_eq!(traces.count(), 1, "S0-40: the Service and nothing else");
        let policy = object(objects(environment), "NetworkPolicy", "pssaas-api").value.to_string();
        assert!(policy.contains(&format!("{{\"port\":{port},")), "S0-48 to S0-50: {policy}");
        assert!(policy.contains("ipBlock"), "S0-50");
    }
}

#[test]
fn the_server_of_dev_is_what_its_image_needs() {
    let set = object(objects("dev"), "StatefulSet", "pssaas-sql");
    let container = at(set, "/spec/template/spec/containers/0");
    let env = container["env"].as_array().expect("the server has variables");
    let value =
        |name: &str| env.iter().find(|variable| variable["name"] == name).map(|it| it["value"].clone());
    assert_eq!(value("ACCEPT_EULA"), Some(json!("Y")), "S0-35");
    assert_eq!(value("MSSQL_MEMORY_LIMIT_MB"), Some(json!("2048")), "S0-35");
    assert_eq!(container["resources"]["requests"]["memory"], "2560Mi", "S0-34");
    assert_eq!(container["resources"]["limits"]["memory"], "2560Mi", "S0-34");
    assert_eq!(container["volumeMounts"][0]["mountPath"], "/var/opt/mssql", "S0-36");
    assert_eq!(at(set, "/spec/volumeClaimTemplates/0/spec/storageClassName"), "local-path", "S0-36");
    assert_eq!(at(set, "/spec/template/spec/securityContext/runAsUser"), 10001, "S0-38");
    assert_eq!(at(set, "/spec/template/spec/securityContext/fsGroup"), 10001, "S0-38");
    let job = object(objects("dev"), "Job", "pssaas-sql-create-database").value.to_string();
    assert!(job.contains("IF DB_ID(N'PSSaaS_Dev') IS NULL CREATE DATABASE [PSSaaS_Dev]"), "S0-39");
}

#[test]
fn the_agent_writes_the_secrets_of_the_shared_cluster() {
    for environment in SHARED {
        let deployment = object(objects(environment), "Deployment", "pssaas-api");
        let annotations = at(deployment, "/spec/template/metadata/annotations");
        let get =
            |name: &str| annotations[format!("vault.hashicorp.com/{name}")].as_str().unwrap_or_default();
        assert_eq!(get("agent-inject"), "true", "S0-55");
        assert_eq!(get("role"), format!("pssaas-{environment}-pssaas-api"), "S0-55, S0-61");
        assert_eq!(get("service"), "http://vault.pss-platform.svc.cluster.local:8200", "S0-58");
        let connection = get("agent-inject-template-ConnectionStrings__PSSaaS");
        assert!(connection.contains("HostNameInCertificate="), "S0-51, S0-56: {connection}");
        assert!(connection.contains("{{ with secret"), "S0-56: {connection}");
        assert!(!get("agent-inject-template-Psx__ApiKey").is_empty(), "S0-57");
        assert_eq!(get("agent-limits-mem"), "128Mi", "S0-60");
        let names = at(deployment, "/spec/template/spec/containers/0/env").to_string();
        assert!(!names.contains("ConnectionStrings__PSSaaS") && !names.contains("Psx__ApiKey"), "S0-59");
        assert_eq!(of_kind(environment, "Secret").count(), 0, "S0-59");
    }
}

#[test]
fn a_token_is_mounted_only_beside_an_agent() {
    for environment in ENVIRONMENTS {
        for object in
            objects(environment).iter().filter(|object| object.pointer("/spec/template/spec").is_some())
        {
            let mounted = at(object, "/spec/template/spec/automountServiceAccountToken");
            let injected = SHARED.contains(&environment) && object.id.name == "pssaas-api";
            assert_eq!(mounted, injected, "S0-60: {} in {environment}", object.id);
        }
    }
}

#[test]
fn neighbours_are_called_by_their_names_in_the_cluster() {
    for environment in ENVIRONMENTS {
        let settings = at(object(objects(environment), "ConfigMap", "pssaas-api-settings"), "/data");
        let psx = format!("http://psx-api.psx-{environment}.svc.cluster.local");
        assert_eq!(settings["Psx__BaseUrl"], json!(psx), "S0-75 to S0-77");
        assert_eq!(settings["Redis__Host"], "pssaas-redis", "S0-27");
        assert_eq!(settings["Oidc__Authority"], "https://auth.powerseller.com/realms/psx", "S0-64, S0-65");
        let policy = object(objects(environment), "NetworkPolicy", "pssaas-api").value.to_string();
        assert!(
            policy.contains(&format!("\"kubernetes.io/metadata.name\":\"psx-{environment}\"")),
            "S0-80, S0-81"
        );
        let redis = at(object(objects(environment), "NetworkPolicy", "pssaas-redis"), "/spec/ingress");
        assert_eq!(redis.as_array().map(Vec::len), Some(1), "S0-86");
    }
    let database = |environment| {
        &at(object(objects(environment), "ConfigMap", "pssaas-api-settings"), "/data")["Database__Name"]
    };
    assert_eq!(
        [database("dev"), database("staging"), database("production")],
        ["PSSaaS_Dev", "PSSaaS_Staging", "PSSaaS_Production"],
        "S0-45 to S0-47"
    );
}

#[test]
fn owners_are_told_what_they_must_allow() {
    let model = &compilation().environments["staging"].model;
    let policies = peer_policies(model);
    let owners: Vec<&str> = policies.keys().map(bayplan::names::DnsLabel::as_str).collect();
    assert_eq!(owners, ["ingress-nginx", "pss-platform", "psx-staging"], "S0-88");
    let all: Vec<&Value> = policies.values().flatten().collect();
    assert!(all.iter().all(|policy| policy["kind"] == "NetworkPolicy"), "S0-88");
    let files = artefacts(model);
    let text = |path: &str| {
        let file =
            files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("there is no {path}"));
        match &file.content {
            ArtefactContent::Text(text) => text.clone(),
            ArtefactContent::Yaml(value) => value.to_string(),
        }
    };
    let contract = text("peers/CONTRACT.md");
    assert!(contract.contains("pssaas-api.pssaas-staging.svc.cluster.local:80"), "S0-16, S0-78");
    assert!(text("vault/apply.sh").contains("\"pssaas-staging\""), "S0-61");
    assert!(text("identity/pssaas.sh").contains("https://pssaas.staging.powerseller.com/*"), "S0-63");
}

#[test]
fn without_the_web_client_the_api_has_the_ingress_to_itself() {
    let off =
        compile_text(&edit(&text(), "[workloads.pssaas-web]\n", "[workloads.pssaas-web]\nenabled = false\n"));
    for environment in ENVIRONMENTS {
        let objects = &off.environments[environment].objects;
        assert!(find(objects, "Deployment", "pssaas-web").is_none(), "S0-24");
        assert!(find(objects, "Service", "pssaas-web").is_none(), "S0-24");
        let paths = at(object(objects, "Ingress", "app"), "/spec/rules/0/http/paths");
        assert_eq!(paths.as_array().map(Vec::len), Some(1), "S0-24, contradiction 7");
    }
}

#[test]
fn a_neighbour_for_later_opens_nothing_until_it_is_turned_on() {
    for environment in ENVIRONMENTS {
        let all = objects(environment).iter().map(|object| object.value.to_string()).collect::<String>();
        assert!(!all.contains("mcp"), "S0-68");
    }
    let on = compile_text(&edit(
        &text(),
        "promotes-from = \"staging\"\n",
        "promotes-from = \"staging\"\nexternals.mcp-server.enabled = true\n",
    ));
    let objects = &on.environments["production"].objects;
    let env =
        at(object(objects, "Deployment", "pssaas-api"), "/spec/template/spec/containers/0/env").to_string();
    assert!(env.contains("http://mcp-server.pss-platform.svc.cluster.local"), "S0-68");
    assert!(object(objects, "NetworkPolicy", "pssaas-api").value.to_string().contains("mcp-server"), "S0-68");
}

#[test]
fn production_runs_what_staging_ran() {
    let images = |environment: &str| -> BTreeSet<String> {
        let pods =
            objects(environment).iter().filter_map(|object| object.pointer("/spec/template/spec/containers"));
        pods.filter_map(Value::as_array).flatten().map(|container| container["image"].to_string()).collect()
    };
    assert_eq!(images("production"), images("staging"), "S0-98");
    assert!(images("production").iter().all(|image| image.contains("@sha256:")), "S0-15");
}
