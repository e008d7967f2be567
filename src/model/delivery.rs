//! What is installed beside the platform, and how a cluster follows the repository.

use super::Pairs;
use crate::names::DnsLabel;
use crate::source::KeyPath;
use crate::value::Value;

/// A Helm chart that the platform stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Where it is written.
    pub source: KeyPath,
    /// The name of the release.
    pub release: DnsLabel,
    /// Its repository: a URL, or a registry with a path.
    pub repository: String,
    /// The name of the chart there.
    pub chart: String,
    /// The exact version.
    pub version: String,
    /// The namespace that it is installed in, by its name in the cluster.
    pub namespace: DnsLabel,
    /// What differs from the values of the chart: a table, which may be empty.
    pub values: Value,
    /// Further namespaces that it writes into.
    pub writes_into: Vec<String>,
    /// Whether its definitions are left out.
    pub skip_crds: bool,
    /// How many charts must be there before it, one after another.
    pub depth: u32,
}

/// Argo CD, as far as this platform is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct ArgoCd {
    /// Whether it delivers this environment.
    pub enabled: bool,
    /// The namespace that it runs in.
    pub namespace: DnsLabel,
    /// The project of the Applications.
    pub project: String,
    /// The repository of the output.
    pub repository: String,
    /// The folder of Applications in it: `out/argocd/production`.
    pub root: String,
    /// What is followed there.
    pub revision: String,
    /// The API server of the cluster.
    pub server: String,
    /// The clusters that get the same, by name and API server; empty for one cluster.
    pub clusters: Vec<(String, String)>,
    /// Everything that it keeps equal, that of the overlay first.
    pub applications: Vec<Application>,
    /// How charts sync, and the Application of Applications.
    pub sync: Sync,
}

/// A part of the repository that is kept equal.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: String,
    /// Its project.
    pub project: String,
    /// Its repository.
    pub repository: String,
    /// What is followed there.
    pub revision: String,
    /// The folder there.
    pub path: String,
    /// Whether every folder below it is read: it holds finished objects.
    pub recurse: bool,
    /// The files that are left out of it, as a glob.
    pub exclude: Option<String>,
    /// The values files of the chart in that folder, weakest first.
    pub value_files: Vec<String>,
    /// The namespace of what names none; `None` where everything names its own.
    pub namespace: Option<DnsLabel>,
    /// How many applications must be healthy before it, one after another.
    pub depth: u32,
    /// How it syncs.
    pub sync: Sync,
    /// Fields that something else may change.
    pub ignore: Vec<IgnoreDifference>,
}

/// How an Application syncs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sync {
    /// Whether it syncs by itself.
    pub automated: bool,
    /// Whether what has left the repository leaves the cluster.
    pub prune: bool,
    /// Whether what was changed by hand is changed back.
    pub self_heal: bool,
    /// Options in Argo CD's own words.
    pub options: Vec<String>,
    /// How often a failed sync is tried again.
    pub retries: u32,
}

/// A field that is left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IgnoreDifference {
    /// Group, kind, name and namespace of the objects, as far as they are given; what is not has no key.
    pub objects: Pairs,
    /// JSON pointers.
    pub json_pointers: Vec<String>,
    /// jq paths.
    pub jq_paths: Vec<String>,
    /// Managers of fields.
    pub managers: Vec<String>,
}

/// What the platform stands on and how it is delivered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Delivery {
    /// The charts, by name.
    pub charts: Vec<Chart>,
    /// The API groups that charts bring, and whether the platform knows its charts at all.
    pub groups: Vec<String>,
    /// Whether the platform declares charts: what none of them brings is missing then.
    pub knows_charts: bool,
    /// Argo CD; `None` where the platform does not speak of it.
    pub argocd: Option<ArgoCd>,
}
