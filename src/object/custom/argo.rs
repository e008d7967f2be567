//! `argoproj.io/v1alpha1`: what Argo CD keeps a cluster equal to.
//!
//! Source: <https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/>.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;
use crate::value::{Map, Value};

/// A folder of a repository, or a chart, that a cluster is kept equal to.
pub type Application = Custom<ApplicationSpec>;
/// One Application for each of several clusters.
pub type ApplicationSet = Custom<ApplicationSetSpec>;
/// What Applications may read from and write to.
pub type AppProject = Custom<AppProjectSpec>;

kind!(ApplicationSpec: Namespaced, "argoproj.io", "v1alpha1", "Application", "applications");
kind!(ApplicationSetSpec: Namespaced, "argoproj.io", "v1alpha1", "ApplicationSet", "applicationsets");
kind!(AppProjectSpec: Namespaced, "argoproj.io", "v1alpha1", "AppProject", "appprojects");

/// What is read, where it is applied, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSpec {
    /// The project.
    pub project: String,
    /// What is read.
    pub source: ApplicationSource,
    /// Where it is applied.
    pub destination: Destination,
    /// How it is applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_policy: Option<SyncPolicy>,
    /// Fields that are left alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore_differences: Vec<ResourceIgnoreDifferences>,
}

/// A folder of a Git repository, or a chart of a Helm repository.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSource {
    /// The repository.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// The branch, tag, commit or version of the chart.
    pub target_revision: String,
    /// The folder of a Git repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The chart of a Helm repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<String>,
    /// How a chart is rendered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helm: Option<HelmSource>,
    /// How a folder of plain objects is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<DirectorySource>,
}

/// How a chart is rendered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HelmSource {
    /// The name of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_name: Option<String>,
    /// Files of values in the chart's folder, weakest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value_files: Vec<String>,
    /// Values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Map>")]
    pub values_object: Option<Value>,
    /// Leaves out the definitions of the chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_crds: Option<bool>,
}

/// How a folder of plain objects is read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DirectorySource {
    /// Whether the folders below it are read too.
    pub recurse: bool,
    /// The files that are left out, as a glob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<String>,
}

/// A cluster, and a namespace of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Destination {
    /// The API server.
    pub server: String,
    /// The namespace of what names none; `*` in a project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// How an Application is applied.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncPolicy {
    /// It syncs by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automated: Option<Automated>,
    /// Options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sync_options: Vec<String>,
    /// What happens when a sync fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
}

/// How an Application syncs by itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Automated {
    /// What has left the repository leaves the cluster.
    pub prune: bool,
    /// What was changed by hand is changed back.
    pub self_heal: bool,
}

/// What happens when a sync fails.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Retry {
    /// How often it is tried again.
    pub limit: i64,
    /// How long is waited in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff: Option<Backoff>,
}

/// How long is waited between tries.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Backoff {
    /// The first time.
    pub duration: String,
    /// How many times longer each time.
    pub factor: i64,
    /// At most.
    pub max_duration: String,
}

/// Fields that are left alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceIgnoreDifferences {
    /// The API group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The kind.
    pub kind: String,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// JSON pointers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub json_pointers: Vec<String>,
    /// jq paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jq_path_expressions: Vec<String>,
    /// Managers of fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub managed_fields_managers: Vec<String>,
}

/// A template, and what it is filled with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationSetSpec {
    /// Templates are Go's, not plain replacement.
    pub go_template: bool,
    /// `missingkey=error`: a key that is not there is an error.
    pub go_template_options: Vec<String>,
    /// What fills the template.
    pub generators: Vec<Generator>,
    /// The Application.
    pub template: ApplicationTemplate,
}

/// What fills a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Generator {
    /// A list.
    pub list: ListGenerator,
}

/// A list of what fills a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListGenerator {
    /// One Application each.
    pub elements: Vec<ClusterElement>,
}

/// A cluster that fills a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterElement {
    /// What it is called.
    pub name: String,
    /// Its API server.
    pub server: String,
}

/// The Application that a template makes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApplicationTemplate {
    /// Its name, labels and annotations.
    #[schemars(with = "Map")]
    pub metadata: ObjectMeta,
    /// What it is.
    pub spec: ApplicationSpec,
}

/// What Applications of a project may do. What is listed nowhere is refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppProjectSpec {
    /// What it is for.
    pub description: String,
    /// The repositories that may be read.
    pub source_repos: Vec<String>,
    /// Where may be written.
    pub destinations: Vec<Destination>,
    /// The kinds outside namespaces.
    pub cluster_resource_whitelist: Vec<GroupKind>,
    /// The kinds in namespaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespace_resource_whitelist: Vec<GroupKind>,
}

/// A kind of an API group; `*` for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct GroupKind {
    /// The group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
}
