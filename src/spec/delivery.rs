//! `[charts.<name>]` and `[argocd]`: what is installed beside the platform, and how a cluster follows the repository.

use std::collections::BTreeMap;

use crate::value::{Map, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A Helm chart that the platform stands on: an operator, a monitoring stack, a gateway.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Chart {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The product that it belongs to, by its key in `[groups]`; that of its file unless given.
    pub group: Option<String>,
    /// `true` where others install it: only `provides` counts then, and nothing is written for it.
    pub provided: Option<bool>,
    /// The repository: `https://charts.example.com`, or `registry.example.com/charts` for one of OCI images.
    pub repository: Option<String>,
    /// The name of the chart there; its key unless given.
    pub chart: Option<String>,
    /// The exact version: `"6.30.0"`. A range would install something else tomorrow.
    pub version: Option<String>,
    /// The namespace that it is installed in, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The name of the release; its key unless given.
    pub release: Option<String>,
    /// The values that differ from those of the chart.
    #[schemars(with = "Option<Map>")]
    pub values: Option<Value>,
    /// A YAML file below the platform's folder with such values; `values` win over it.
    pub values_file: Option<String>,
    /// The API groups whose definitions it installs: `["monitoring.coreos.com"]`. Those of well-known charts are known.
    pub provides: Option<Vec<String>>,
    /// The charts that must be there before it, by key.
    pub after: Option<Vec<String>>,
    /// Further namespaces that it writes into, by their names in the cluster: `["kube-system"]`.
    pub writes_into: Option<Vec<String>>,
    /// `true` leaves its definitions to somebody else.
    pub skip_crds: Option<bool>,
}

/// `[argocd]`: a controller in the cluster that keeps it equal to the repository.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ArgoCd {
    /// Whether an environment is delivered by Argo CD. `false` where people or Skaffold apply: self-healing would undo what they do.
    pub enabled: Option<bool>,
    /// The Git repository that holds the output: `https://github.com/acme/platform.git`.
    pub repository: Option<String>,
    /// What is followed there: a branch, a tag or a commit; `HEAD` unless given.
    pub revision: Option<String>,
    /// Where the output folder lies in the repository; `out` unless given.
    pub path: Option<String>,
    /// Which form of the output is applied; `overlay` unless given.
    pub source: Option<DeliverySource>,
    /// The namespace that Argo CD runs in, by its name in the cluster; `argocd` unless given.
    pub namespace: Option<String>,
    /// The name of the project; `<platform>-<environment>` unless given. `default` is Argo CD's own and grants everything.
    pub project: Option<String>,
    /// The API server of the cluster; the one that Argo CD runs in unless given.
    pub server: Option<String>,
    /// Several clusters that get the same: an ApplicationSet takes the place of the Application.
    pub clusters: Option<Vec<DeliveryCluster>>,
    /// `false` leaves out the Application of the overlay, for platforms whose `applications` deliver everything.
    pub overlay: Option<bool>,
    /// Whether and how it syncs by itself. Prunes and heals unless told otherwise.
    pub sync: Option<Sync>,
    /// Fields that something else may change without being undone.
    pub ignore_differences: Option<Vec<IgnoreDifference>>,
    /// Further Applications by name: charts of the same repository, parts of others.
    pub applications: Option<BTreeMap<String, Application>>,
}

/// Which form of the output Argo CD applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeliverySource {
    /// `overlays/<environment>`, which Argo CD builds with kustomize.
    Overlay,
    /// `rendered/<environment>`, which it applies as it stands.
    Rendered,
}

/// One of several clusters.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeliveryCluster {
    /// What it is called in the names of Applications: `eu`.
    pub name: Option<String>,
    /// Its API server, as Argo CD knows it.
    pub server: Option<String>,
}

/// How an Application syncs.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sync {
    /// Whether it syncs by itself; `true` unless given.
    pub automated: Option<bool>,
    /// Whether what has left the repository leaves the cluster; `true` unless given.
    pub prune: Option<bool>,
    /// Whether what was changed by hand is changed back; `true` unless given.
    pub self_heal: Option<bool>,
    /// Options in Argo CD's own words: `["CreateNamespace=true"]`.
    pub options: Option<Vec<String>>,
    /// How often a failed sync is tried again; 5 unless given.
    pub retries: Option<u32>,
}

/// A field that is left alone.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IgnoreDifference {
    /// The API group of the objects; the core group unless given.
    pub group: Option<String>,
    /// Their kind.
    pub kind: String,
    /// The one of that name alone.
    pub name: Option<String>,
    /// The ones in that namespace alone, by its name in the cluster.
    pub namespace: Option<String>,
    /// The fields, as JSON pointers: `["/spec/hard"]`.
    pub json_pointers: Option<Vec<String>>,
    /// The fields, as jq paths.
    pub jq_paths: Option<Vec<String>>,
    /// Everything that these managers own.
    pub managers: Option<Vec<String>>,
}

/// A further Application.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Application {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// Its repository; the platform's unless given.
    pub repository: Option<String>,
    /// What is followed there; what the platform follows unless given.
    pub revision: Option<String>,
    /// The folder there: `charts/shop`.
    pub path: Option<String>,
    /// The values files of the chart in that folder, weakest first: `["values.yaml", "values-prod.yaml"]`.
    pub value_files: Option<Vec<String>>,
    /// Whether that folder holds plain objects, in folders below it too, such as `out/rendered/prod/monitoring`.
    pub recurse: Option<bool>,
    /// Which files of a folder of plain objects are left out, as a glob of Argo CD's: `"{a.yaml,b/*.yaml}"`.
    pub exclude: Option<String>,
    /// The project; the platform's unless given.
    pub project: Option<String>,
    /// The namespace of what names none, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The applications that must be healthy before it, by name.
    pub after: Option<Vec<String>>,
    /// How it syncs; as the platform does unless given.
    pub sync: Option<Sync>,
}
