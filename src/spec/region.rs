//! `[regions.<name>]`: the second axis of a platform, along which databases, workloads and event brokers fan out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place whose data stay there. What names it in `regions` becomes one copy in each region that it names.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Region {
    /// Whether it exists at all. `false` in an environment takes everything that fans out over it away there.
    pub enabled: Option<bool>,
    /// What it is, and which law asks for it, in one sentence.
    pub description: Option<String>,
    /// The value of the node label `topology.kubernetes.io/region` of its nodes. Its key unless given.
    pub label: Option<String>,
    /// The countries whose people's data lie there, as two letters (ISO 3166-1 alpha-2).
    pub countries: Option<Vec<String>>,
    /// The storage class whose volumes lie there; that of the cluster unless given.
    pub storage_class: Option<String>,
}

/// What something holds, as far as the law asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Data {
    /// Data of people: it needs a region, and may not leave it.
    Personal,
    /// What anybody may see, or what says nothing of anybody: it may lie anywhere.
    Public,
    /// Nothing that outlives a request.
    None,
}
