//! The stores: MongoDB, Citus and Redis, and where their data lie.

use bayplan::value::{Value, json};

use super::{ENVIRONMENTS, REGIONS, at, config, object, objects, of_kind, pod, said_after};

#[test]
fn a_sharded_cluster_has_all_its_parts() {
    for environment in ENVIRONMENTS {
        let objects = objects(environment);
        let members = if environment == "development" { 1 } else { 3 };
        let sets = ["config", "shard-eu", "shard-global", "shard-in", "shard-us"];
        for part in sets {
            let set = object(objects, "StatefulSet", &format!("catalog-{part}"));
            assert_eq!(
                set.value["spec"]["replicas"],
                json!(members),
                "S4-29, S4-31, S4-44 {environment} {part}"
            );
            object(objects, "Service", &format!("catalog-{part}-headless"));
            let volume = &at(set, "/spec/template/spec/volumes")[0]["secret"];
            assert_eq!(volume["defaultMode"], json!(0o400), "S4-33: {volume}");
            assert!(set.pointer("/spec/volumeClaimTemplates/0").is_some(), "S4-34");
            let budget = super::find(objects, "PodDisruptionBudget", &format!("catalog-{part}"));
            assert_eq!(budget.is_some(), members > 1, "S4-44 {environment} {part}");
        }
        let command =
            at(object(objects, "Deployment", "catalog"), "/spec/template/spec/containers/0/command");
        assert_eq!(command[0], "mongos", "S4-30");
        let hosts = command[2].as_str().unwrap_or_default();
        assert!(
            hosts.starts_with("catalog-config/catalog-config-0.catalog-config-headless."),
            "S4-30: {hosts}"
        );
        assert_eq!(hosts.split(',').count(), members, "S4-30");
        let service = object(objects, "Service", "catalog");
        assert_eq!(service.value["spec"]["ports"][0]["port"], json!(27017), "S4-32");
    }
}

fn plan() -> Value {
    serde_json::from_str(config("staging", "catalog-init", "plan.json")).expect("the plan is JSON")
}

#[test]
fn only_what_is_personal_has_zones() {
    let plan = plan();
    let collection = |name: &str| {
        let all = plan["collections"].as_array().expect("a list");
        all.iter().find(|one| one["name"] == name).cloned().unwrap_or_else(|| panic!("no {name}"))
    };
    for (name, fields) in [
        ("products", ["sku", "brand", "images"].as_slice()),
        ("merchant_listings", &["price", "stock", "active", "tenant_id"]),
    ] {
        let one = collection(name);
        assert_eq!((&one["shardKey"], &one["zoneBy"]), (&json!([]), &json!("")), "S4-40 {name}");
        let properties = &one["schema"]["properties"];
        assert!(fields.iter().all(|field| properties[field].is_object()), "S4-38, S4-39 {name}");
        let pattern = &properties["geo_restrictions"]["properties"]["deny"]["items"]["pattern"];
        assert_eq!(*pattern, json!("^[A-Z]{2}$"), "S4-41 {name}");
    }
    let customers = collection("customers");
    assert_eq!(customers["shardKey"], json!(["country_code", "tenant_id"]), "S4-37, contradiction 1");
    assert_eq!(plan["home"], json!("global"));
    let countries = customers["schema"]["properties"]["country_code"]["enum"].as_array().cloned();
    let zoned: usize =
        REGIONS.iter().filter_map(|region| plan["zones"][region].as_array()).map(Vec::len).sum();
    assert_eq!(countries.map(|all| all.len()), Some(zoned), "S4-36: a country without a zone lands anywhere");
}

#[test]
fn a_tenant_first_key_is_refused() {
    let said = said_after(
        "shard-key = [\"country_code\", \"tenant_id\"]",
        "shard-key = [\"tenant_id\", \"country_code\"]",
    );
    assert!(said.iter().any(|message| message.contains("not the first field of its shard key")), "{said:?}");
}

#[test]
fn a_ledger_stays_in_its_region() {
    for environment in ENVIRONMENTS {
        for region in REGIONS {
            for part in ["", "-worker"] {
                let set = object(objects(environment), "StatefulSet", &format!("ledger-{region}{part}"));
                let terms = "/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/0";
                let term = at(set, terms);
                assert_eq!(term["key"], "topology.kubernetes.io/region", "S4-43, S4-126");
                assert_eq!(term["values"], json!([region]), "S4-43, S4-126");
                let args = at(set, "/spec/template/spec/containers/0/args").to_string();
                assert!(args.contains("wal_level=logical"), "S4-53: {args}");
                assert!(!args.contains("fsync"), "S4-57: what was committed is on the disk");
                let pod = pod(set).map(Value::to_string).unwrap_or_default();
                assert!(pod.contains("pg_isready") && pod.contains("\"medium\":\"Memory\""), "S4-56");
                let class = at(set, "/spec/volumeClaimTemplates/0/spec/storageClassName");
                let wanted = if environment == "development" {
                    "local-path".to_owned()
                } else {
                    format!("longhorn-{region}")
                };
                assert_eq!(*class, json!(wanted), "S4-43, S4-129 {environment}");
            }
            let sql = config(environment, &format!("ledger-{region}-register"), "20-tables.sql");
            assert!(sql.contains("create_distributed_table('orders', 'tenant_id')"), "S4-52: {sql}");
            assert!(sql.contains("CHECK (\"country_code\" IN ("), "S4-52: {sql}");
            assert_eq!(sql.contains("'US'"), region == "us", "S4-52 {region}");
        }
    }
}

#[test]
fn the_cache_is_bounded_and_its_settings_are_those_of_the_source() {
    for environment in ENVIRONMENTS {
        let value = |key| config(environment, "catalog-cache", key);
        assert_eq!(value("CACHE_KEY_TEMPLATE"), "tenant:<tenant_id>:country:<country_code>:catalog", "S4-60");
        assert_eq!(value("CACHE_TTL_SECONDS"), "3600", "S4-61");
        assert_eq!(value("CACHE_EVICTION_PATTERN"), "tenant:<tenant_id>:country:*:catalog", "S4-62");
        assert_eq!(value("CACHE_MODE"), "cache-aside", "S4-63");
        assert_eq!((value("CACHE_LOCK_TTL_SECONDS"), value("CACHE_LOCK_WAIT_SECONDS")), ("10", "5"), "S4-64");
        assert_eq!(value("CACHE_SCAN_COUNT"), "500", "S4-65");
        assert_eq!(config(environment, "geo-fence", "GEO_COUNTRY_HEADER"), "X-User-Country", "S4-42");
        let redis = object(objects(environment), "StatefulSet", "redis");
        let container = at(redis, "/spec/template/spec/containers/0");
        assert!(container["args"].to_string().contains("192mb"), "S4-63");
        assert_eq!(container["resources"]["limits"]["memory"], json!("256Mi"), "S4-67");
        assert!(container["args"].to_string().contains("--requirepass"), "S4-67");
    }
}

#[test]
fn nothing_is_made_for_a_single_tenant() {
    for environment in ENVIRONMENTS {
        let objects = objects(environment);
        let named = objects.iter().filter(|object| object.id.name.contains("tenant"));
        assert_eq!(named.count(), 0, "S4-22");
        assert_eq!(of_kind(objects, "Namespace").count(), 4, "S4-22, S4-23");
        for object in objects.iter() {
            let Some(pod) = pod(object) else { continue };
            assert_eq!(pod["automountServiceAccountToken"], json!(false), "S4-19 {}", object.id);
            for container in pod["containers"].as_array().into_iter().flatten() {
                let limits = &container["resources"]["limits"];
                assert!(
                    limits["cpu"].is_string() && limits["memory"].is_string(),
                    "S4-16, S4-107 {}",
                    object.id
                );
                let security = &container["securityContext"];
                assert_eq!(security["allowPrivilegeEscalation"], json!(false), "S4-17, S4-108 {}", object.id);
                assert_eq!(security["capabilities"]["drop"], json!(["ALL"]), "S4-17 {}", object.id);
            }
        }
    }
}
