//! Prometheus, Alertmanager and Loki as their operators run them.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ResourceRequirements, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, PolicyRule, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::monitoring::COMPONENT;
use crate::lower::{absent, container, labels, metadata};
use crate::model::{LokiStack, Monitoring, Platform, Server};
use crate::object::Object;
use crate::object::custom;
use crate::source::KeyPath;

/// The day from which on the newest form of Loki's logs holds. A platform that is new writes no older one.
const LOKI_SCHEMA: (&str, &str) = ("v13", "2024-10-01");
/// The Service that the operator makes for all Alertmanagers of a namespace.
const ALERTMANAGERS: &str = "alertmanager-operated";

pub(super) fn lower(platform: &Platform, monitoring: &Monitoring) -> Vec<Object> {
    let mut objects = Vec::new();
    if let Some(server) = &monitoring.prometheus {
        objects.extend(account(platform, monitoring, &server.source));
        objects.push(prometheus(platform, monitoring, server));
    }
    objects.extend(monitoring.alertmanager.iter().map(|server| alertmanager(platform, monitoring, server)));
    objects.extend(monitoring.loki.iter().map(|found| loki(platform, found)));
    objects
}

fn prometheus(platform: &Platform, monitoring: &Monitoring, server: &Server) -> Object {
    let all = LabelSelector::default;
    let own = || {
        if monitoring.labels.is_empty() { all() } else { labels::matching(monitoring.labels.clone()) }
    };
    let alerting = monitoring.alertmanager.as_ref().map(|_| custom::Alerting {
        alertmanagers: vec![custom::AlertmanagerEndpoint {
            namespace: monitoring.namespace.to_string(),
            name: ALERTMANAGERS.to_owned(),
            port: "web".to_owned(),
        }],
    });
    let spec = custom::PrometheusSpec {
        replicas: server.replicas,
        retention: absent::text(&server.retention),
        service_account_name: name(platform),
        service_monitor_selector: own(),
        service_monitor_namespace_selector: all(),
        pod_monitor_selector: own(),
        pod_monitor_namespace_selector: all(),
        probe_selector: own(),
        probe_namespace_selector: all(),
        rule_selector: own(),
        rule_namespace_selector: all(),
        alerting,
        resources: container::resources(&server.resources),
        storage: storage(server),
        security_context: security(),
    };
    let meta = metadata::of(platform.name.as_str(), &monitoring.namespace, labels::of_platform(platform));
    Object::from_typed(&custom::Prometheus::new(meta, spec), COMPONENT, server.source.clone())
}

fn alertmanager(platform: &Platform, monitoring: &Monitoring, server: &Server) -> Object {
    let configured = !monitoring.receivers.is_empty();
    let spec = custom::AlertmanagerSpec {
        replicas: server.replicas,
        retention: absent::text(&server.retention),
        // One that is found by its labels holds for alerts of its own namespace alone.
        alertmanager_configuration: configured
            .then(|| custom::ConfigurationName { name: platform.name.to_string() }),
        resources: container::resources(&server.resources),
        storage: storage(server),
        security_context: security(),
    };
    let meta = metadata::of(platform.name.as_str(), &monitoring.namespace, labels::of_platform(platform));
    Object::from_typed(&custom::Alertmanager::new(meta, spec), COMPONENT, server.source.clone())
}

fn storage(server: &Server) -> Option<custom::ServerStorage> {
    let (size, class) = server.storage.as_ref()?;
    let requests = BTreeMap::from([("storage".to_owned(), container::quantity(size))]);
    let spec = custom::ServerClaimSpec {
        access_modes: vec!["ReadWriteOnce".to_owned()],
        storage_class_name: class.clone(),
        resources: ResourceRequirements { requests: Some(requests), ..ResourceRequirements::default() },
    };
    Some(custom::ServerStorage { volume_claim_template: custom::ServerClaim { spec } })
}

/// The user of the operator's images.
fn security() -> custom::ServerSecurity {
    custom::ServerSecurity {
        run_as_non_root: true,
        run_as_user: 1000,
        run_as_group: 2000,
        fs_group: 2000,
        seccomp_profile: custom::SeccompChoice { kind: "RuntimeDefault".to_owned() },
    }
}

fn name(platform: &Platform) -> String {
    format!("{}-prometheus", platform.name)
}

/// What Prometheus looks for: where pods and Services are, in every namespace. It changes nothing.
fn account(platform: &Platform, monitoring: &Monitoring, source: &KeyPath) -> [Object; 3] {
    let (name, own) = (name(platform), labels::of_platform(platform));
    let account = ServiceAccount {
        metadata: metadata::of(&name, &monitoring.namespace, own.clone()),
        ..ServiceAccount::default()
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let rule = |group: &str, resources: &[&str]| PolicyRule {
        api_groups: Some(words(&[group])),
        resources: Some(words(resources)),
        verbs: words(&["get", "list", "watch"]),
        ..PolicyRule::default()
    };
    let role = ClusterRole {
        metadata: metadata::of_cluster(&name, own.clone()),
        rules: Some(vec![
            rule("", &["services", "endpoints", "pods"]),
            rule("discovery.k8s.io", &["endpointslices"]),
        ]),
        ..ClusterRole::default()
    };
    let binding = ClusterRoleBinding {
        metadata: metadata::of_cluster(&name, own),
        role_ref: RoleRef {
            api_group: "rbac.authorization.k8s.io".to_owned().into(),
            kind: "ClusterRole".to_owned(),
            name: name.clone(),
        },
        subjects: Some(vec![Subject {
            api_group: None,
            kind: "ServiceAccount".to_owned(),
            name,
            namespace: Some(monitoring.namespace.to_string()),
        }]),
    };
    [
        Object::from_typed(&account, COMPONENT, source.clone()),
        Object::from_typed(&role, COMPONENT, source.clone()),
        Object::from_typed(&binding, COMPONENT, source.clone()),
    ]
}

fn loki(platform: &Platform, found: &LokiStack) -> Object {
    let (version, since) = LOKI_SCHEMA;
    let spec = custom::LokiStackSpec {
        size: found.size.clone(),
        storage: custom::LokiStorage {
            schemas: vec![custom::LokiSchema {
                version: version.to_owned(),
                effective_date: since.to_owned(),
            }],
            secret: custom::LokiSecret { name: found.secret.clone(), kind: found.store.clone() },
        },
        storage_class_name: found.class.clone(),
        limits: found.days.map(|days| custom::LokiLimits {
            global: custom::LokiGlobalLimits { retention: custom::LokiRetention { days } },
        }),
    };
    let meta = metadata::of("loki", &found.namespace, labels::of_platform(platform));
    Object::from_typed(&custom::LokiStack::new(meta, spec), "loki", found.source.clone())
}
