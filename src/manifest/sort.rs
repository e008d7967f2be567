//! What a file or a document is, where it is no Kubernetes object: recognised by its name or by what is in it.

use std::fmt;

use crate::value::Value;

/// Why something was passed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A kustomization, which says what to build and is no object itself.
    Kustomization,
    /// A file that a kustomization names as a patch, a replacement or a configuration: a part of an object.
    KustomizePatch,
    /// `Chart.yaml` and its lock file.
    HelmChart,
    /// A template of a chart, which is YAML only once it is rendered.
    HelmTemplate,
    /// The values of a chart.
    HelmValues,
    /// What a tool of the user's reads, and no API server: a kubeconfig, the configuration of kind or of a kubelet.
    ToolConfig(String),
    /// The operations of a JSON patch.
    JsonPatch,
    /// YAML or JSON without `apiVersion` and `kind`.
    NoObject,
    /// Not even YAML or JSON, and without a word of Kubernetes in it.
    NoManifest,
    /// A symbolic link to a folder, which is not followed.
    LinkedFolder,
    /// A pipe, a socket or a device, which is not opened.
    SpecialFile,
    /// `bayplan-check.toml` names it in `skip`.
    Skipped,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kustomization => f.write_str("kustomization"),
            Self::KustomizePatch => f.write_str("patch of a kustomization"),
            Self::HelmChart => f.write_str("Helm chart"),
            Self::HelmTemplate => f.write_str("Helm template"),
            Self::HelmValues => f.write_str("Helm values"),
            Self::ToolConfig(api) => write!(f, "configuration of a tool ({api})"),
            Self::JsonPatch => f.write_str("JSON patch"),
            Self::NoObject => f.write_str("no Kubernetes object"),
            Self::NoManifest => f.write_str("no manifest"),
            Self::LinkedFolder => f.write_str("link to a folder"),
            Self::SpecialFile => f.write_str("not a regular file"),
            Self::Skipped => f.write_str("skipped by the configuration"),
        }
    }
}

/// What a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sort {
    Object,
    /// An object that holds others: `List`, `PodList`.
    List,
    Other(Reason),
}

/// API groups whose objects no API server takes.
const TOOLS: [&str; 19] = [
    "apiserver.config.k8s.io",
    "apiserver.k8s.io",
    "audit.k8s.io",
    "client.authentication.k8s.io",
    "config.karmada.io",
    "ctlptl.dev",
    "helm.sh",
    "imagepolicy.k8s.io",
    "install.istio.io",
    "k0sctl.k0sproject.io",
    "k3d.io",
    "kind.x-k8s.io",
    "krew.googlecontainertools.github.com",
    "kubeadm.k8s.io",
    "kubelet.config.k8s.io",
    "kubeproxy.config.k8s.io",
    "kubescheduler.config.k8s.io",
    "kyverno-cli.io",
    "skaffold",
];

impl Sort {
    /// What a document is, by what is in it.
    pub fn of(document: &Value) -> Self {
        let Value::Object(fields) = document else { return Self::Other(list_reason(document)) };
        let text = |key: &str| fields.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        match (text("apiVersion"), text("kind")) {
            (Some(api), Some(kind)) => match tool(api, kind) {
                Some(reason) => Self::Other(reason),
                None if kind.ends_with("List") && fields.get("items").is_some_and(Value::is_array) => {
                    Self::List
                }
                None => Self::Object,
            },
            // Half of what makes an object is a mistake, and not another sort of file.
            (Some(_), None) | (None, Some(_)) if fields.get("metadata").is_some_and(Value::is_object) => {
                Self::Object
            }
            _ => Self::Other(Reason::NoObject),
        }
    }
}

fn tool(api_version: &str, kind: &str) -> Option<Reason> {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    if group == "kustomize.config.k8s.io" {
        return Some(Reason::Kustomization);
    }
    let config = (api_version, kind) == ("v1", "Config");
    (config || TOOLS.contains(&group)).then(|| Reason::ToolConfig(format!("{api_version} {kind}")))
}

fn list_reason(document: &Value) -> Reason {
    let is_operation = |item: &Value| item.get("op").is_some() && item.get("path").is_some();
    match document.as_array() {
        Some(items) if !items.is_empty() && items.iter().all(is_operation) => Reason::JsonPatch,
        _ => Reason::NoObject,
    }
}

/// What a file is, by its name alone.
pub(super) fn by_name(path: &str) -> Option<Reason> {
    match path.rsplit('/').next().unwrap_or(path) {
        "kustomization.yaml" | "kustomization.yml" | "Kustomization" => Some(Reason::Kustomization),
        "Chart.yaml" | "Chart.lock" => Some(Reason::HelmChart),
        _ => None,
    }
}

/// Whether a file without objects has the name of a chart's values.
pub(super) fn has_name_of_values(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("values") && matches!(name.rsplit_once('.'), Some((_, "yaml" | "yml")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn documents_are_told_apart() {
        let other = Sort::Other;
        for (document, sort) in [
            (json!({"apiVersion": "v1", "kind": "Pod"}), Sort::Object),
            (json!({"apiVersion": "v1", "kind": "List", "items": []}), Sort::List),
            (json!({"apiVersion": "v1", "kind": "PodList", "items": []}), Sort::List),
            (json!({"apiVersion": "a.b/v1", "kind": "AllowList", "spec": {}}), Sort::Object),
            (json!({"kind": "Pod", "metadata": {}}), Sort::Object),
            (json!({"kind": "Pod"}), other(Reason::NoObject)),
            (json!({"apiVersion": "v1", "kind": "Config"}), other(Reason::ToolConfig("v1 Config".into()))),
            (
                json!({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Component"}),
                other(Reason::Kustomization),
            ),
            (json!([{"op": "add", "path": "/a"}]), other(Reason::JsonPatch)),
            (json!("text"), other(Reason::NoObject)),
        ] {
            assert_eq!(Sort::of(&document), sort, "{document}");
        }
    }
}
