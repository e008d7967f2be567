//! `monitoring.coreos.com/v1`: servers that the Prometheus Operator runs.
//!
//! Source: <https://prometheus-operator.dev/docs/api-reference/api/>.

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;
use crate::value::Map;

/// A Prometheus.
pub type Prometheus = Custom<PrometheusSpec>;
/// An Alertmanager.
pub type Alertmanager = Custom<AlertmanagerSpec>;

kind!(PrometheusSpec: Namespaced, "monitoring.coreos.com", "v1", "Prometheus", "prometheuses");
kind!(AlertmanagerSpec: Namespaced, "monitoring.coreos.com", "v1", "Alertmanager", "alertmanagers");

/// A Prometheus. An empty selector selects everything, and one that is absent nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrometheusSpec {
    /// How many, each of which reads everything.
    pub replicas: i32,
    /// How long samples are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// The account that it looks for what it is to read with.
    pub service_account_name: String,
    /// Which `ServiceMonitors`.
    #[schemars(with = "Map")]
    pub service_monitor_selector: LabelSelector,
    /// Of which namespaces.
    #[schemars(with = "Map")]
    pub service_monitor_namespace_selector: LabelSelector,
    /// Which `PodMonitors`.
    #[schemars(with = "Map")]
    pub pod_monitor_selector: LabelSelector,
    /// Of which namespaces.
    #[schemars(with = "Map")]
    pub pod_monitor_namespace_selector: LabelSelector,
    /// Which Probes.
    #[schemars(with = "Map")]
    pub probe_selector: LabelSelector,
    /// Of which namespaces.
    #[schemars(with = "Map")]
    pub probe_namespace_selector: LabelSelector,
    /// Which `PrometheusRules`.
    #[schemars(with = "Map")]
    pub rule_selector: LabelSelector,
    /// Of which namespaces.
    #[schemars(with = "Map")]
    pub rule_namespace_selector: LabelSelector,
    /// Whom alerts are sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alerting: Option<Alerting>,
    /// CPU and memory.
    #[schemars(with = "Option<Map>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<ResourceRequirements>,
    /// Where samples lie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<ServerStorage>,
    /// User and groups.
    pub security_context: ServerSecurity,
}

/// An Alertmanager.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertmanagerSpec {
    /// How many, which agree on what was sent.
    pub replicas: i32,
    /// How long silences and what was sent are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// The configuration that holds for alerts of every namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alertmanager_configuration: Option<ConfigurationName>,
    /// CPU and memory.
    #[schemars(with = "Option<Map>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<ResourceRequirements>,
    /// Where silences lie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<ServerStorage>,
    /// User and groups.
    pub security_context: ServerSecurity,
}

/// An `AlertmanagerConfig` of the same namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConfigurationName {
    /// Its name.
    pub name: String,
}

/// Whom alerts are sent to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alerting {
    /// The Services.
    pub alertmanagers: Vec<AlertmanagerEndpoint>,
}

/// A Service that leads to Alertmanagers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertmanagerEndpoint {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its port.
    pub port: String,
}

/// A claim for each pod.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerStorage {
    /// The claim.
    pub volume_claim_template: ServerClaim,
}

/// A claim.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServerClaim {
    /// What is claimed.
    pub spec: ServerClaimSpec,
}

/// What is claimed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerClaimSpec {
    /// How it may be mounted.
    pub access_modes: Vec<String>,
    /// The storage class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class_name: Option<String>,
    /// How large.
    #[schemars(with = "Map")]
    pub resources: ResourceRequirements,
}

/// User and groups of a pod, as the level `restricted` of the Pod Security Standards wants them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerSecurity {
    /// Whether the user may not be root.
    pub run_as_non_root: bool,
    /// The user.
    pub run_as_user: i64,
    /// The group.
    pub run_as_group: i64,
    /// The group that owns the volume.
    pub fs_group: i64,
    /// Which system calls it may make.
    pub seccomp_profile: SeccompChoice,
}

/// Which system calls a pod may make.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeccompChoice {
    /// `RuntimeDefault`.
    #[serde(rename = "type")]
    pub kind: String,
}
