//! Namespaces: names, labels, isolation and quotas.

use std::collections::BTreeMap;

use super::codes::PLACEHOLDER_IN_USE;
use super::scope::{Scope, enabled};
use super::{container, tenants};
use crate::diag::Diagnostic;
use crate::model::{
    Container, Controller, Namespace, PodSecurity, Quota, Replicas, Resources, Strategy, Workload,
};
use crate::names::{DnsLabel, Quantity};
use crate::source::KeyPath;
use crate::spec;

/// Every namespace. Fills in the scope's names first, so that everything else can refer to them.
pub(super) fn build(scope: &mut Scope<'_>) -> Vec<Namespace> {
    let namespaces = enabled(scope.spec.namespaces.as_ref(), |namespace| namespace.enabled);
    let mut built: Vec<Namespace> =
        namespaces.into_iter().filter_map(|(key, namespace)| one(scope, key, namespace)).collect();
    let of_tenants = tenants::namespaces(scope, &built);
    built.extend(of_tenants);
    scope.namespaces =
        built.iter().map(|namespace| (namespace.key.clone(), namespace.name.clone())).collect();
    built
}

fn one(scope: &mut Scope<'_>, key: &str, namespace: &spec::Namespace) -> Option<Namespace> {
    let path = KeyPath::of(["namespaces", key]);
    let name = scope.name(&path, namespace.name.as_deref(), DnsLabel::parse)?;
    Some(Namespace {
        source: path,
        key: key.to_owned(),
        name,
        external: namespace.external.unwrap_or(false),
        labels: namespace.labels.clone().unwrap_or_default(),
        annotations: namespace.annotations.clone().unwrap_or_default(),
        pod_security: level(namespace.pod_security),
        placeholder: namespace.placeholder.unwrap_or(false),
        isolated: namespace.isolated.unwrap_or(false),
        quota: None,
        tenancy: None,
    })
}

/// The Pod Security level; the strictest unless the user says otherwise.
pub(super) const fn level(level: Option<spec::PodSecurity>) -> PodSecurity {
    match level {
        Some(spec::PodSecurity::Privileged) => PodSecurity::Privileged,
        Some(spec::PodSecurity::Baseline) => PodSecurity::Baseline,
        None | Some(spec::PodSecurity::Restricted) => PodSecurity::Restricted,
    }
}

/// Settles what depends on the workloads: whether a namespace is still a placeholder, and how large its quota is.
pub(super) fn settle(scope: &mut Scope<'_>, namespaces: &mut [Namespace], workloads: &[Workload]) {
    let mut inside: BTreeMap<&DnsLabel, Vec<&Workload>> = BTreeMap::new();
    for workload in workloads {
        inside.entry(&workload.namespace).or_default().push(workload);
    }
    for namespace in namespaces {
        let workloads = inside.get(&namespace.name).map_or(&[][..], Vec::as_slice);
        if namespace.placeholder && !workloads.is_empty() {
            namespace.placeholder = false;
            let path = namespace.source.key("placeholder");
            let message =
                format!("namespace `{}` is no placeholder any more: something runs in it", namespace.key);
            let problem =
                Diagnostic::new(&PLACEHOLDER_IN_USE, message).at(scope.span(&path), "").about(&path);
            scope.report(problem.hint("remove `placeholder`"));
        }
        namespace.quota = quota(scope, namespace, workloads);
    }
}

fn quota(scope: &mut Scope<'_>, namespace: &Namespace, workloads: &[&Workload]) -> Option<Quota> {
    let spec = match namespace.tenancy {
        Some(_) => tenants::find(scope, &namespace.source)?.quota.as_ref()?,
        None => scope.spec.namespaces.as_ref()?.get(&namespace.key)?.quota.as_ref()?,
    };
    if spec.enabled == Some(false) {
        return None;
    }
    let path = namespace.source.key("quota");
    let nodes = super::workloads::nodes(scope);
    let mut hard: BTreeMap<String, Quantity> =
        spec.headroom.map(|percent| sized(workloads, nodes, percent)).unwrap_or_default();
    hard.extend(self::hard(scope, &path, spec));
    let default = match &spec.default {
        Some(default) => container::resources(scope, &path.key("default"), Some(default)),
        None => small(),
    };
    Some(Quota { hard: hard.into_iter().collect(), default })
}

/// The figures that stand in a quota at `path`, by the names that a ResourceQuota has for them.
pub(super) fn hard(scope: &mut Scope<'_>, path: &KeyPath, spec: &spec::Quota) -> BTreeMap<String, Quantity> {
    let mut hard = BTreeMap::new();
    for (resource, text) in [("cpu", &spec.cpu), ("memory", &spec.memory)] {
        let Some(text) = text else { continue };
        let (requests, limits) = container::range(scope, &path.key(resource), text);
        hard.extend(requests.map(|amount| (format!("requests.{resource}"), amount)));
        hard.extend(limits.map(|amount| (format!("limits.{resource}"), amount)));
    }
    let storage = scope.optional(&path.key("storage"), spec.storage.as_deref(), Quantity::parse);
    hard.extend(storage.map(|amount| ("requests.storage".to_owned(), amount)));
    let pods = spec.pods.and_then(|pods| Quantity::parse(&pods.to_string()).ok());
    hard.extend(pods.map(|pods| ("pods".to_owned(), pods)));
    hard
}

/// What a container gets that asks for nothing: little, so that whoever needs more says so.
fn small() -> Resources {
    let amounts = |cpu: &str, memory: &str| {
        let all = [("cpu", cpu), ("memory", memory)];
        all.into_iter().filter_map(|(name, text)| Some((name, Quantity::parse(text).ok()?))).collect()
    };
    Resources { requests: amounts("50m", "64Mi"), limits: amounts("100m", "128Mi") }
}

/// What all pods of a namespace ask for together while everything is being rolled out, and `percent` more.
fn sized(workloads: &[&Workload], nodes: u32, percent: u32) -> BTreeMap<String, Quantity> {
    let mut nanos: BTreeMap<String, i128> = BTreeMap::new();
    for workload in workloads {
        let pods = pods_at_once(workload, nodes);
        for container in &workload.containers {
            let mut add = |side: &str, amounts: &[(&'static str, Quantity)]| {
                for (resource, amount) in amounts.iter().filter(|(name, _)| *name != "ephemeral-storage") {
                    let sum = nanos.entry(format!("{side}.{resource}")).or_default();
                    *sum = sum.saturating_add(amount.nanos().saturating_mul(pods));
                }
            };
            let Container { resources, .. } = container;
            add("requests", &resources.requests);
            add("limits", &resources.limits);
        }
    }
    let grown = |nanos: i128| nanos.saturating_mul(i128::from(percent) + 100) / 100;
    nanos.into_iter().map(|(name, sum)| (name.clone(), rounded(&name, grown(sum)))).collect()
}

/// CPU in whole millicores and memory in whole mebibytes, rounded up, as people write them.
fn rounded(name: &str, nanos: i128) -> Quantity {
    let up = |unit: i128| i64::try_from((nanos + unit - 1) / unit).unwrap_or(i64::MAX);
    if name.split_once('.').is_some_and(|(_, resource)| resource == "cpu") {
        return Quantity::from_millis(up(1_000_000));
    }
    Quantity::from_bytes(up(1_000_000_000 * 1024 * 1024).saturating_mul(1024 * 1024))
}

/// The most pods of a workload that exist at once. A rolling update brings a quarter more, rounded up, before it takes
/// any away: a quota without room for them would refuse the new pods, and the roll-out would never end.
fn pods_at_once(workload: &Workload, nodes: u32) -> i128 {
    let count = |replicas: Replicas| match replicas {
        Replicas::Fixed(count) => count.max(0),
        Replicas::Autoscaled => workload.autoscaler.as_ref().map_or(1, |autoscaler| autoscaler.max),
    };
    let pods = match &workload.controller {
        Controller::Deployment { replicas, strategy: Strategy::Rolling } => {
            let settled = i128::from(count(*replicas));
            return settled + (settled + 3) / 4;
        }
        Controller::Deployment { replicas, .. } | Controller::StatefulSet { replicas, .. } => {
            count(*replicas)
        }
        Controller::DaemonSet => return i128::from(nodes),
        Controller::Job | Controller::CronJob { .. } => 1,
    };
    i128::from(pods)
}

#[cfg(test)]
mod tests {
    use crate::resolve::testing::platform;

    /// One pod of 100m, and a second one beside it while it is replaced.
    #[test]
    fn a_quota_without_headroom_admits_a_roll_out() {
        let text = r#"
            [platform]
            name = "shop"
            kubernetes = "1.35"
            [namespaces.core]
            quota = { headroom = 0 }
            [workloads.api]
            namespace = "core"
            image = "registry.example/api:1.0.0"
            resources = { cpu = "100m..200m", memory = "64Mi..128Mi" }
            [workloads.store]
            namespace = "core"
            kind = "statefulset"
            image = "registry.example/store:1.0.0"
            ports = { http = 80 }
            replicas = 2
            resources = { cpu = "10m..20m", memory = "1Mi..2Mi" }
        "#;
        let (platform, found) = platform(text, None);
        let namespaces = platform.map(|platform| platform.namespaces).unwrap_or_default();
        let quota = namespaces.first().and_then(|namespace| namespace.quota.as_ref());
        let hard = quota.unwrap_or_else(|| panic!("no quota: {found:?}")).hard.iter();
        let hard: Vec<String> = hard.map(|(name, amount)| format!("{name}={amount}")).collect();
        let expected =
            ["limits.cpu=440m", "limits.memory=260Mi", "requests.cpu=220m", "requests.memory=130Mi"];
        assert_eq!(hard, expected);
    }
}
