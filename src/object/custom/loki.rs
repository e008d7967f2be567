//! `loki.grafana.com/v1`: Loki as the Loki Operator runs it.
//!
//! Source: <https://loki-operator.dev/docs/api.md/>.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;

/// A Loki in parts.
pub type LokiStack = Custom<LokiStackSpec>;

kind!(LokiStackSpec: Namespaced, "loki.grafana.com", "v1", "LokiStack", "lokistacks");

/// A Loki in parts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LokiStackSpec {
    /// How much it must bear: `1x.small`.
    pub size: String,
    /// Where logs lie.
    pub storage: LokiStorage,
    /// The storage class of the volumes that its parts write to first.
    pub storage_class_name: String,
    /// How long logs are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<LokiLimits>,
}

/// Where logs lie.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LokiStorage {
    /// The forms in which they were written, each from a day on.
    pub schemas: Vec<LokiSchema>,
    /// The Secret that says how the bucket is reached.
    pub secret: LokiSecret,
}

/// A form in which logs are written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LokiSchema {
    /// `v13`.
    pub version: String,
    /// The day from which on it holds: `2024-10-01`.
    pub effective_date: String,
}

/// A Secret that says how a bucket is reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LokiSecret {
    /// Its name.
    pub name: String,
    /// Whose words it uses: `s3`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// What holds for every tenant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LokiLimits {
    /// For all of them.
    pub global: LokiGlobalLimits,
}

/// What holds for all tenants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LokiGlobalLimits {
    /// How long logs are kept.
    pub retention: LokiRetention,
}

/// How long logs are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LokiRetention {
    /// In days.
    pub days: u32,
}
