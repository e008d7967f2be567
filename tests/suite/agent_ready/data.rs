//! Sections C and D of the requirements: the source of truth, and settings that change while everything runs.

use bayplan::value::{Value, json};

use super::{ENVIRONMENTS, at, compile_text, edit, object, objects, of_kind, output, text};

/// The SQL of the bootstrap Job.
fn sql(environment: &str) -> String {
    let config = object(objects(environment), "ConfigMap", "platform-data", "postgres-bootstrap");
    let files = at(config, "/data").as_object().expect("files");
    files.values().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_schema_and_the_defaults_are_seeded_once() {
    for environment in ENVIRONMENTS {
        let sql = sql(environment);
        // S2-29..31
        for table in ["organizations", "projects", "notes", "service_configs", "config_history"] {
            assert!(sql.contains(&format!("CREATE TABLE IF NOT EXISTS {table} (")), "S2-29: {table}");
        }
        for column in ["owner_email", "org_id", "project_id", "content", "changed_by", "changed_at"] {
            assert!(sql.contains(column), "S2-30, S2-31: {column}");
        }
        // S2-39..46
        let rows = [
            "('ai', 'threshold', '0.75')",
            "('ai', 'model', 'gpt-4')",
            "('email', 'max_retries', '3')",
            "('email', 'timeout_seconds', '30')",
            "('webhook', 'url', 'https://old.com')",
            "('api', 'rate_limit', NULL)",
            "('logging', 'level', 'INFO')",
            "('features', 'dark_mode', 'false')",
        ];
        for row in rows {
            assert!(sql.contains(row), "S2-39..46: {row}");
        }
        assert!(
            sql.contains("ON CONFLICT (service, key) DO NOTHING;"),
            "a row that was changed is left alone"
        );
        // S2-11: each figure of the ResourceQuota is a row.
        let hard = at(object(objects(environment), "ResourceQuota", "org-acme", "quota"), "/spec/hard");
        for (name, amount) in hard.as_object().expect("figures") {
            let row = format!("('quota', '{name}', '{}')", amount.as_str().expect("a quantity"));
            assert!(sql.contains(&row), "S2-11: {row}");
        }
    }
}

#[test]
fn a_quota_and_its_rows_are_one_value() {
    let compilation = compile_text(&edit(&text(), "storage = \"10Gi\"", "storage = \"40Gi\""));
    let all = &compilation.environments["gke"].objects;
    let quota = object(all, "ResourceQuota", "org-acme", "quota");
    assert_eq!(at(quota, "/spec/hard")["requests.storage"], "40Gi");
    let config = object(all, "ConfigMap", "platform-data", "postgres-bootstrap");
    assert!(config.value.to_string().contains("('quota', 'requests.storage', '40Gi')"), "S2-11");
}

#[test]
fn dumps_are_taken_by_the_clock() {
    let job = object(objects("eks"), "CronJob", "platform-data", "postgres-backup");
    assert_eq!(at(job, "/spec/schedule"), "0 2 * * *", "S2-33");
    let script =
        at(job, "/spec/jobTemplate/spec/template/spec/containers/0/command/2").as_str().expect("a script");
    assert!(script.contains("pg_dump --format=custom"));
    let claim = object(objects("eks"), "PersistentVolumeClaim", "platform-data", "postgres-backups");
    assert_eq!(at(claim, "/spec/resources/requests/storage"), "50Gi");
}

/// The containers of the product's own services.
fn services(environment: &str) -> Vec<(String, Value)> {
    let own = of_kind(objects(environment), "Deployment")
        .filter(|one| one.id.namespace.as_deref() == Some("platform-app"));
    own.map(|one| (one.id.name.clone(), at(one, "/spec/template/spec/containers/0").clone())).collect()
}

fn variable<'a>(container: &'a Value, name: &str) -> &'a Value {
    let found = container["env"].as_array().into_iter().flatten().find(|one| one["name"] == name);
    found.unwrap_or(&Value::Null)
}

#[test]
fn services_hear_of_changes_and_hold_none_of_the_settings() {
    let services = services("aks");
    let names: Vec<&str> = services.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["ai", "api", "backend", "email", "provisioner", "webhook"], "S2-22, S2-51..54");
    for (name, container) in &services {
        // S2-36..38, S2-49
        let channels =
            "config:ai:*,config:api:*,config:email:*,config:features:*,config:logging:*,config:webhook:*";
        assert_eq!(variable(container, "CONFIG_CHANNELS")["value"], channels, "S2-36, S2-37: {name}");
        assert_eq!(variable(container, "CONFIG_SUBSCRIBE_PATTERN")["value"], "config:*", "S2-38");
        assert_eq!(variable(container, "CONFIG_SUBSCRIBE_COMMAND")["value"], "PSUBSCRIBE", "S2-38");
        assert!(variable(container, "DATABASE_URL")["value"].is_string(), "S2-49: {name}");
        // S2-50, S2-58: one service publishes.
        let key = &variable(container, "REDIS_PASSWORD")["valueFrom"]["secretKeyRef"]["key"];
        assert_eq!(key, if name == "backend" { "publisher" } else { "subscriber" }, "S2-50: {name}");
        // S2-47: the figures stand nowhere near a service.
        let text = container.to_string();
        for value in ["0.75", "gpt-4", "https://old.com", "dark_mode"] {
            assert!(!text.contains(value), "S2-47: {name} holds {value}");
        }
    }
    let ai = object(objects("aks"), "Deployment", "platform-app", "ai");
    assert_eq!(at(ai, "/spec/replicas"), 2, "S2-51");
}

#[test]
fn redis_lets_one_publish_and_the_others_subscribe() {
    let set = object(objects("gke"), "StatefulSet", "platform-data", "redis");
    let arguments: Vec<&str> = at(set, "/spec/template/spec/containers/0/args")
        .as_array()
        .expect("arguments")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let user = |name: &str| -> Vec<&str> {
        let from = arguments.iter().position(|word| *word == name).expect("the user");
        arguments[from..].iter().skip(1).take_while(|word| **word != "--user").copied().collect()
    };
    for (name, may) in [("publisher", "+publish"), ("subscriber", "+psubscribe")] {
        let words = user(name);
        for word in ["resetkeys", "resetchannels", "-@all", "&config:*", may] {
            assert!(words.contains(&word), "S2-58: {name} lacks {word}: {words:?}");
        }
    }
    assert!(
        !user("subscriber").contains(&"+publish") && !user("publisher").contains(&"+psubscribe"),
        "S2-58"
    );
    let keys = objects("gke").iter().filter(|one| one.value.to_string().contains("REDIS_USER_")).count();
    assert_eq!(keys, 1, "only the server knows both passwords");
}

#[test]
fn only_who_needs_it_reaches_the_database_and_the_internet() {
    let all = objects("aks");
    let policy = object(all, "NetworkPolicy", "platform-data", "postgres").value.to_string();
    for name in
        ["ai", "api", "backend", "email", "webhook", "provisioner", "postgres-bootstrap", "postgres-backup"]
    {
        assert!(policy.contains(&format!("\"app.kubernetes.io/name\":\"{name}\"")), "S2-34, S2-56: {name}");
    }
    // S2-57
    let leaves = |name: &str, port: u64| {
        let policy = object(all, "NetworkPolicy", "platform-app", name);
        let rules = policy.pointer("/spec/egress").and_then(Value::as_array).into_iter().flatten();
        let ports = rules.filter(|rule| rule.to_string().contains("0.0.0.0/0")).flat_map(|rule| {
            rule["ports"].as_array().into_iter().flatten().filter_map(|one| one["port"].as_u64())
        });
        ports.into_iter().any(|one| one == port)
    };
    for name in ["ai", "api", "backend", "email", "provisioner", "webhook"] {
        assert_eq!(leaves(name, 443), ["ai", "email", "webhook"].contains(&name), "S2-57: {name} on 443");
        assert_eq!(leaves(name, 465) && leaves(name, 587), name == "email", "S2-57: {name} on 465 and 587");
    }
    // S2-77
    for namespace in ["platform-app", "platform-data", "platform-auth"] {
        let deny = object(all, "NetworkPolicy", namespace, "default-deny");
        assert_eq!(
            *at(deny, "/spec"),
            json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}),
            "S2-77"
        );
    }
}

#[test]
fn a_setting_in_a_variable_or_a_config_is_refused() {
    let refused = |old: &str, new: &str| -> Vec<&'static str> {
        let found = output(&edit(&text(), old, new)).diagnostics;
        let found: std::collections::BTreeSet<&str> =
            found.iter().filter(|one| one.is_error()).map(|one| one.code.name).collect();
        found.into_iter().collect()
    };
    let ai = "[workloads.ai]\n";
    assert_eq!(
        refused(ai, "[workloads.ai]\nenv.AI_THRESHOLD = \"0.75\"\n"),
        ["hot-setting-in-config"],
        "S2-47"
    );
    assert_eq!(refused(ai, "[workloads.ai]\nenv.MODEL = \"gpt-4\"\n"), ["hot-setting-in-config"], "S2-47");
    let annotated = "[workloads.ai]\nannotations = { \"reloader.stakater.com/auto\" = \"true\" }\n";
    assert_eq!(refused(ai, annotated), ["hot-setting-in-config"], "S2-102");
    let config =
        "[configs.ai]\nnamespace = \"app\"\ndata = { \"ai.threshold\" = \"0.75\" }\n[workloads.ai]\n";
    assert_eq!(refused(ai, config), ["hot-setting-in-config"], "S2-47, S2-48");
    // S2-102: there is no such thing to choose.
    let polling = "mirror-quota = true\npoll-interval = \"5s\"\n";
    assert_eq!(refused("mirror-quota = true", polling), ["unknown-key"], "S2-102");
}

/// S2-69, S2-92
#[test]
fn secrets_are_encrypted_at_rest_on_kind() {
    let compilation = super::compilation();
    let files = compilation.files(&bayplan::Selection::Everything);
    let text = |path: &str| String::from_utf8_lossy(&files[path].bytes).into_owned();
    let kind: Value =
        serde_saphyr::from_str(&text("overlays/local/kind-cluster-config.yaml")).expect("it is YAML");
    assert_eq!(kind["kind"], "Cluster");
    assert!(
        kind["nodes"][0]["kubeadmConfigPatches"][0]
            .as_str()
            .is_some_and(|patch| patch.contains("encryption-provider-config"))
    );
    assert!(text("overlays/local/scripts/k8s-setup.sh").contains("kind: EncryptionConfiguration"));
    assert!(text(".gitignore").contains("/overlays/local/encryption/"));
    assert!(!files.keys().any(|path| path.contains("encryption/")), "the key is no part of the tree");
}
