//! Sections J, L and M: what is watched, what is copied, and what the platform takes over from.

use std::collections::BTreeSet;
use std::path::Path;

use bayplan::compile::{Request, compile, parity_of};
use bayplan::diag::Severity;
use bayplan::host::OsHost;
use bayplan::value::{Value, json};

use super::{all, at, compilation, find, items, object};

fn names(kind: &str) -> BTreeSet<String> {
    all(kind).map(|object| object.id.to_string()).collect()
}

#[test]
fn the_operators_are_asked_for_their_servers() {
    let prometheus = object("Prometheus", "monitoring/sevensa");
    assert_eq!(
        at(prometheus, "/spec/serviceMonitorNamespaceSelector"),
        &json!({}),
        "S3-111: of every namespace"
    );
    assert_eq!(at(prometheus, "/spec/alerting/alertmanagers/0/name"), "alertmanager-operated", "S3-113");
    let account = at(prometheus, "/spec/serviceAccountName").as_str().unwrap_or_default();
    object("ServiceAccount", &format!("monitoring/{account}"));
    let role = object("ClusterRole", account);
    let verbs: BTreeSet<&str> = items(&role.value, "/rules")
        .iter()
        .flat_map(|rule| items(rule, "/verbs"))
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(verbs, BTreeSet::from(["get", "list", "watch"]), "it changes nothing");
    let alertmanager = object("Alertmanager", "monitoring/sevensa");
    let configuration = at(alertmanager, "/spec/alertmanagerConfiguration/name").as_str().unwrap_or_default();
    let config = object("AlertmanagerConfig", &format!("monitoring/{configuration}"));
    assert_eq!(items(&config.value, "/spec/receivers").len(), 2, "S3-114");
    let loki = object("LokiStack", "logging/loki");
    assert_eq!(at(loki, "/spec/storageClassName"), "standard", "S3-116");
    assert_eq!(at(loki, "/spec/storage/secret/name"), "loki-bucket", "S3-116");
    object("ExternalSecret", "logging/loki-bucket");
}

#[test]
fn every_sort_of_server_is_read_and_reached() {
    let monitors = names("ServiceMonitor");
    for name in [
        "rentguy/rentguy-api",
        "psra/psra-api",
        "psra/psra-origin-engine",
        "wpcs/wpcs-api",
        "ai/langgraph",
        "infra/keycloak",
        "infra/openbao",
        "rentguy/rentguy-db-exporter",
        "rentguy/rentguy-redis-exporter",
        "psra/psra-db-exporter",
        "wpcs/wpcs-db-exporter",
        "logging/vector",
    ] {
        assert!(monitors.contains(&format!("ServiceMonitor {name}")), "S3-115: {name} of {monitors:?}");
        let policy = find("prod", "NetworkPolicy", name);
        let opened = policy.is_none_or(|policy| {
            policy.value.to_string().contains("\"app.kubernetes.io/name\":\"prometheus\"")
        });
        assert!(opened || name.starts_with("logging/"), "S3-120: {name}");
    }
    assert_eq!(names("PodMonitor"), BTreeSet::from(["PodMonitor logging/promtail".to_owned()]), "S3-115");
    let rules = names("PrometheusRule");
    for rule in ["alert-api-down", "alert-database-down", "alert-openbao-sealed", "alert-backup-failed"] {
        assert!(rules.contains(&format!("PrometheusRule monitoring/{rule}")), "S3-114: {rule} of {rules:?}");
    }
}

#[test]
fn logs_go_to_the_loki_that_there_is() {
    for config in ["logging/promtail", "logging/vector"] {
        let text = object("ConfigMap", config).value["data"].to_string();
        assert!(
            text.contains("http://loki-distributor-http.logging:3100") && text.contains("tenant_id: sevensa"),
            "S3-117, S3-118: {config}"
        );
    }
    let server =
        object("ConfigMap", "infra/openbao").value["data"]["server.hcl"].as_str().unwrap_or_default();
    assert!(server.contains("audit \"socket\"") && server.contains("vector.logging:9514"), "S3-118");
    let policy = object("NetworkPolicy", "infra/openbao").value["spec"]["egress"].to_string();
    assert!(policy.contains("9514"), "S3-120: OpenBao reaches Vector");
}

#[test]
fn copies_are_made_by_the_clock() {
    for (schedule, namespace) in [("nightly", "infra"), ("databases", "wpcs")] {
        let found = object("Schedule", &format!("velero/{schedule}"));
        let namespaces = items(&found.value, "/spec/template/includedNamespaces");
        assert!(namespaces.contains(&json!(namespace)), "S3-146, S3-149: {schedule}");
        assert_eq!(at(found, "/spec/template/snapshotVolumes"), true, "S3-149");
    }
    object("BackupStorageLocation", "velero/default");
    let class = object("VolumeSnapshotClass", "standard");
    assert_eq!(at(class, "/metadata/labels")["velero.io/csi-volumesnapshot-class"], "true", "S3-148");
}

#[test]
fn what_others_sign_and_store_is_declared() {
    assert_eq!(
        at(object("ClusterIssuer", "letsencrypt"), "/spec/acme/solvers/0/http01/ingress/ingressClassName"),
        "traefik",
        "S3-108"
    );
    let store = object("ClusterSecretStore", "openbao");
    assert_eq!(at(store, "/spec/provider/vault/server"), "http://openbao.infra:8200", "S3-94");
    let set_up =
        object("ConfigMap", "infra/openbao-set-up").value["data"]["set-up.sh"].as_str().unwrap_or_default();
    assert!(
        set_up.contains("role external-secrets external-secrets external-secrets"),
        "the store has its role"
    );
}

#[test]
fn the_internet_is_what_is_not_private() {
    let policy = object("NetworkPolicy", "ai/langgraph").value["spec"]["egress"].to_string();
    for block in ["10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"] {
        assert!(policy.contains(block), "S3-77: {block} is left out of {policy}");
    }
}

#[test]
fn every_service_of_compose_has_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("platforms/sevensa");
    let host = OsHost::new(folder);
    let output = compile(&host, &Request::default());
    let services =
        parity_of(&host, &output, compilation(), &[]).expect("the platform names its Compose file");
    assert!(services.len() > 40, "S3-162: both environments are compared");
    for service in services {
        assert!(service.entity.is_some(), "S3-162: nothing takes the place of {}", service.service);
        let lost = service.differences.iter().find(|it| it.finding.severity != Severity::Note);
        assert!(lost.is_none(), "S3-153, S3-162: {lost:?}");
    }
}
