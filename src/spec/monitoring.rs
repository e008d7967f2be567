//! `[monitoring]` and the nouns that rest on it: objectives, alerts, probes from outside, dashboards, collectors.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;

/// `[monitoring]`: the Prometheus that watches the platform, run by the Prometheus Operator.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Monitoring {
    /// Whether there is one.
    pub enabled: Option<bool>,
    /// The namespace that it runs in, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The labels by which it finds what it is to watch: `{ release = "kube-prometheus-stack" }`.
    pub labels: Option<BTreeMap<String, String>>,
    /// The labels of its pods, for the network; `app.kubernetes.io/name: prometheus` unless given.
    pub prometheus_labels: Option<BTreeMap<String, String>>,
    /// How often metrics are read; `30s` unless given.
    pub interval: Option<String>,
    /// The label by which Grafana finds dashboards; `grafana_dashboard` unless given.
    pub dashboard_label: Option<String>,
    /// How long before its end a certificate raises an alert: `"14d"`; no alert unless given.
    pub certificate_expiry: Option<String>,
    /// The blackbox exporter that asks from outside; `prometheus-blackbox-exporter:9115` unless given.
    pub prober: Option<String>,
    /// A Prometheus that the operator runs for the platform; somebody else's (a chart's) unless given.
    pub prometheus: Option<Server>,
    /// An Alertmanager that the operator runs for the platform; somebody else's unless given.
    pub alertmanager: Option<Server>,
    /// A Loki that the Loki Operator runs for the platform.
    pub loki: Option<LokiStack>,
    /// Where alerts go, by name. The first one gets what no other takes.
    pub receivers: Option<BTreeMap<String, Receiver>>,
}

/// A Prometheus or an Alertmanager.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Server {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// How many; 1 unless given.
    pub replicas: Option<i32>,
    /// How long it keeps what it has: `"15d"`.
    pub retention: Option<String>,
    /// Its volume: a size such as `"50Gi"`, or a table. Without one, what it has goes with its pod.
    pub storage: Option<super::Storage>,
    /// CPU and memory, as `request..limit`; `"100m..1"` and `"256Mi..1Gi"` unless given.
    pub resources: Option<super::Resources>,
}

/// A Loki in parts, with a bucket. Every request to it names a tenant (`X-Scope-OrgID`).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LokiStack {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// How much it must bear: `1x.demo`, `1x.pico`, `1x.extra-small`, `1x.small` or `1x.medium`; `1x.small` unless given.
    pub size: Option<String>,
    /// The storage class of its volumes.
    pub class: Option<String>,
    /// The secret that says how its bucket is reached, by its key in `[secrets]`.
    pub secret: Option<String>,
    /// Whose words that secret uses: `s3` unless given, `azure`, `gcs`, `swift` or `alibabacloud`.
    pub store: Option<String>,
    /// How many days logs are kept; for ever unless given.
    pub days: Option<u32>,
}

/// Where alerts go: one of `slack`, `pagerduty` and `webhook`, each the key of a secret that holds the URL or the key.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Receiver {
    /// A Slack channel: the secret with the URL of the webhook.
    pub slack: Option<ReceiverSecret>,
    /// A PagerDuty service: the secret with its routing key.
    pub pagerduty: Option<ReceiverSecret>,
    /// Anything else: the secret with the URL.
    pub webhook: Option<ReceiverSecret>,
    /// The channel, for Slack: `#alerts`.
    pub channel: Option<String>,
    /// The severities that it gets: `["page"]`; what no other receiver takes unless given.
    pub severities: Option<Vec<String>>,
}

/// A key of a secret.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReceiverSecret {
    /// The secret, by its key in `[secrets]`.
    pub secret: Option<String>,
    /// The key of it.
    pub key: Option<String>,
}

/// Metrics that a workload offers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "port")]))]
pub struct Metrics {
    /// The port, by name.
    pub port: Option<String>,
    /// The path; `/metrics` unless given.
    pub path: Option<String>,
    /// How often they are read; as `[monitoring]` says unless given.
    pub interval: Option<String>,
}

/// `[slos.<name>]`: an objective, with alerts on how fast its error budget burns.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Slo {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// What is promised, in one sentence.
    pub description: Option<String>,
    /// Which share of events is good: `"99.9%"`.
    pub objective: Option<String>,
    /// The days over which it holds; 30 unless given.
    pub days: Option<u32>,
    /// The rate of bad events, in PromQL, with `$window` for the range: `sum(rate(http_requests_total{code=~"5.."}[$window]))`.
    pub errors: Option<String>,
    /// The rate of all events, likewise.
    pub total: Option<String>,
    /// Where the runbook is.
    pub runbook: Option<String>,
}

/// `[alerts.<name>]`: an alert that no other noun brings.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Alert {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// When it is raised, in PromQL.
    pub expr: Option<String>,
    /// For how long that must hold; `5m` unless given.
    pub r#for: Option<String>,
    /// How urgent it is; `ticket` unless given.
    pub severity: Option<String>,
    /// What is wrong, in one sentence.
    pub summary: Option<String>,
    /// Where the runbook is.
    pub runbook: Option<String>,
}

/// `[external-probes.<name>]`: URLs that are asked from outside the platform.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExternalProbe {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The URLs.
    pub targets: Option<Vec<String>>,
    /// The module of the blackbox exporter; `http_2xx` unless given.
    pub module: Option<String>,
    /// How often they are asked; `60s` unless given.
    pub interval: Option<String>,
}

/// What bayplan draws by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DashboardKind {
    /// How fast each objective's error budget burns.
    SloBurnRate,
    /// How long each certificate is still valid.
    CertificateExpiry,
    /// Whether each external probe succeeds, and how fast.
    ExternalProbeHealth,
}

/// `[dashboards.<name>]`: a page of Grafana: one of `shows` and `file`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Dashboard {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// What bayplan draws.
    pub shows: Option<DashboardKind>,
    /// A file below the platform's folder with the page in JSON.
    pub file: Option<String>,
    /// Its title, for what bayplan draws: `SLO Burn Rate`.
    pub title: Option<String>,
}

/// `[collectors.<name>]`: an OpenTelemetry Collector, run by the OpenTelemetry Operator.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Collector {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The image, pinned; the operator's own unless given.
    pub image: Option<String>,
    /// How many; 1 unless given.
    pub replicas: Option<u32>,
    /// Where traces go, by OTLP over gRPC: `tempo.monitoring.svc:4317`.
    pub traces_to: Option<String>,
    /// Where logs go, by OTLP over HTTP: `http://loki.logging.svc:3100/otlp`.
    pub logs_to: Option<String>,
    /// CPU and memory, as `request..limit`; `"100m..500m"` and `"256Mi..512Mi"` unless given.
    pub resources: Option<super::Resources>,
}
