//! The tools that make clusters on a developer's machine.

use super::template::{command, word};
use crate::model::{Cluster, ClusterKind};

/// A tool that makes local clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    /// <https://kind.sigs.k8s.io>
    Kind,
    /// <https://k3d.io>
    K3d,
}

impl Tool {
    /// The tool that makes clusters of this kind; `None` where no tool of a developer's machine does.
    pub(super) const fn of(kind: ClusterKind) -> Option<Self> {
        match kind {
            ClusterKind::Kind => Some(Self::Kind),
            ClusterKind::K3d => Some(Self::K3d),
            ClusterKind::Generic
            | ClusterKind::K3s
            | ClusterKind::Gke
            | ClusterKind::Eks
            | ClusterKind::Aks => None,
        }
    }

    /// The program.
    pub(super) const fn program(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::K3d => "k3d",
        }
    }

    /// The name of its configuration file.
    pub(super) fn config_file(self) -> String {
        match self {
            Self::Kind => "kind-cluster-config.yaml".to_owned(),
            Self::K3d => "k3d.yaml".to_owned(),
        }
    }

    /// The kubectl context that it makes for a cluster.
    pub(super) fn context(self, cluster: &Cluster) -> String {
        format!("{}-{}", self.program(), cluster.name)
    }

    /// A shell command that succeeds where the cluster is there.
    pub(super) fn exists(self, cluster: &Cluster) -> String {
        match self {
            Self::Kind => format!("kind get clusters 2>/dev/null | grep -qxF -e {}", word(&cluster.name)),
            Self::K3d => format!("k3d cluster get {} >/dev/null 2>&1", word(&cluster.name)),
        }
    }

    /// A shell command that makes the cluster. `NODE_IMAGE` chooses the image, and with it the version of Kubernetes.
    pub(super) fn create(self) -> String {
        let image = "${NODE_IMAGE:+--image \"$NODE_IMAGE\"}";
        match self {
            Self::Kind => format!("kind create cluster --config {} --wait 3m {image}", self.config_file()),
            Self::K3d => format!("k3d cluster create --config {} --wait {image}", self.config_file()),
        }
    }

    /// A shell command that deletes the cluster.
    pub(super) fn delete(self, cluster: &Cluster) -> String {
        match self {
            Self::Kind => command(&["kind", "delete", "cluster", "--name", &cluster.name]),
            Self::K3d => command(&["k3d", "cluster", "delete", &cluster.name]),
        }
    }
}
