//! `monitoring.coreos.com`: what the Prometheus Operator is asked for.
//!
//! Source: <https://prometheus-operator.dev/docs/api-reference/api/>.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;
use crate::value::Map;

/// Services whose metrics are read.
pub type ServiceMonitor = Custom<ServiceMonitorSpec>;
/// Pods whose metrics are read.
pub type PodMonitor = Custom<PodMonitorSpec>;
/// Recorded rates and alerts.
pub type PrometheusRule = Custom<PrometheusRuleSpec>;
/// URLs that are asked from outside.
pub type Probe = Custom<ProbeSpec>;
/// Where alerts go.
pub type AlertmanagerConfig = Custom<AlertmanagerConfigSpec>;

kind!(ServiceMonitorSpec: Namespaced, "monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors");
kind!(PodMonitorSpec: Namespaced, "monitoring.coreos.com", "v1", "PodMonitor", "podmonitors");
kind!(PrometheusRuleSpec: Namespaced, "monitoring.coreos.com", "v1", "PrometheusRule", "prometheusrules");
kind!(ProbeSpec: Namespaced, "monitoring.coreos.com", "v1", "Probe", "probes");
kind!(
    AlertmanagerConfigSpec: Namespaced,
    "monitoring.coreos.com",
    "v1alpha1",
    "AlertmanagerConfig",
    "alertmanagerconfigs"
);

/// Services whose metrics are read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceMonitorSpec {
    /// Which Services.
    #[schemars(with = "Map")]
    pub selector: LabelSelector,
    /// Which of their ports.
    pub endpoints: Vec<MetricsEndpoint>,
}

/// Pods whose metrics are read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodMonitorSpec {
    /// Which pods.
    #[schemars(with = "Map")]
    pub selector: LabelSelector,
    /// Which of their ports.
    pub pod_metrics_endpoints: Vec<MetricsEndpoint>,
}

/// A port with metrics.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricsEndpoint {
    /// Its name.
    pub port: String,
    /// The path.
    pub path: String,
    /// How often.
    pub interval: String,
}

/// Groups of rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PrometheusRuleSpec {
    /// The groups.
    pub groups: Vec<RuleGroup>,
}

/// Rules that are evaluated one after another.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleGroup {
    /// Its name.
    pub name: String,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A recorded expression, or an alert.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    /// The name that the result is recorded under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The name of the alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// The expression.
    pub expr: String,
    /// For how long it must hold.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_: Option<String>,
    /// Labels of the result.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What people read of the alert.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// URLs that are asked from outside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProbeSpec {
    /// The job that the results belong to.
    pub job_name: String,
    /// How often.
    pub interval: String,
    /// The module of the exporter.
    pub module: String,
    /// The exporter.
    pub prober: Prober,
    /// What is asked.
    pub targets: ProbeTargets,
}

/// A blackbox exporter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Prober {
    /// Its host and port.
    pub url: String,
}

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProbeTargets {
    /// URLs that are written down.
    pub static_config: ProbeUrls,
}

/// URLs that are written down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProbeUrls {
    /// The URLs.
    #[serde(rename = "static")]
    pub urls: Vec<String>,
    /// Labels of the results.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

/// Where alerts go.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertmanagerConfigSpec {
    /// Which alert goes where.
    pub route: AlertRoute,
    /// Where.
    pub receivers: Vec<AlertReceiver>,
}

/// Which alert goes where.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertRoute {
    /// The receiver of what no route takes.
    pub receiver: String,
    /// What is told together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_by: Vec<String>,
    /// Routes, the first that matches taking the alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<AlertSubRoute>,
}

/// One route.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AlertSubRoute {
    /// The receiver.
    pub receiver: String,
    /// What it takes.
    pub matchers: Vec<AlertMatcher>,
}

/// A label that must match.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertMatcher {
    /// The label.
    pub name: String,
    /// What it must match.
    pub value: String,
    /// `=`, `!=`, `=~` or `!~`.
    pub match_type: String,
}

/// A receiver: one of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertReceiver {
    /// Its name.
    pub name: String,
    /// Channels of Slack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slack_configs: Vec<SlackReceiver>,
    /// Services of `PagerDuty`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pagerduty_configs: Vec<PagerDutyReceiver>,
    /// URLs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub webhook_configs: Vec<WebhookReceiver>,
}

/// A channel of Slack.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SlackReceiver {
    /// The Secret with the URL.
    #[serde(rename = "apiURL")]
    pub api_url: super::SecretKeyRef,
    /// The channel.
    pub channel: String,
    /// Whether it is told when the alert is over.
    pub send_resolved: bool,
}

/// A service of `PagerDuty`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PagerDutyReceiver {
    /// The Secret with the routing key.
    pub routing_key: super::SecretKeyRef,
    /// Whether it is told when the alert is over.
    pub send_resolved: bool,
}

/// A URL.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookReceiver {
    /// The Secret with the URL.
    pub url_secret: super::SecretKeyRef,
    /// Whether it is told when the alert is over.
    pub send_resolved: bool,
}
