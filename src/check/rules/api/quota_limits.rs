//! `quota-limits`: the keys and amounts of `ResourceQuotas` and `LimitRanges`.

use std::collections::BTreeSet;

use super::resource_names::{is_container_resource, may_overcommit};
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "quota-limits", Error,
    means: "A ResourceQuota limits something that cannot be limited, by a negative amount or a fraction of an object, or in a scope that does not go with it; or the amounts of a LimitRange are out of order: `min`, `defaultRequest`, `default`, `max`.",
    matters: "The API server refuses the object.",
    example: "hard: { deployments: 10 }",
    instead: "hard: { count/deployments.apps: 10 }",
    source: "ValidateResourceQuotaSpec and ValidateLimitRange in pkg/apis/core/validation"
}

/// Names without a domain that a quota can limit.
const QUOTA: [&str; 19] = [
    "configmaps",
    "cpu",
    "ephemeral-storage",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

/// Those that are counted and not measured.
const COUNTED: [&str; 9] = [
    "configmaps",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if let Some(spec) = subject.spec_of("ResourceQuota") {
        quota(spec, found);
    }
    if let Some(spec) = subject.spec_of("LimitRange") {
        let mut seen = BTreeSet::new();
        for limit in spec.items("limits") {
            let kind = limit.text_or_empty("type");
            if !seen.insert(kind) {
                found.add(&CODE, (limit, "type"), format!("there are two limits for {kind}"));
            }
            limit_range(limit, kind, found);
        }
    }
}

fn quota<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let Some(hard) = spec.child("hard") else { return scopes(spec, found) };
    for (name, value) in spec.entries("hard") {
        let fits = if name.contains('/') {
            format::qualified_name(name).is_none()
        } else {
            QUOTA.contains(&name) || name.starts_with("hugepages-") || name.starts_with("requests.hugepages-")
        };
        if !fits {
            found.add(&CODE, (hard, name), format!("`{name}` cannot be limited"));
        }
        let Some(amount) = Quantity::of(value) else { continue };
        let vendor = name.contains('/') && !name.contains("kubernetes.io/") && !name.starts_with("requests.");
        if amount.is_negative() {
            found.add(&CODE, value, format!("the limit of {name} is negative: {value}"));
        } else if (COUNTED.contains(&name) || vendor) && !amount.is_whole() {
            found.add(&CODE, value, format!("the limit of {name} must be whole, and is {value}"));
        }
    }
    scopes(spec, found);
}

/// The scopes that there are.
const SCOPES: [&str; 7] = [
    "BestEffort",
    "CrossNamespacePodAffinity",
    "NotBestEffort",
    "NotTerminating",
    "PriorityClass",
    "Terminating",
    "VolumeAttributesClass",
];

fn scopes<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    for requirement in spec.child("scopeSelector").map_or(&[][..], |it| it.items("matchExpressions")) {
        scope_requirement(spec, requirement, found);
    }
    let scopes: Vec<_> = spec.texts("scopes").collect();
    for (at, scope) in spec.items("scopes").iter().zip(&scopes) {
        if !SCOPES.contains(scope) {
            found.add(&CODE, at, format!("`{scope}` is no scope"));
        } else if let Some(name) =
            spec.entries("hard").map(|(name, _)| name).find(|name| !is_in_scope(scope, name))
        {
            found.add(&CODE, at, format!("the scope {scope} does not go with {name}"));
        }
    }
    for pair in [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]] {
        if pair.iter().all(|scope| scopes.contains(scope)) {
            found.add(
                &CODE,
                (spec, "scopes"),
                format!("the scopes {} and {} exclude each other", pair[0], pair[1]),
            );
        }
    }
}

fn scope_requirement<'a>(spec: &'a Value, requirement: &'a Value, found: &mut Findings<'a>) {
    let (scope, operator) = (requirement.text_or_empty("scopeName"), requirement.text_or_empty("operator"));
    let count = requirement.items("values").len();
    if requirement.get("scopeName").is_some() && !SCOPES.contains(&scope) {
        found.add(&CODE, (requirement, "scopeName"), format!("`{scope}` is no scope"));
        return;
    }
    if let Some(name) = spec.entries("hard").map(|(name, _)| name).find(|name| !is_in_scope(scope, name)) {
        found.add(&CODE, (requirement, "scopeName"), format!("the scope {scope} does not go with {name}"));
    }
    let valued = matches!(scope, "PriorityClass" | "VolumeAttributesClass");
    let fits = match operator {
        "In" | "NotIn" => valued && count > 0,
        "Exists" => count == 0,
        "DoesNotExist" => valued && count == 0,
        _ => requirement.get("operator").is_none(),
    };
    if !fits {
        let message =
            format!("the operator `{operator}` with {count} values does not go with the scope {scope}");
        found.add(&CODE, (requirement, "operator"), message);
    }
}

/// `IsResourceQuotaScopeValidForResource`; only standard resources are judged.
fn is_in_scope(scope: &str, name: &str) -> bool {
    if !QUOTA.contains(&name) {
        return true;
    }
    let compute = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
    match scope {
        "BestEffort" => name == "pods",
        "VolumeAttributesClass" => matches!(name, "persistentvolumeclaims" | "requests.storage"),
        _ => name == "pods" || compute.contains(&name),
    }
}

fn limit_range<'a>(limit: &'a Value, kind: &str, found: &mut Findings<'a>) {
    let known = matches!(kind, "Pod" | "Container" | "PersistentVolumeClaim");
    let qualified = kind.contains('/') && format::qualified_name(kind).is_none();
    if limit.get("type").is_some() && !known && !qualified {
        found.add(
            &CODE,
            (limit, "type"),
            format!("`{kind}` is none of Pod, Container and PersistentVolumeClaim"),
        );
        return;
    }
    for key in ["default", "defaultRequest"] {
        if kind == "Pod" && limit.entries(key).next().is_some() {
            found.add(&CODE, (limit, key), format!("the limits of a Pod have no `{key}`"));
            return;
        }
    }
    let storage = |key: &str| limit.below(&[key, "storage"]).is_some();
    if kind == "PersistentVolumeClaim" && !storage("min") && !storage("max") {
        found.add(
            &CODE,
            limit,
            "the limits of a PersistentVolumeClaim say how little or how much storage it may have",
        );
    }
    names(limit, kind, found);
    let keys = ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"];
    let resources: BTreeSet<_> =
        keys.iter().flat_map(|key| limit.entries(key).map(|(name, _)| name)).collect();
    for name in resources {
        order(&Bounds::of(limit, kind, name), found);
    }
}

fn names<'a>(limit: &'a Value, kind: &str, found: &mut Findings<'a>) {
    for key in ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"] {
        let Some(map) = limit.child(key) else { continue };
        for (name, _) in limit.entries(key) {
            let known = matches!(name, "storage") || QUOTA.contains(&name) || is_container_resource(name);
            let fits = if matches!(kind, "Pod" | "Container") { is_container_resource(name) } else { known };
            if !fits {
                found.add(&CODE, (map, name), format!("`{name}` is no resource of a {kind}"));
            }
        }
    }
}

/// The amounts of one resource, as they are after defaulting.
struct Bounds<'a> {
    limit: &'a Value,
    name: &'a str,
    least: Option<Quantity>,
    most: Option<Quantity>,
    default: Option<Quantity>,
    request: Option<Quantity>,
}

impl<'a> Bounds<'a> {
    fn of(limit: &'a Value, kind: &str, name: &'a str) -> Self {
        let amount = |key: &str| limit.below(&[key, name]).and_then(Quantity::of);
        let (least, most) = (amount("min"), amount("max"));
        let inherit = |from: Option<Quantity>| from.filter(|_| kind == "Container");
        let default = amount("default").or_else(|| inherit(most));
        let request = amount("defaultRequest").or_else(|| inherit(default)).or_else(|| inherit(least));
        Self { limit, name, least, most, default, request }
    }
}

fn order<'a>(bounds: &Bounds<'a>, found: &mut Findings<'a>) {
    let name = bounds.name;
    let pairs = [
        ("min", bounds.least, "max", bounds.most),
        ("min", bounds.least, "defaultRequest", bounds.request),
        ("defaultRequest", bounds.request, "default", bounds.default),
        ("default", bounds.default, "max", bounds.most),
        ("min", bounds.least, "default", bounds.default),
        ("defaultRequest", bounds.request, "max", bounds.most),
    ];
    let wrong = pairs.iter().find(|(_, low, _, high)| low.zip(*high).is_some_and(|(low, high)| low > high));
    if let Some((low, _, high, _)) = wrong {
        found.add(&CODE, bounds.limit, format!("the `{low}` of {name} is above its `{high}`"));
    } else if !may_overcommit(name)
        && bounds.default.zip(bounds.request).is_some_and(|(one, other)| one != other)
    {
        found.add(
            &CODE,
            bounds.limit,
            format!("the `default` and the `defaultRequest` of {name} must be the same"),
        );
    }
    ratio(bounds, found);
}

fn ratio<'a>(bounds: &Bounds<'a>, found: &mut Findings<'a>) {
    let Some(value) = bounds.limit.below(&["maxLimitRequestRatio", bounds.name]) else { return };
    let Some(ratio) = Quantity::of(value) else { return };
    if ratio < Quantity::ONE {
        found.add(&CODE, value, format!("the ratio of {} is below 1", bounds.name));
    } else if let (Some(least), Some(most)) = (bounds.least, bounds.most)
        && ratio.milli().saturating_mul(least.milli()) > most.milli().saturating_mul(1000)
    {
        found.add(
            &CODE,
            value,
            format!("the ratio of {} is above that of its `max` to its `min`", bounds.name),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn quotas() {
        refuses(&CODE, "ResourceQuota", "spec.hard.deployments: 10", "spec.hard[deployments]");
        refuses(&CODE, "ResourceQuota", "spec.hard.pods: -1", "spec.hard[pods]");
        refuses(&CODE, "ResourceQuota", "spec.hard.pods: 1.5", "spec.hard[pods]");
        refuses(&CODE, "ResourceQuota", "spec.hard: { pods: 1 }\nspec.scopes: [Best]", "spec.scopes[0]");
        refuses(&CODE, "ResourceQuota", "spec.hard: { cpu: 1 }\nspec.scopes: [BestEffort]", "spec.scopes[0]");
        refuses(
            &CODE,
            "ResourceQuota",
            "spec.hard: { pods: 1 }\nspec.scopes: [Terminating, NotTerminating]",
            "spec.scopes",
        );
        let selector = |it: &str| {
            format!("spec.hard: {{ pods: 1 }}\nspec.scopeSelector: {{ matchExpressions: [{{ {it} }}] }}")
        };
        let at = "spec.scopeSelector.matchExpressions[0]";
        refuses(
            &CODE,
            "ResourceQuota",
            &selector("scopeName: Best, operator: Exists"),
            &format!("{at}.scopeName"),
        );
        refuses(
            &CODE,
            "ResourceQuota",
            &selector("scopeName: PriorityClass, operator: In"),
            &format!("{at}.operator"),
        );
        accepts("ResourceQuota", &selector("scopeName: PriorityClass, operator: In, values: [high]"));
        accepts("ResourceQuota", "spec.hard[requests.nvidia.com/gpu]: 4");
        accepts("ResourceQuota", "spec.hard[gold.storageclass.storage.k8s.io/requests.storage]: 10Gi");
        accepts("ResourceQuota", "spec.hard: { pods: 1 }\nspec.scopes: [BestEffort, NotTerminating]");
    }

    #[test]
    fn limit_ranges() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "LimitRange", &format!("spec.limits{edit}"), &format!("spec.limits{field}"));
        };
        refused("[0].min.cpu: 2", "[0]");
        refused("[0].default.cpu: 2", "[0]");
        refused("[0].defaultRequest.cpu: 300m", "[0]");
        refused("[0].max.ram: 1Gi", "[0].max[ram]");
        refused("[0].type: Node", "[0].type");
        refused("[1]: { type: Container }", "[1].type");
        refused("[1]: { type: PersistentVolumeClaim }", "[1]");
        refused("[1]: { type: Pod, default: { cpu: 1 } }", "[1].default");
        refused("[0].maxLimitRequestRatio: { cpu: 0.5 }", "[0].maxLimitRequestRatio[cpu]");
        refused("[0].maxLimitRequestRatio: { cpu: 101 }", "[0].maxLimitRequestRatio[cpu]");
        accepts("LimitRange", "spec.limits[0].maxLimitRequestRatio: { cpu: 100 }");
        accepts("LimitRange", "spec.limits[1]: { type: PersistentVolumeClaim, max: { storage: 1Gi } }");
    }
}
