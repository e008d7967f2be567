//! The `kustomization.yaml` of a folder.

use super::tree::Content;
use crate::value::{Value, json};

/// What one `kustomization.yaml` says. The order of `patches` is kept, since kustomize applies them one by one;
/// resources are sorted.
#[derive(Debug, Default)]
pub(super) struct Kustomization {
    /// Files and folders, relative to this one.
    pub resources: Vec<String>,
    /// Entries of `patches:`.
    pub patches: Vec<Value>,
    /// The namespace that every object of the folder is moved to.
    pub namespace: Option<String>,
}

impl Kustomization {
    /// One that lists resources and changes nothing.
    pub(super) fn of(resources: Vec<String>) -> Self {
        Self { resources, ..Self::default() }
    }

    /// The file's content.
    pub(super) fn content(mut self) -> Content {
        self.resources.sort();
        let mut file = json!({
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": self.resources,
        });
        if let Some(namespace) = self.namespace {
            file["namespace"] = namespace.into();
        }
        if !self.patches.is_empty() {
            file["patches"] = self.patches.into();
        }
        Content::Yaml(file.into())
    }
}
