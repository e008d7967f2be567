//! Section D, the network: what the source's own example gets wrong, and what holds instead.

use std::collections::{BTreeMap, BTreeSet};

use bayplan::value::{Value, json};

use super::{DOMAINS, all, at, items, object};

/// The ports that a rule opens, and the peers that it opens them to, as texts.
fn opened(policy: &str, side: &str) -> BTreeMap<String, BTreeSet<u64>> {
    let (rules, peers) = match side {
        "ingress" => ("/spec/ingress", "from"),
        _ => ("/spec/egress", "to"),
    };
    let policy = object("NetworkPolicy", policy);
    let mut opened: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for rule in items(&policy.value, rules) {
        let ports: BTreeSet<u64> =
            items(rule, "/ports").iter().filter_map(|port| port["port"].as_u64()).collect();
        assert!(!ports.is_empty(), "a rule of {} has no exact port", policy.id);
        for peer in rule[peers].as_array().expect("a rule names its peers") {
            opened.entry(shown(peer)).or_default().extend(&ports);
        }
    }
    opened
}

/// A peer: the namespace, if it names one, and the pods.
fn shown(peer: &Value) -> String {
    let labels = |selector: &str| {
        let labels = peer[selector]["matchLabels"].as_object();
        let texts = labels.into_iter().flatten().map(|(key, value)| {
            format!("{}={}", key.rsplit('/').next().unwrap_or(key), value.as_str().unwrap_or_default())
        });
        texts.collect::<Vec<_>>().join(",")
    };
    let (namespace, pods) = (labels("namespaceSelector"), labels("podSelector"));
    [namespace, pods].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" & ")
}

fn expected<const N: usize>(edges: [(&str, &[u64]); N]) -> BTreeMap<String, BTreeSet<u64>> {
    edges.iter().map(|(peer, ports)| ((*peer).to_owned(), ports.iter().copied().collect())).collect()
}

#[test]
fn each_component_of_rentguy_has_exactly_its_edges() {
    let traefik = "metadata.name=ingress & app=traefik";
    let policy = |name: &str, side: &str| opened(&format!("rentguy/{name}"), side);
    assert_eq!(
        policy("rentguy-api", "ingress"),
        expected([
            (traefik, &[3000]),
            ("app=rentguy,component=frontend", &[3000]),
            ("metadata.name=monitoring & name=prometheus", &[3000]),
        ]),
        "S3-48, S3-49, S3-53"
    );
    assert_eq!(
        policy("rentguy-api", "egress"),
        expected([
            ("app=rentguy,component=db", &[5432]),
            ("app=rentguy,component=redis", &[6379]),
            ("metadata.name=infra & name=openbao", &[8200]),
            ("metadata.name=infra & name=keycloak", &[8080]),
        ]),
        "S3-50, S3-51"
    );
    assert_eq!(policy("rentguy-frontend", "ingress"), expected([(traefik, &[8080])]), "S3-48");
    assert_eq!(
        policy("rentguy-frontend", "egress"),
        expected([("app=rentguy,component=api", &[3000])]),
        "S3-50"
    );
    let from_api = |port| expected([("app=rentguy,component=api", port)]);
    let with_exporter = |exporter: &str, port: &'static [u64]| {
        let mut edges = from_api(port);
        edges.insert(format!("app=rentguy,component={exporter}"), port.iter().copied().collect());
        edges
    };
    assert_eq!(policy("rentguy-db", "ingress"), with_exporter("db-exporter", &[5432]), "S3-49, S3-115");
    assert_eq!(policy("rentguy-redis", "ingress"), with_exporter("redis-exporter", &[6379]), "S3-49, S3-115");
    for store in ["rentguy-db", "rentguy-redis"] {
        assert_eq!(policy(store, "egress"), BTreeMap::new(), "S3-55");
    }
}

#[test]
fn the_policy_of_the_source_opens_dns_and_nothing_else() {
    let policy = object("NetworkPolicy", "rentguy/rentguy-network-policy");
    assert_eq!(*at(policy, "/spec/podSelector"), json!({"matchLabels": {"app": "rentguy"}}), "S3-47");
    assert_eq!(*at(policy, "/spec/policyTypes"), json!(["Ingress", "Egress"]), "S3-47");
    assert_eq!(policy.value.pointer("/spec/ingress"), None, "S3-48, S3-49");
    let dns = opened("rentguy/rentguy-network-policy", "egress");
    assert_eq!(dns, expected([("metadata.name=kube-system & k8s-app=kube-dns", &[53])]), "S3-52");
}

#[test]
fn application_namespaces_deny_what_nothing_allows_and_may_ask_dns() {
    for namespace in DOMAINS.into_iter().chain(["infra"]) {
        let deny = object("NetworkPolicy", &format!("{namespace}/default-deny"));
        assert_eq!(*at(deny, "/spec/podSelector"), json!({}), "S3-54, S3-87: {namespace}");
        assert_eq!(*at(deny, "/spec/policyTypes"), json!(["Ingress", "Egress"]), "S3-54, S3-87: {namespace}");
        let dns = object("NetworkPolicy", &format!("{namespace}/allow-dns"));
        let ports = json!([{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]);
        assert_eq!(*at(dns, "/spec/egress/0/ports"), ports, "S3-52: {namespace}");
    }
}

#[test]
fn infra_opens_its_side() {
    let callers = opened("infra/openbao", "ingress");
    for (namespace, name) in [
        ("rentguy", "app=rentguy,component=api"),
        ("psra", "name=psra-api"),
        ("psra", "name=psra-origin-engine"),
        ("wpcs", "name=wpcs-api"),
        ("ai", "name=langgraph"),
    ] {
        let ports = callers.get(&format!("metadata.name={namespace} & {name}"));
        assert!(ports.is_some_and(|ports| ports.contains(&8200)), "S3-56: {namespace} {name} in {callers:?}");
    }
    let callers = opened("infra/keycloak", "ingress");
    for caller in ["metadata.name=rentguy & app=rentguy,component=api", "metadata.name=ingress & app=traefik"]
    {
        assert!(callers.get(caller).is_some_and(|ports| ports.contains(&8080)), "S3-56: {caller}");
    }
    // The replicas of OpenBao elect their leader among themselves.
    assert_eq!(callers_of_its_own(), [8200, 8201].into(), "S3-92");
}

fn callers_of_its_own() -> BTreeSet<u64> {
    opened("infra/openbao", "ingress").remove("name=openbao").unwrap_or_default()
}

#[test]
fn sites_of_wordpress_reach_their_database_and_nobody_reaches_them_but_traefik() {
    let sites = ["site-blog", "site-shop"];
    for site in sites {
        let policy = format!("wpcs/{site}");
        assert_eq!(opened(&policy, "egress"), expected([("name=wpcs-db", &[3306])]), "S3-70: {site}");
        let traefik = expected([("metadata.name=ingress & app=traefik", &[8080])]);
        assert_eq!(opened(&policy, "ingress"), traefik, "S3-70: {site}");
    }
}

#[test]
fn the_internet_is_open_to_those_alone_that_say_so() {
    let open: BTreeSet<String> = all("NetworkPolicy")
        .filter(|policy| {
            items(&policy.value, "/spec/egress")
                .iter()
                .any(|rule| rule["to"].to_string().contains("0.0.0.0/0"))
        })
        .map(|policy| policy.id.name.clone())
        .collect();
    let wanted = ["claude-chat", "langgraph", "n8n", "psra-origin-engine"].map(str::to_owned);
    assert_eq!(open, BTreeSet::from(wanted), "S3-77");
    for name in &open {
        let namespace = if name.starts_with("psra") { "psra" } else { "ai" };
        let policy = object("NetworkPolicy", &format!("{namespace}/{name}"));
        let rules = items(&policy.value, "/spec/egress").iter();
        for rule in rules.filter(|rule| rule["to"].to_string().contains("0.0.0.0/0")) {
            assert_eq!(rule["ports"], json!([{"port": 443, "protocol": "TCP"}]), "S3-77: {name}");
        }
    }
}

/// A peer of several selectors is one entry: in two, they would mean "or".
#[test]
fn no_policy_lets_a_whole_namespace_in_but_those_of_operators() {
    for policy in all("NetworkPolicy") {
        for rule in items(&policy.value, "/spec/ingress") {
            for peer in items(rule, "/from") {
                let namespace = &peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"];
                let whole = peer.get("podSelector").is_none() && !namespace.is_null();
                let operator = ["monitoring", "external-secrets"].map(|name| json!(name)).contains(namespace);
                assert!(!whole || operator, "S3-48: {} lets all of {namespace} in", policy.id);
            }
        }
    }
}
