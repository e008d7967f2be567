//! Kafka, its topics and users, and the connectors that feed it.

use bayplan::value::{Value, json};

use super::{ENVIRONMENTS, REGIONS, at, find, object, objects, of_kind};
use crate::custom_resources::upstream;

#[test]
fn every_region_has_brokers_of_its_own() {
    for environment in ENVIRONMENTS {
        let nodes = if environment == "development" { 1 } else { 3 };
        for region in REGIONS {
            let name = format!("events-{region}");
            let pool = object(objects(environment), "KafkaNodePool", &name);
            assert_eq!(pool.value["spec"]["replicas"], json!(nodes), "S4-68 {environment}");
            assert_eq!(pool.value["spec"]["roles"], json!(["controller", "broker"]), "S4-68");
            let affinity =
                at(object(objects(environment), "Kafka", &name), "/spec/kafka/template/pod/affinity");
            assert!(affinity.to_string().contains(&format!("[\"{region}\"]")), "S4-128: {affinity}");
            let connect = object(objects(environment), "KafkaConnect", &format!("{name}-connect"));
            assert_eq!(
                connect.value["spec"]["config"]["value.converter"],
                "org.apache.kafka.connect.json.JsonConverter",
                "S4-72"
            );
            for topic in ["connect-configs", "connect-offsets", "connect-status"] {
                object(objects(environment), "KafkaTopic", &format!("{name}-{topic}"));
            }
            for topic in ["ledger.public.orders", "ledger.public.invoices", "catalog.shop.customers"] {
                let topic = object(objects(environment), "KafkaTopic", &format!("{region}.{topic}"));
                assert_eq!(topic.value["spec"]["replicas"], json!(nodes), "S4-73");
                assert_eq!(topic.value["metadata"]["labels"]["strimzi.io/cluster"], name.as_str(), "S4-128");
            }
        }
    }
}

#[test]
fn every_node_of_a_ledger_is_followed() {
    for (environment, workers) in [("development", 1), ("staging", 2), ("production", 3)] {
        for region in REGIONS {
            let slots = (0..workers).map(|at| format!("-worker-{at}")).chain([String::from("-coordinator")]);
            let mut seen = std::collections::BTreeSet::new();
            for node in slots {
                let connector =
                    object(objects(environment), "KafkaConnector", &format!("events-{region}-ledger{node}"));
                let config = &connector.value["spec"]["config"];
                assert_eq!(
                    connector.value["spec"]["class"], "io.debezium.connector.postgresql.PostgresConnector",
                    "S4-70"
                );
                assert!(seen.insert(config["slot.name"].to_string()), "S4-70: a slot of its own");
                assert_eq!(config["transforms.route.replacement"], format!("{region}.ledger.$1"), "S4-128");
                let host = config["database.hostname"].as_str().unwrap_or_default();
                assert!(host.starts_with(&format!("ledger-{region}-")), "S4-128: {host}");
                let password = config["database.password"].as_str().unwrap_or_default();
                assert!(password.starts_with("${env:"), "S4-74: {password}");
            }
        }
    }
}

#[test]
fn change_streams_bring_only_what_belongs_to_the_region() {
    for region in REGIONS {
        let connector = object(objects("staging"), "KafkaConnector", &format!("events-{region}-customers"));
        let config = &connector.value["spec"]["config"];
        assert_eq!(
            connector.value["spec"]["class"], "io.debezium.connector.mongodb.MongoDbConnector",
            "S4-71"
        );
        let url = config["mongodb.connection.string"].as_str().unwrap_or_default();
        assert!(
            url.starts_with("mongodb://catalog.commerce-data-staging."),
            "S4-71, contradiction 13: {url}"
        );
        let pipeline: Value =
            serde_json::from_str(config["cursor.pipeline"].as_str().unwrap_or_default()).expect("JSON");
        let countries = &pipeline[0]["$match"]["$or"][0]["documentKey.country_code"]["$in"];
        let wanted = match region {
            "eu" => "DE",
            "in" => "IN",
            _ => "US",
        };
        assert!(countries.as_array().is_some_and(|all| all.contains(&json!(wanted))), "S4-128: {countries}");
        assert_eq!(config["snapshot.mode"], "no_data", "S4-128");
    }
}

#[test]
fn consumers_read_and_no_application_writes() {
    for environment in ENVIRONMENTS {
        let user = object(objects(environment), "KafkaUser", "events-eu-warehouse");
        let acls = user.value["spec"]["authorization"]["acls"].as_array().cloned().unwrap_or_default();
        assert!(acls.iter().all(|acl| !acl["operations"].to_string().contains("Write")), "S4-75");
        assert!(acls.iter().any(|acl| acl["resource"]["name"] == "eu."), "S4-75, S4-128: {acls:?}");
        for workload in of_kind(objects(environment), "Deployment") {
            let policy = find(objects(environment), "NetworkPolicy", &workload.id.name);
            let egress = policy.map(|policy| policy.value["spec"]["egress"].to_string()).unwrap_or_default();
            assert!(!egress.contains("9093"), "S4-76 {}", workload.id);
            assert!(!workload.value.to_string().contains("events-eu"), "S4-76 {}", workload.id);
        }
    }
}

#[test]
fn custom_resources_are_what_their_operators_read() {
    let mut seen = 0;
    for environment in ENVIRONMENTS {
        for object in objects(environment).iter() {
            let Some(validator) = upstream(&object.id.gvk.api_version, &object.id.gvk.kind) else { continue };
            let problems: Vec<String> = validator
                .iter_errors(&(&*object.value).into())
                .map(|problem| format!("{} at {}", problem, problem.instance_path()))
                .collect();
            assert_eq!(problems, Vec::<String>::new(), "{}", object.id);
            seen += 1;
        }
    }
    if seen == 0 {
        eprintln!("skipped: there are no definitions beside the checkout");
    }
}
