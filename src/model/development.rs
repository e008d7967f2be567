//! What a developer's machine has besides the cluster, and the gates that a change passes.

use crate::names::PortNumber;

/// What developers work with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Development {
    /// The registry beside the cluster: its name and its port.
    pub registry: Option<(String, PortNumber)>,
    /// Whether K3s' own load balancer stays, so that Services have ports of the machine.
    pub load_balancer: bool,
    /// The region labels that nodes are given in turn.
    pub regions: Vec<String>,
    /// Whether Skaffold builds and follows the sources.
    pub skaffold: bool,
    /// The images that are built from sources.
    pub builds: Vec<Build>,
    /// The gates that a change passes.
    pub quality: Option<Quality>,
}

/// An image and its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The image, without tag and digest.
    pub image: String,
    /// The folder of the sources, relative to the platform's.
    pub context: String,
    /// The Dockerfile, relative to it.
    pub dockerfile: String,
    /// Files that go straight into running containers.
    pub sync: Vec<FileSync>,
}

/// Files that go straight into running containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSync {
    /// A pattern below the folder of the sources.
    pub from: String,
    /// The folder in the container.
    pub to: String,
    /// The part of the path that is left out; empty for none.
    pub strip: String,
}

/// The gates that a change passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quality {
    /// Where the platform's file lies in the repository.
    pub platform_file: String,
    /// Where the output lies in the repository.
    pub output: String,
    /// Folders of sources, and the language of each: `go`, `node` or `python`.
    pub sources: Vec<(String, &'static str)>,
    /// What looks for secrets: `gitleaks` or `trufflehog`.
    pub secrets: &'static str,
    /// What looks at sources: `semgrep` or `sonarqube`.
    pub code: &'static str,
    /// What looks at dependencies: `dependabot` or `snyk`.
    pub dependencies: &'static str,
    /// The severities that fail an image.
    pub image_severities: Vec<String>,
}
