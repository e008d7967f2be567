//! What a house may ask for beyond what holds everywhere: labels, registries, kinds that it does not want.
//!
//! Plain data, filled by the caller. A rule that needs a list says nothing while the list is empty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The settings of the rules that have some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Settings {
    /// Kinds that must not occur: `Ingress`, or `apps/v1/DaemonSet`.
    pub reject_kinds: Vec<String>,
    /// Registries, or prefixes of repositories, that images may come from: `registry.example/team/`.
    pub allowed_registries: Vec<String>,
    /// Labels that every object carries.
    pub required_labels: Vec<String>,
    /// Annotations that every object carries, each with a regular expression for its value; an empty one allows all.
    pub required_annotations: BTreeMap<String, String>,
    /// Annotations that no object carries; a `*` at the end stands for any rest.
    pub forbidden_annotations: Vec<String>,
    /// Annotations that every claim template of a `StatefulSet` carries.
    pub claim_template_annotations: Vec<String>,
    /// The largest factor from a request to its limit; none unless given.
    pub most_limit_to_request: Option<u32>,
    /// The shapes of node that pods have to fit on.
    pub nodes: Vec<NodeShape>,
}

/// Some nodes that are alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct NodeShape {
    /// How many.
    pub count: u32,
    /// The CPU of one that pods can have: `3920m`.
    pub cpu: String,
    /// The memory of one that pods can have: `14Gi`.
    pub memory: String,
    /// How many pods one takes; 110 unless given.
    pub pods: Option<u32>,
    /// The labels of each.
    pub labels: BTreeMap<String, String>,
    /// The keys of the taints that keep pods off: `dedicated=batch:NoSchedule`.
    pub taints: Vec<String>,
}
