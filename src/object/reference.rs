//! The identity of an object: group, version, kind, namespace and name.

use std::fmt;

use crate::value::Value;

/// Which kind of object: `apps/v1` `Deployment`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupVersionKind {
    /// `v1` or `<group>/<version>`, as it stands in a manifest.
    pub api_version: String,
    /// The kind, in Kubernetes' own spelling.
    pub kind: String,
}

impl GroupVersionKind {
    /// The kind `kind` of `api_version`.
    pub fn new(api_version: impl Into<String>, kind: impl Into<String>) -> Self {
        Self { api_version: api_version.into(), kind: kind.into() }
    }

    /// The API group; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The version within the group.
    #[must_use]
    pub fn version(&self) -> &str {
        self.api_version.split_once('/').map_or(&self.api_version, |(_, version)| version)
    }
}

impl fmt::Display for GroupVersionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version, self.kind)
    }
}

/// What one object is called in a cluster. The version of the API is part of it here, since a manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// The kind.
    pub gvk: GroupVersionKind,
    /// The namespace; `None` for cluster-scoped kinds.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl ObjectRef {
    /// Reads the identity out of a manifest. What is missing becomes empty.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        let top = |key: &str| value.get(key).and_then(Value::as_str);
        let metadata = |key: &str| value.get("metadata")?.get(key)?.as_str();
        Self {
            gvk: GroupVersionKind::new(top("apiVersion").unwrap_or(""), top("kind").unwrap_or("")),
            namespace: metadata("namespace").map(str::to_owned),
            name: metadata("name").unwrap_or("").to_owned(),
        }
    }
}

/// `Deployment core/api`, or `Namespace core` where there is no namespace.
impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.gvk.kind, self.name),
            None => write!(f, "{} {}", self.gvk.kind, self.name),
        }
    }
}
