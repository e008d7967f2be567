//! What programs of the tree make while they run, so that nobody calls it missing: the pods of well-known custom resources
//! (`made.tsv`), and whatever a workload's account may make in the workload's own namespace.
//!
//! What is nearly called as something of the tree is a slip all the same (`nearly.rs`).
//!
//! An operator that may create pods makes pods whose labels no manifest tells; a job that may create Secrets makes the
//! certificate that a Deployment beside it mounts. Only the namespace in which the program runs is left to it: a
//! controller for the whole cluster would otherwise excuse every mistake in the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::subject::Subject;
use super::values::Fields;
use crate::value::Value;

/// Labels with their patterns.
type Labels = Vec<(&'static str, &'static str)>;

/// The custom resources of the table, by group and kind, with the labels of their pods.
static OPERATED: LazyLock<BTreeMap<(&str, &str), Labels>> = LazyLock::new(|| {
    let rows = include_str!("made.tsv").lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let mut columns = line.split('\t');
        let key = (columns.next()?, columns.next()?);
        Some((key, columns.next()?.split(' ').filter_map(|label| label.split_once('=')).collect()))
    };
    rows.filter_map(row).collect()
});

/// Resources through which pods come about.
const POD_MAKERS: [&str; 7] =
    ["pods", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs", "replicationcontrollers"];

/// Roles that every cluster has and that may create what a namespace holds.
const BUILT_IN: [&str; 3] = ["admin", "cluster-admin", "edit"];

/// What is made while the programs of a tree run.
#[derive(Default)]
pub(super) struct Made<'a> {
    /// By namespace: custom resources whose operators make pods.
    operated: BTreeMap<&'a str, Vec<&'a Subject<'a>>>,
    /// By namespace: the resources that a workload there may create there, `*` for all.
    by_programs: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Made<'a> {
    pub fn new(subjects: &'a [Subject<'a>]) -> Self {
        let mut made = Self::default();
        for subject in subjects {
            let gvk = &subject.object.id.gvk;
            if subject.kind.is_empty() && OPERATED.contains_key(&(gvk.group(), gvk.kind.as_str())) {
                let namespace = subject.object.id.namespace.as_deref().unwrap_or("default");
                made.operated.entry(namespace).or_default().push(subject);
            }
        }
        let grants = Grants::new(subjects);
        for subject in subjects {
            let Some(pod) = subject.pod else { continue };
            let stated = pod.spec.text("serviceAccountName").or_else(|| pod.spec.text("serviceAccount"));
            let account = (subject.namespace(), stated.filter(|it| !it.is_empty()).unwrap_or("default"));
            let resources = grants.of(account, subject.namespace());
            if !resources.is_empty() {
                made.by_programs.entry(subject.namespace()).or_default().extend(resources);
            }
        }
        made
    }

    /// Whether a program of the namespace may make objects of that kind there.
    pub fn may_be(&self, kind: &str, namespace: &str) -> bool {
        let Some(resource) = resource(kind) else { return false };
        let made = self.by_programs.get(namespace);
        made.is_some_and(|made| made.contains("*") || made.contains(resource))
    }

    /// Whether the pods of a custom resource of the namespace carry those labels.
    pub fn of_resources(&self, namespace: &str, labels: &[(&str, &str)]) -> bool {
        let carry = |resource: &&Subject<'_>| labels.iter().all(|(key, value)| carries(resource, key, value));
        self.operated.get(namespace).is_some_and(|resources| resources.iter().any(carry))
    }
}

/// The resource of a kind that programs make for others to refer to.
fn resource(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Pod" => "pods",
        "Service" => "services",
        "Secret" => "secrets",
        "ConfigMap" => "configmaps",
        "ServiceAccount" => "serviceaccounts",
        "PersistentVolumeClaim" => "persistentvolumeclaims",
        _ => return None,
    })
}

/// Whether the pods of a custom resource carry a label.
fn carries(resource: &Subject<'_>, key: &str, value: &str) -> bool {
    let gvk = &resource.object.id.gvk;
    let of_operator = OPERATED.get(&(gvk.group(), gvk.kind.as_str())).into_iter().flatten();
    let mut of_operator = of_operator.filter(|(label, _)| *label == key);
    let own = resource.spec().and_then(|spec| spec.below(&["podMetadata", "labels", key]));
    own.and_then(Value::as_str) == Some(value)
        || of_operator.any(|(_, pattern)| *pattern == "*" || pattern.replace("{}", resource.name()) == value)
}

/// Whom the bindings of a tree let create what.
#[derive(Default)]
struct Grants<'a> {
    /// By account (namespace and name) and by the namespace in which it holds, empty for all.
    all: BTreeMap<(&'a str, &'a str), BTreeMap<&'a str, BTreeSet<&'a str>>>,
}

impl<'a> Grants<'a> {
    fn new(subjects: &'a [Subject<'a>]) -> Self {
        let roles: BTreeMap<(&str, &str, &str), BTreeSet<&str>> = subjects
            .iter()
            .filter(|role| matches!(role.kind, "Role" | "ClusterRole"))
            .map(|role| ((role.kind, role.namespace(), role.name()), creatable(role.value)))
            .collect();
        let mut grants = Self::default();
        for binding in subjects.iter().filter(|it| matches!(it.kind, "RoleBinding" | "ClusterRoleBinding")) {
            let Some(role) = binding.value.child("roleRef") else { continue };
            let (kind, name) = (role.text_or_empty("kind"), role.text_or_empty("name"));
            let place = if kind == "Role" { binding.namespace() } else { "" };
            let resources = match roles.get(&(kind, place, name)) {
                Some(resources) => resources.clone(),
                None if kind == "ClusterRole" && BUILT_IN.contains(&name) => ["*"].into(),
                None => continue,
            };
            for account in binding.value.items("subjects") {
                let namespace = account.text("namespace").unwrap_or_else(|| binding.namespace());
                let account = (namespace, account.text_or_empty("name"));
                let places = grants.all.entry(account).or_default();
                places.entry(binding.namespace()).or_default().extend(&resources);
            }
        }
        grants
    }

    /// What an account may create in a namespace. Where a tree is applied to a namespace that only the command names, its bindings
    /// may name that.
    fn of(&self, (own, name): (&'a str, &'a str), namespace: &str) -> BTreeSet<&'a str> {
        let places = self.all.get(&(own, name));
        let here = places.into_iter().flat_map(|places| [places.get(namespace), places.get("")]);
        here.flatten().flatten().copied().collect()
    }
}

/// The resources that a role lets create.
fn creatable(role: &Value) -> BTreeSet<&str> {
    let creating = |rule: &&Value| rule.texts("verbs").any(|verb| matches!(verb, "create" | "*"));
    let resources = role.items("rules").iter().filter(creating).flat_map(|rule| rule.texts("resources"));
    resources.map(|it| if POD_MAKERS.contains(&it) { "pods" } else { it }).collect()
}
