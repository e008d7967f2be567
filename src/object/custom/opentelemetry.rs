//! `opentelemetry.io/v1beta1`: collectors that the OpenTelemetry Operator runs.
//!
//! Source: <https://github.com/open-telemetry/opentelemetry-operator/blob/main/docs/api/opentelemetrycollectors.md>.

use k8s_openapi::api::core::v1::ResourceRequirements;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;
use crate::value::Map;

/// A collector.
pub type OpenTelemetryCollector = Custom<OpenTelemetryCollectorSpec>;

kind!(
    OpenTelemetryCollectorSpec: Namespaced,
    "opentelemetry.io",
    "v1beta1",
    "OpenTelemetryCollector",
    "opentelemetrycollectors"
);

/// A collector.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenTelemetryCollectorSpec {
    /// `deployment`, `daemonset`, `statefulset` or `sidecar`.
    pub mode: String,
    /// How many.
    pub replicas: i32,
    /// The image; the operator's own unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// CPU and memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Map>")]
    pub resources: Option<ResourceRequirements>,
    /// What it receives, does and sends on.
    pub config: CollectorConfig,
}

/// What a collector receives, does and sends on. Each component has settings of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CollectorConfig {
    /// What it receives.
    pub receivers: Map,
    /// What it does.
    pub processors: Map,
    /// Where it sends things on.
    pub exporters: Map,
    /// What is joined to what.
    pub service: CollectorService,
}

/// What is joined to what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CollectorService {
    /// Pipelines by the name of the signal.
    pub pipelines: Map,
}
