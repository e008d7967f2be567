//! `label-selector`: the requirements of label selectors are well-formed.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "label-selector", Error,
    means: "A requirement of a label selector has an unknown operator, `In` or `NotIn` without values, `Exists` or `DoesNotExist` with values, or a key or value that is no label's.",
    matters: "The API server refuses the object.",
    example: "matchExpressions: [{ key: app, operator: In, values: [] }]",
    instead: "matchExpressions: [{ key: app, operator: In, values: [api] }]",
    source: "ValidateLabelSelector in k8s.io/apimachinery/pkg/apis/meta/v1/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let spec = subject.spec();
    if let Some(spec) = spec {
        kind_selectors(subject, spec, found);
    }
    others(subject, found);
    if let Some(pod) = subject.pod {
        for constraint in pod.spec.items("topologySpreadConstraints") {
            selector(constraint.child("labelSelector"), found);
        }
        for term in pod_affinity_terms(pod.spec) {
            selector(term.child("labelSelector"), found);
            selector(term.child("namespaceSelector"), found);
        }
        for source in
            pod.volumes().iter().filter_map(|it| it.child("projected")).flat_map(|it| it.items("sources"))
        {
            selector(source.below(&["clusterTrustBundle", "labelSelector"]), found);
        }
        for claim in pod.claim_templates() {
            selector(claim.below(&["spec", "selector"]), found);
        }
    }
    if let Some(rule) = subject.value.child("aggregationRule").filter(|_| subject.kind == "ClusterRole") {
        rule.items("clusterRoleSelectors").iter().for_each(|it| selector(Some(it), found));
    }
}

fn kind_selectors<'a>(subject: &Subject<'a>, spec: &'a Value, found: &mut Findings<'a>) {
    match subject.kind {
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "Job"
        | "PodDisruptionBudget"
        | "PersistentVolumeClaim" => selector(spec.child("selector"), found),
        "NetworkPolicy" => {
            selector(spec.child("podSelector"), found);
            let ingress = spec.items("ingress").iter().flat_map(|rule| rule.items("from"));
            let egress = spec.items("egress").iter().flat_map(|rule| rule.items("to"));
            for peer in ingress.chain(egress) {
                selector(peer.child("podSelector"), found);
                selector(peer.child("namespaceSelector"), found);
            }
        }
        _ => {}
    }
}

/// Selectors of what the cluster itself is made of.
fn others<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let below = |of: Option<&'a Value>, found: &mut Findings<'a>| {
        for key in ["namespaceSelector", "objectSelector"] {
            selector(of.and_then(|of| of.child(key)), found);
        }
    };
    let spec = |key: &str| subject.spec().and_then(|spec| spec.child(key));
    match subject.kind {
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            subject.value.items("webhooks").iter().for_each(|hook| below(Some(hook), found));
        }
        "ValidatingAdmissionPolicy" | "MutatingAdmissionPolicy" => below(spec("matchConstraints"), found),
        "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding" => {
            below(spec("matchResources"), found);
            selector(spec("paramRef").and_then(|params| params.child("selector")), found);
        }
        "CSIStorageCapacity" => selector(subject.value.child("nodeTopology"), found),
        _ => {}
    }
}

/// The terms of pod affinity and anti-affinity, required and preferred.
pub(super) fn pod_affinity_terms(spec: &Value) -> impl Iterator<Item = &Value> {
    let sides =
        ["podAffinity", "podAntiAffinity"].into_iter().filter_map(|side| spec.below(&["affinity", side]));
    sides.flat_map(|side| {
        let preferred = side.items("preferredDuringSchedulingIgnoredDuringExecution");
        let preferred = preferred.iter().filter_map(|term| term.child("podAffinityTerm"));
        side.items("requiredDuringSchedulingIgnoredDuringExecution").iter().chain(preferred)
    })
}

fn selector<'a>(selector: Option<&'a Value>, found: &mut Findings<'a>) {
    let Some(selector) = selector else { return };
    for (key, value) in selector.entries("matchLabels") {
        label(selector, key, value, found);
    }
    for requirement in selector.items("matchExpressions") {
        check_requirement(requirement, found);
    }
}

fn label<'a>(selector: &'a Value, key: &'a str, value: &'a Value, found: &mut Findings<'a>) {
    if let Some(problem) = format::qualified_name(key) {
        let place = selector.child("matchLabels").unwrap_or(selector);
        found.add(&CODE, (place, key), format!("the label key `{key}` is {problem}"));
    }
    if let Some(problem) = value.as_str().and_then(format::label_value) {
        found.add(&CODE, value, format!("the value {value} of label `{key}` is {problem}"));
    }
}

fn check_requirement<'a>(requirement: &'a Value, found: &mut Findings<'a>) {
    let (operator, values) = (requirement.text_or_empty("operator"), requirement.items("values"));
    match operator {
        "In" | "NotIn" if values.is_empty() => {
            found.add(&CODE, (requirement, "values"), format!("`{operator}` needs values"));
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            found.add(&CODE, (requirement, "values"), format!("`{operator}` takes no values"));
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        _ if requirement.child("operator").is_none() => {}
        other => {
            let message = format!("`{other}` is no operator; there are In, NotIn, Exists and DoesNotExist");
            found.add(&CODE, (requirement, "operator"), message);
        }
    }
    if let Some(problem) = requirement.text("key").and_then(format::qualified_name) {
        found.add(&CODE, (requirement, "key"), format!("the label key {} is {problem}", requirement["key"]));
    }
    for value in values {
        if let Some(problem) = value.as_str().and_then(format::label_value) {
            found.add(&CODE, value, format!("the label value {value} is {problem}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn requirements_are_well_formed() {
        let edit = |text: &str| format!("spec.selector.matchExpressions: [{{ key: app, {text} }}]");
        let at = |field: &str| format!("spec.selector.matchExpressions[0].{field}");
        refuses(&CODE, "PodDisruptionBudget", &edit("operator: In, values: []"), &at("values"));
        refuses(&CODE, "PodDisruptionBudget", &edit("operator: Exists, values: [a]"), &at("values"));
        refuses(&CODE, "PodDisruptionBudget", &edit("operator: Equals, values: [a]"), &at("operator"));
        refuses(&CODE, "PodDisruptionBudget", &edit("operator: In, values: ['a b']"), &at("values[0]"));
        accepts("PodDisruptionBudget", &edit("operator: NotIn, values: [a]"));
    }

    #[test]
    fn selectors_are_found_wherever_they_stand() {
        refuses(
            &CODE,
            "NetworkPolicy",
            "spec.podSelector.matchLabels.app: a b",
            "spec.podSelector.matchLabels[app]",
        );
        refuses(
            &CODE,
            "NetworkPolicy",
            "spec.ingress[0].from[0].namespaceSelector.matchLabels[a b]: x",
            "spec.ingress[0].from[0].namespaceSelector.matchLabels[a b]",
        );
        let spread = "spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels";
        refuses(&CODE, "Deployment", &format!("{spread}.app: a b"), &format!("{spread}[app]"));
    }
}
