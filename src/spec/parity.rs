//! `[parity]`: the system that the platform takes over from, so that nothing of it is forgotten.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[parity]`: Compose files, every service of which must be in the platform or be excused.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Parity {
    /// The Compose files, below the platform's folder, the later over the earlier: `["compose.yaml"]`.
    pub compose: Option<Vec<String>>,
    /// The environments that must have everything; all that run on Kubernetes unless given.
    pub environments: Option<Vec<String>>,
    /// What took the place of a service, by its path: `{ db = "databases.rentguy-db" }`. An entity of the same name unless given.
    pub services: Option<BTreeMap<String, String>>,
    /// What is left behind, and why: a service, or a part of one as `api:9229` (port), `api:DEBUG` (variable), `api:/data` (volume), `api:db` (connection).
    pub excused: Option<BTreeMap<String, String>>,
}
