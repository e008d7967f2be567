//! `[helm.charts.<name>]`: parts of the platform that are written as Helm charts too.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[helm]`: what `render` writes below `out/helm/`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Helm {
    /// The charts by name. Without any, nothing is written, and `render --helm` writes one chart of everything.
    pub charts: Option<BTreeMap<String, HelmChart>>,
}

/// A chart: which objects are in it, and what its values are called. Whatever `components`, `groups` or `namespaces`
/// takes is in it; without any of the three, it holds the whole platform.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HelmChart {
    /// Whether it is written at all.
    pub enabled: Option<bool>,
    /// What it is, in one sentence.
    pub description: Option<String>,
    /// Its version, in the form of SemVer: `"1.2.3"`; `"0.1.0"` unless given.
    pub version: Option<String>,
    /// The version of what it installs.
    pub app_version: Option<String>,
    /// Components whose objects are in it.
    pub components: Option<Vec<String>>,
    /// Products whose objects are in it, by their keys in `[groups]`.
    pub groups: Option<Vec<String>>,
    /// Namespaces whose objects are in it, by their keys in `[namespaces]`.
    pub namespaces: Option<Vec<String>>,
    /// The workload whose values stand at the top of `values.yaml`: `replicaCount`, `image`, `resources`. The one that is called like the chart unless given.
    pub main: Option<String>,
    /// Parts of it that can be switched off as a whole, by name: charts in its folder `charts/`.
    pub subcharts: Option<BTreeMap<String, Subchart>>,
    /// Values with a name of one's own, and the fields that they set: `"keycloak.realm" = ["ConfigMap/api-config data.REALM"]`. A name that ends in `.enabled` is a switch for the objects or fields that it lists.
    pub values: Option<BTreeMap<String, Vec<String>>>,
}

/// A chart within a chart.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Subchart {
    /// The components in it, all of which the chart has too.
    pub components: Option<Vec<String>>,
    /// The key of its values; with `enabled` behind it, its switch. Its name unless given.
    pub alias: Option<String>,
}
