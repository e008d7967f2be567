//! Which object of one variant is which of another, whose object it is, and what its values are called after.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::Object;

use super::Variant;
use super::names::camel;
use super::namespaces::Namespaces;

/// One object in each variant.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    /// It, where a variant has it.
    pub each: Vec<Option<&'a Object>>,
    /// It, in the first variant that has it.
    pub sample: &'a Object,
    /// Its name, or the key of the namespace that it is.
    pub name: String,
}

impl Group<'_> {
    /// Whether each variant has it.
    pub(super) fn presence(&self) -> Vec<bool> {
        self.each.iter().map(Option::is_some).collect()
    }
}

/// The objects that `belongs` takes, in order of component, kind and name.
pub(super) fn groups<'a>(
    variants: &[Variant<'a>],
    namespaces: &Namespaces,
    belongs: impl Fn(&Object) -> bool,
) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<Vec<String>, Group<'a>> = BTreeMap::new();
    for (at, variant) in variants.iter().enumerate() {
        for object in variant.objects.iter().copied().filter(|object| belongs(object)) {
            let key = key(at, object, namespaces);
            // Two of one variant stay apart, whatever they are called without their namespaces.
            let taken = groups.get(&key).is_some_and(|group| group.each.get(at).is_some_and(Option::is_some));
            let key = if taken { apart(key, at, object) } else { key };
            let name = key.get(NAME).map(|name| name.trim_start_matches('\0').to_owned()).unwrap_or_default();
            let group = groups.entry(key).or_insert_with(|| Group {
                each: vec![None; variants.len()],
                sample: object,
                name,
            });
            if let Some(place) = group.each.get_mut(at) {
                *place = Some(object);
            }
        }
    }
    groups.into_values().collect()
}

/// Where the name stands in a key.
const NAME: usize = 3;

fn key(at: usize, object: &Object, namespaces: &Namespaces) -> Vec<String> {
    let id = &object.id;
    let name = if id.gvk.kind == "Namespace" { namespaces.neutral(at, &id.name) } else { id.name.clone() };
    let namespace = id.namespace.as_deref().map(|namespace| namespaces.neutral(at, namespace));
    vec![
        object.component.clone(),
        id.gvk.kind.clone(),
        id.gvk.api_version.clone(),
        name,
        namespace.unwrap_or_default(),
    ]
}

fn apart(mut key: Vec<String>, at: usize, object: &Object) -> Vec<String> {
    key.push(format!("{at}\0{}", object.id));
    key
}

/// Whose an object is, among the workloads of a chart.
#[derive(Debug)]
pub(super) struct Owners {
    /// The workloads, each with its component and presence.
    workloads: BTreeMap<String, (String, Vec<bool>)>,
    /// How many workloads a component has.
    counts: BTreeMap<String, usize>,
    /// How often an owner has objects of a kind.
    kinds: BTreeMap<(Vec<String>, String), usize>,
    main: Option<String>,
    chart: String,
}

/// What an object's values are called after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Where the values of its owner stand.
    pub owner: Vec<String>,
    /// Where its own stand.
    pub own: Vec<String>,
    /// The presence of the workload that it belongs to, if any.
    pub presence: Option<Vec<bool>>,
}

impl Owners {
    /// The owners among `groups` of the chart `chart`, whose values for the workload `main` stand at the top.
    pub(super) fn of(groups: &[Group<'_>], chart: &str, main: Option<&str>) -> Self {
        let mut workloads = BTreeMap::new();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for group in groups.iter().filter(|group| is_workload(&group.sample.id.gvk.kind)) {
            let object = group.sample;
            workloads.insert(object.id.name.clone(), (object.component.clone(), group.presence()));
            *counts.entry(object.component.clone()).or_default() += 1;
        }
        let main = main.map(str::to_owned).or_else(|| the_only(&workloads, chart));
        let mut owners = Self { workloads, counts, kinds: BTreeMap::new(), main, chart: chart.to_owned() };
        for group in groups {
            let key = (owners.owner(group.sample).0, group.sample.id.gvk.kind.clone());
            *owners.kinds.entry(key).or_default() += 1;
        }
        owners
    }

    /// What the values of `object` are called after.
    pub(super) fn place(&self, group: &Group<'_>) -> Place {
        let object = group.sample;
        let (owner, workload) = self.owner(object);
        let kind = &object.id.gvk.kind;
        let mut own = owner.clone();
        if !is_workload(kind) {
            own.push(section(kind));
            let several = self.kinds.get(&(owner.clone(), kind.clone())).is_some_and(|count| *count > 1);
            let named = workload.unwrap_or(&object.component);
            if several && object.id.name != named {
                let rest = object.id.name.strip_prefix(named).map(|rest| rest.trim_start_matches('-'));
                own.push(camel(rest.filter(|rest| !rest.is_empty()).unwrap_or(&group.name)));
            }
        }
        let presence =
            workload.and_then(|name| self.workloads.get(name)).map(|(_, presence)| presence.clone());
        Place { owner, own, presence }
    }

    /// Where the values of the owner stand, and the workload that is the owner, if one is.
    fn owner<'o>(&'o self, object: &Object) -> (Vec<String>, Option<&'o str>) {
        let name = &object.id.name;
        let belongs = |workload: &str| {
            name == workload || name.strip_prefix(workload).is_some_and(|rest| rest.starts_with('-'))
        };
        let of_component = self.workloads.iter().filter(|(_, (component, _))| *component == object.component);
        let mut candidates: Vec<&str> = of_component.map(|(name, _)| name.as_str()).collect();
        if candidates.len() > 1 {
            candidates.retain(|workload| belongs(workload));
        }
        let workload = candidates.into_iter().max_by_key(|workload| workload.len());
        (self.root(&object.component, workload), workload)
    }

    fn root(&self, component: &str, workload: Option<&str>) -> Vec<String> {
        let main = self.main.as_deref();
        match workload {
            Some(workload) if main == Some(workload) => Vec::new(),
            None if main
                .is_some_and(|main| self.workloads.get(main).is_some_and(|(of, _)| of == component)) =>
            {
                Vec::new()
            }
            Some(workload) if workload != component && self.counts.get(component) > Some(&1) => {
                let rest = workload.strip_prefix(component).map(|rest| rest.trim_start_matches('-'));
                vec![self.short(component), camel(rest.filter(|rest| !rest.is_empty()).unwrap_or(workload))]
            }
            _ => vec![self.short(component)],
        }
    }

    /// A component without the name of the chart in front.
    fn short(&self, component: &str) -> String {
        let rest = component.strip_prefix(&self.chart).and_then(|rest| rest.strip_prefix('-'));
        camel(rest.filter(|rest| !rest.is_empty()).unwrap_or(component))
    }
}

/// The workload that stands for the chart if nobody says: the one of its name, or the only one.
fn the_only(workloads: &BTreeMap<String, (String, Vec<bool>)>, chart: &str) -> Option<String> {
    if workloads.contains_key(chart) {
        return Some(chart.to_owned());
    }
    let names: BTreeSet<&String> = workloads.keys().collect();
    names.first().filter(|_| names.len() == 1).map(|name| (*name).clone())
}

/// Whether objects of a kind run pods.
pub(super) fn is_workload(kind: &str) -> bool {
    matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob" | "Pod" | "ReplicaSet")
}

/// What the values for objects of a kind are called.
fn section(kind: &str) -> String {
    let known = match kind {
        "ConfigMap" => "config",
        "HorizontalPodAutoscaler" => "autoscaling",
        "PersistentVolumeClaim" => "persistence",
        "ExternalSecret" | "SealedSecret" => "secret",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut chars = kind.chars();
    chars.next().map_or_else(|| "object".to_owned(), |first| first.to_lowercase().chain(chars).collect())
}

/// The file of templates for objects of a kind, as charts call it.
pub(super) fn file(kind: &str) -> String {
    let name = match kind {
        "PersistentVolumeClaim" => "pvc",
        "HorizontalPodAutoscaler" => "hpa",
        "PodDisruptionBudget" => "pdb",
        "ExternalSecret" | "SealedSecret" | "Secret" => "secret",
        "Role" | "RoleBinding" | "ClusterRole" | "ClusterRoleBinding" => "rbac",
        other => return format!("{}.yaml", other.to_lowercase()),
    };
    format!("{name}.yaml")
}
