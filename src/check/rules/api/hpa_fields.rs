//! `hpa-fields`: the bounds, metrics and behaviour of a `HorizontalPodAutoscaler`.

use super::resource_names::is_container_resource;
use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "hpa-fields", Error,
    means: "The bounds of a HorizontalPodAutoscaler are out of order or below 1, a metric does not have exactly the source that its type names, a target has no value, or a scaling policy is out of range.",
    matters: "The API server refuses the object.",
    example: "minReplicas: 5\nmaxReplicas: 2",
    instead: "minReplicas: 2\nmaxReplicas: 5",
    source: "validateHorizontalPodAutoscalerSpec in pkg/apis/autoscaling/validation"
}

/// The types of metrics, and the field that each has.
const SOURCES: [(&str, &str); 5] = [
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
    ("External", "external"),
    ("ContainerResource", "containerResource"),
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("HorizontalPodAutoscaler") else { return };
    bounds(spec, found);
    if let Some(target) = spec.child("scaleTargetRef") {
        reference(target, found);
        if subject.version() >= KubernetesVersion::V1_34 {
            api_version(target, found);
        }
    }
    if let Some(percent) = spec.integer("targetCPUUtilizationPercentage").filter(|percent| *percent < 1) {
        found.add(
            &CODE,
            (spec, "targetCPUUtilizationPercentage"),
            format!("the target is below 1: {percent}"),
        );
    }
    spec.items("metrics").iter().for_each(|it| metric(it, found));
    for side in ["scaleUp", "scaleDown"] {
        if let Some(rules) = spec.below(&["behavior", side]) {
            let tolerance =
                rules.child("tolerance").filter(|_| subject.version() >= KubernetesVersion::V1_35);
            if let Some(tolerance) =
                tolerance.filter(|it| Quantity::of(it).is_some_and(Quantity::is_negative))
            {
                found.add(&CODE, tolerance, format!("the tolerance is negative: {tolerance}"));
            }
            scaling(rules, side, found);
        }
    }
}

fn bounds<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let (least, most) = (spec.integer("minReplicas").unwrap_or(1), spec.integer("maxReplicas"));
    if least < 1 {
        found.add(&CODE, (spec, "minReplicas"), format!("`minReplicas` is below 1: {least}"));
    }
    let Some(most) = most else { return };
    if most < 1 {
        found.add(&CODE, (spec, "maxReplicas"), format!("`maxReplicas` is below 1: {most}"));
    } else if most < least {
        found.add(
            &CODE,
            (spec, "maxReplicas"),
            format!("`maxReplicas`, {most}, is below `minReplicas`, {least}"),
        );
    }
}

fn reference<'a>(target: &'a Value, found: &mut Findings<'a>) {
    for key in ["kind", "name"] {
        let Some(text) = target.text(key) else { continue };
        if text.is_empty() || format::path_segment(text).is_some() {
            found.add(&CODE, (target, key), format!("`{text}` names no object to scale"));
        }
    }
}

/// Only groups have scalable kinds, but for the replication controllers that nobody uses any more.
fn api_version<'a>(target: &'a Value, found: &mut Findings<'a>) {
    let version = target.text_or_empty("apiVersion");
    let grouped =
        version.split_once('/').is_some_and(|(group, rest)| !group.is_empty() && !rest.contains('/'));
    if !grouped {
        let message = format!("`{version}` has no API group; that of a Deployment is apps/v1");
        found.add(&CODE, (target, "apiVersion"), message);
    }
}

fn metric<'a>(metric: &'a Value, found: &mut Findings<'a>) {
    let kind = metric.text_or_empty("type");
    let Some((_, wanted)) = SOURCES.iter().find(|(known, _)| *known == kind) else {
        if metric.get("type").is_some() {
            found.add(&CODE, (metric, "type"), format!("`{kind}` is no type of metric"));
        }
        return;
    };
    for (_, key) in SOURCES.iter().filter(|(_, key)| key != wanted && metric.child(key).is_some()) {
        found.add(&CODE, (metric, *key), format!("a metric of type {kind} has no `{key}`"));
    }
    match metric.child(wanted) {
        None => found.add(&CODE, (metric, *wanted), format!("a metric of type {kind} needs `{wanted}`")),
        Some(source) => metric_source(kind, source, found),
    }
}

fn metric_source<'a>(kind: &str, source: &'a Value, found: &mut Findings<'a>) {
    let name = source.text_or_empty("name");
    if matches!(kind, "Resource" | "ContainerResource") && source.text("name") == Some("")
        || kind == "ContainerResource" && !name.is_empty() && !is_container_resource(name)
    {
        found.add(&CODE, (source, "name"), format!("`{name}` is no resource of a container"));
    }
    let is_name = |text: &str| !text.is_empty() && format::path_segment(text).is_none();
    if let Some(metric) =
        source.child("metric").filter(|it| it.text("name").is_some_and(|name| !is_name(name)))
    {
        found.add(&CODE, (metric, "name"), "the metric has no name that can stand in a path");
    }
    if let Some(problem) = source.text("container").and_then(format::dns_label) {
        found.add(
            &CODE,
            (source, "container"),
            format!("the container {} is {problem}", source["container"]),
        );
    }
    if let Some(described) = source.child("describedObject") {
        reference(described, found);
    }
    if let Some(target) = source.child("target") {
        check_target(kind, target, found);
    }
}

fn check_target<'a>(kind: &str, target: &'a Value, found: &mut Findings<'a>) {
    let word = target.text_or_empty("type");
    if target.get("type").is_some() && !matches!(word, "Utilization" | "Value" | "AverageValue") {
        found.add(
            &CODE,
            (target, "type"),
            format!("`{word}` is none of Utilization, Value and AverageValue"),
        );
    }
    for key in ["value", "averageValue"] {
        if target.child(key).and_then(Quantity::of).is_some_and(|amount| amount <= Quantity::ZERO) {
            found.add(&CODE, (target, key), format!("`{key}` must be positive"));
        }
    }
    if target.integer("averageUtilization").is_some_and(|percent| percent < 1) {
        found.add(&CODE, (target, "averageUtilization"), "`averageUtilization` must be positive");
    }
    let has = |key: &str| target.child(key).is_some();
    let wanted: &[&'static str] = match kind {
        "Resource" | "ContainerResource" => &["averageUtilization", "averageValue"],
        "Pods" => &["averageValue"],
        _ => &["value", "averageValue"],
    };
    if !wanted.iter().any(|key| has(key)) {
        found.add(&CODE, target, format!("the target has none of {}", wanted.join(" and ")));
    } else if kind != "Object" && wanted.len() > 1 && wanted.iter().all(|key| has(key)) {
        found.add(&CODE, target, format!("the target has both of {}", wanted.join(" and ")));
    }
}

fn scaling<'a>(rules: &'a Value, side: &str, found: &mut Findings<'a>) {
    if let Some(window) = rules.integer("stabilizationWindowSeconds").filter(|it| !(0..=3600).contains(it)) {
        let message = format!("the stabilisation window of {window} s is outside 0-3600");
        found.add(&CODE, (rules, "stabilizationWindowSeconds"), message);
    }
    if let Some(policy) = rules.text("selectPolicy").filter(|it| !matches!(*it, "Max" | "Min" | "Disabled")) {
        found.add(&CODE, (rules, "selectPolicy"), format!("`{policy}` is none of Max, Min and Disabled"));
    }
    // Left out, the policies of a direction are defaulted; an empty list is not.
    if rules.child("policies").is_some() && rules.items("policies").is_empty() {
        found.add(&CODE, (rules, "policies"), format!("`{side}` has no policy"));
    }
    for policy in rules.items("policies") {
        scaling_policy(policy, found);
    }
}

fn scaling_policy<'a>(policy: &'a Value, found: &mut Findings<'a>) {
    if let Some(kind) = policy.text("type").filter(|kind| !matches!(*kind, "Pods" | "Percent")) {
        found.add(&CODE, (policy, "type"), format!("`{kind}` is neither Pods nor Percent"));
    }
    if let Some(value) = policy.integer("value").filter(|value| *value < 1) {
        found.add(&CODE, (policy, "value"), format!("the value is below 1: {value}"));
    }
    if let Some(period) = policy.integer("periodSeconds").filter(|period| !(1..=1800).contains(period)) {
        found.add(&CODE, (policy, "periodSeconds"), format!("the period of {period} s is outside 1-1800"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[track_caller]
    fn refused(edit: &str, field: &str) {
        refuses(&CODE, "HorizontalPodAutoscaler", &format!("spec.{edit}"), &format!("spec.{field}"));
    }

    #[test]
    fn bounds_and_target() {
        refused("maxReplicas: 1", "maxReplicas");
        refused("minReplicas: 0", "minReplicas");
        refused("scaleTargetRef.name: ''", "scaleTargetRef.name");
        refused("scaleTargetRef.apiVersion: v1", "scaleTargetRef.apiVersion");
        refused("scaleTargetRef.apiVersion: ~absent", "scaleTargetRef.apiVersion");
        accepts("HorizontalPodAutoscaler", "spec.minReplicas: 5");
    }

    #[test]
    fn metrics() {
        let at = "metrics[0]";
        refused(&format!("{at}.type: CPU"), &format!("{at}.type"));
        refused(&format!("{at}.type: Pods\nspec.{at}.resource: ~absent"), &format!("{at}.pods"));
        refused(
            &format!("{at}.external: {{ metric: {{ name: a }}, target: {{ type: Value, value: 1 }} }}"),
            &format!("{at}.external"),
        );
        refused(&format!("{at}.resource.target: {{ type: Utilization }}"), &format!("{at}.resource.target"));
        refused(&format!("{at}.resource.target.averageValue: 1"), &format!("{at}.resource.target"));
        refused(
            &format!("{at}.resource.target.averageUtilization: 0"),
            &format!("{at}.resource.target.averageUtilization"),
        );
        refused(&format!("{at}.resource.target.type: Average"), &format!("{at}.resource.target.type"));
    }

    #[test]
    fn behaviour() {
        let down = "behavior.scaleDown";
        refused(
            &format!("{down}.stabilizationWindowSeconds: 3601"),
            &format!("{down}.stabilizationWindowSeconds"),
        );
        refused(&format!("{down}.policies: []"), &format!("{down}.policies"));
        refused(
            &format!("{down}.policies[0].periodSeconds: 1801"),
            &format!("{down}.policies[0].periodSeconds"),
        );
        refused(&format!("{down}.policies[0].type: Replicas"), &format!("{down}.policies[0].type"));
        refused(&format!("{down}.selectPolicy: max"), &format!("{down}.selectPolicy"));
        accepts("HorizontalPodAutoscaler", &format!("spec.{down}.policies: ~absent"));
    }
}
