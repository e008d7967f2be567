//! Who may talk to whom, in the policies and in the proof of regions.

use std::collections::BTreeSet;

use bayplan::value::Value;

use super::{ENVIRONMENTS, REGIONS, find, object, objects, of_kind, said_after};

/// The names of the pods of ours that a policy lets in, or lets it reach.
fn peers(environment: &str, policy: &str, direction: (&str, &str)) -> BTreeSet<String> {
    let policy = object(objects(environment), "NetworkPolicy", policy);
    let rules = policy.value["spec"][direction.0].as_array().into_iter().flatten();
    let peers = rules.flat_map(|rule| rule[direction.1].as_array().into_iter().flatten());
    let name = |peer: &Value| {
        let labels = &peer["podSelector"]["matchLabels"];
        let name = labels.get("app.kubernetes.io/name").or_else(|| labels.get("strimzi.io/name"));
        name.or_else(|| labels.get("strimzi.io/kind"))?.as_str().map(str::to_owned)
    };
    peers.filter_map(name).collect()
}

const IN: (&str, &str) = ("ingress", "from");
const OUT: (&str, &str) = ("egress", "to");

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn services_reach_routers_and_coordinators_alone() {
    for environment in ENVIRONMENTS {
        assert_eq!(
            peers(environment, "product-v1", OUT),
            set(&["catalog", "keycloak", "redis"]),
            "S4-25, S4-27"
        );
        let ledgers = set(&["keycloak", "ledger-eu", "ledger-in", "ledger-us"]);
        assert_eq!(peers(environment, "order-v1", OUT), ledgers, "S4-26, S4-27");
        assert_eq!(peers(environment, "redis", IN), set(&["product-v1", "product-v2"]), "S4-66");
        // Two of them share their sessions; one has nobody to share them with.
        let replicas: &[&str] =
            if environment == "production" { &["keycloak", "keycloak-db"] } else { &["keycloak-db"] };
        assert_eq!(peers(environment, "keycloak", OUT), set(replicas), "S4-100 {environment}");
        assert_eq!(peers(environment, "keycloak-db", IN), set(&["keycloak"]), "S4-92, S4-100");
        for namespace in of_kind(objects(environment), "Namespace") {
            for name in ["allow-dns", "default-deny"] {
                let policies = of_kind(objects(environment), "NetworkPolicy");
                let mut own = policies
                    .filter(|policy| policy.value["metadata"]["namespace"] == namespace.id.name.as_str());
                assert!(own.any(|policy| policy.id.name == name), "S4-24, S4-28 {}", namespace.id.name);
            }
        }
    }
}

#[test]
fn shards_of_regions_never_talk_to_each_other() {
    for environment in ENVIRONMENTS {
        for region in REGIONS {
            let own = format!("catalog-shard-{region}");
            assert_eq!(peers(environment, &own, OUT), set(&["catalog-config", &own]), "S4-46");
            let ledger = format!("ledger-{region}");
            let worker = format!("{ledger}-worker");
            assert_eq!(peers(environment, &worker, OUT), set(&[&ledger, &worker]), "S4-58");
            let connect = format!("events-{region}-connect-connect");
            let register = format!("{ledger}-register");
            assert_eq!(
                peers(environment, &worker, IN),
                set(&[&ledger, &worker, &register, &connect]),
                "S4-58"
            );
        }
    }
}

#[test]
fn the_scan_runs_in_staging_and_reaches_the_gateway_alone() {
    for environment in ENVIRONMENTS {
        let scan = find(objects(environment), "CronJob", "zap");
        assert_eq!(scan.is_some(), environment == "staging", "S4-110");
    }
    assert_eq!(peers("staging", "zap", OUT), set(&["traefik"]), "S4-113");
    assert!(peers("staging", "zap", IN).is_empty(), "S4-113");
}

#[test]
fn what_leaves_a_region_is_refused() {
    let report = "[workloads.report]\nnamespace = \"data\"\nimage = \"registry.example/report:1\"\n";
    let before = "# ---------------------------------------------------------------------------------------------- gates";
    let add = |more: &str| said_after(before, &format!("{report}{more}\n{before}"));
    let crossed =
        |said: &[String]| said.iter().any(|message| message.contains("from region us to region eu"));
    let elsewhere = add("region = \"us\"\nuses = [\"ledger-eu\"]");
    assert!(crossed(&elsewhere), "S4-127: {elsewhere:?}");
    let kept = add(
        "kind = \"statefulset\"\nuses = [\"ledger\"]\nstorage = { size = \"1Gi\", class = \"longhorn-eu\", mount = \"/data\" }",
    );
    assert!(kept.iter().any(|message| message.contains("keeps data")), "S4-127, a backup: {kept:?}");
    let unbound = said_after(
        "regions = [\"eu\", \"us\", \"in\"]\ndata = \"personal\"\nnodes = 3",
        "data = \"personal\"\nnodes = 3",
    );
    assert!(
        unbound.iter().any(|message| message.contains("holds personal data and has no region")),
        "S4-127, S4-128: {unbound:?}"
    );
}
