//! What a developer's machine needs besides a cluster: a registry, and a tool that builds and follows the sources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The tool that builds images and brings changes into running containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InnerLoop {
    /// <https://skaffold.dev>: a `skaffold.yaml` lies beside the kustomization.
    Skaffold,
}

/// `[workloads.<name>.build]`: where the sources of an image are, relative to the platform's folder.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Build {
    /// The folder that the image is built from: `"services/product"`.
    pub context: Option<String>,
    /// The Dockerfile, relative to it; `Dockerfile` unless given.
    pub dockerfile: Option<String>,
    /// Which files go straight into running containers.
    pub sync: Option<Vec<FileSync>>,
}

/// Files that are copied into running containers when they change.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FileSync {
    /// A pattern below the context: `"src/**/*.ts"`.
    pub from: Option<String>,
    /// The folder in the container: `"/app"`.
    pub to: Option<String>,
    /// The part of the path that is left out: `"src/"`.
    pub strip: Option<String>,
}

/// A registry that the cluster's nodes and the developer's machine both reach.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Registry {
    /// Its name, as the nodes know it: `"registry.localhost"`.
    pub name: Option<String>,
    /// Its port on the developer's machine; 5000 unless given.
    pub port: Option<u16>,
}
