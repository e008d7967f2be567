//! What the rules have to know beside the objects: the target version, and what exists outside the tree.
//!
//! Plain data, filled by the caller. What is declared here resolves references; what is declared nowhere is reported as
//! dangling, except where the caller says that it does not know (`None`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::custom::CustomRule;
use super::exceptions::Exception;
use super::origins::Origins;
use super::reach::Edge;
use super::rule::Profile;
use super::schema::Schemas;
use super::settings::Settings;

/// The labels of an object.
pub type Labels = BTreeMap<String, String>;

/// Everything that a run of the rules is given beside the objects.
#[derive(Debug)]
pub struct Context<'a> {
    /// The schemas of the target version, custom resources included.
    pub schemas: &'a Schemas,
    /// What exists outside the objects that are checked.
    pub external: External,
    /// Which objects are applied together.
    pub origins: Origins,
    /// The connections that the network policies must allow.
    pub edges: Vec<Edge>,
    /// Which rules run.
    pub profile: Profile,
    /// Whether the rules on how things should be done run too, beside those on what cannot work.
    pub practice: bool,
    /// What the rules that have settings are to ask for.
    pub settings: Settings,
    /// Rules of the house, beside those that come with bayplan.
    pub rules: Vec<Arc<CustomRule>>,
    /// Findings that are meant.
    pub exceptions: Vec<Exception>,
    /// The day that it is, as `2026-02-28`: an exception may hold until one. Where it is empty all of them hold.
    pub today: String,
}

impl<'a> Context<'a> {
    /// A context in which nothing exists outside the objects.
    #[must_use]
    pub fn new(schemas: &'a Schemas) -> Self {
        Self {
            schemas,
            external: External::default(),
            origins: Origins::default(),
            edges: Vec::new(),
            profile: Profile::Default,
            practice: true,
            settings: Settings::default(),
            rules: Vec::new(),
            exceptions: Vec::new(),
            today: String::new(),
        }
    }
}

/// What exists outside the objects that are checked.
#[derive(Debug, Clone, Default)]
pub struct External {
    /// Namespaces that somebody else creates, with their labels. `default` and `kube-…` are always there.
    pub namespaces: BTreeMap<String, Labels>,
    /// Objects by kind, namespace (empty where there is none) and name.
    pub objects: BTreeSet<(String, String, String)>,
    /// Secrets by namespace and name. Real Secrets are never in the tree, so this is where the declared ones are.
    pub secrets: BTreeMap<(String, String), Keys>,
    /// Secrets and `ConfigMaps` that kustomizations generate, by kind and name: in whichever namespace they are asked for.
    pub generated: BTreeSet<(String, String)>,
    /// `ConfigMaps` by namespace and name.
    pub config_maps: BTreeMap<(String, String), Keys>,
    /// The storage classes of the cluster; `None` where they are not known.
    pub storage_classes: Option<BTreeSet<String>>,
    /// The ingress classes of the cluster; `None` where they are not known.
    pub ingress_classes: Option<BTreeSet<String>>,
    /// The priority classes of the cluster beside `system-…`; `None` where they are not known.
    pub priority_classes: Option<BTreeSet<String>>,
    /// Pods in namespaces of the tree that others run, such as those of a chart: namespace and labels.
    pub pods: BTreeSet<(String, Labels)>,
    /// Namespaces in which charts install what is not in the tree: a Service there may be one of theirs.
    pub shared_namespaces: BTreeSet<String>,
    /// Whether all pods run on one node, so that no two nodes can fight for a volume.
    pub single_node: bool,
    /// In-cluster DNS names that others own, without a trailing dot: `kubernetes.default.svc`.
    pub hosts: BTreeSet<String>,
}

/// The keys of a Secret or `ConfigMap` that is declared but not in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// Exactly these.
    Known(BTreeSet<String>),
    /// Not known; every key resolves.
    Any,
}

impl Keys {
    /// Exactly these keys.
    pub fn of<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self::Known(keys.into_iter().map(Into::into).collect())
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        match self {
            Self::Known(keys) => keys.contains(key),
            Self::Any => true,
        }
    }
}

impl External {
    /// Declares an object that exists outside; `namespace` is empty for cluster-scoped kinds.
    pub fn add_object(
        &mut self,
        kind: impl Into<String>,
        namespace: impl Into<String>,
        name: impl Into<String>,
    ) {
        self.objects.insert((kind.into(), namespace.into(), name.into()));
    }

    /// Declares the keys of a Secret.
    pub fn add_secret(&mut self, namespace: impl Into<String>, name: impl Into<String>, keys: Keys) {
        self.secrets.insert((namespace.into(), name.into()), keys);
    }

    /// Whether an object was declared.
    #[must_use]
    pub fn has_object(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.objects.contains(&(kind.to_owned(), namespace.to_owned(), name.to_owned()))
    }
}
