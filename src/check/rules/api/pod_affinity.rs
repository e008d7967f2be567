//! `pod-affinity`: the terms of node and pod affinity.

use super::label_selector::pod_affinity_terms;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::Code;
use crate::value::Value;

code! {
    "pod-affinity", Error,
    means: "An affinity term has no topology key, a weight outside 1-100, or a node selector requirement that is not well-formed.",
    matters: "The API server refuses the object.",
    example: "podAntiAffinity:\n  requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: \"\" }]",
    instead: "podAntiAffinity:\n  requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname }]",
    source: "validateAffinity in pkg/apis/core/validation"
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(affinity) = subject.pod.and_then(|pod| pod.spec.child("affinity")) else { return };
    for side in ["nodeAffinity", "podAffinity", "podAntiAffinity"] {
        for term in affinity.child(side).map_or(&[][..], |side| side.items(PREFERRED)) {
            if let Some(weight) = term.integer("weight").filter(|weight| !(1..=100).contains(weight)) {
                found.add(&CODE, (term, "weight"), format!("the weight {weight} is outside 1-100"));
            }
        }
    }
    if let Some(node) = affinity.child("nodeAffinity") {
        node_affinity(node, found);
    }
    for term in subject.pod.iter().flat_map(|pod| pod_affinity_terms(pod.spec)) {
        pod_term(term, found);
    }
}

fn node_affinity<'a>(affinity: &'a Value, found: &mut Findings<'a>) {
    if let Some(selector) = affinity.child(REQUIRED) {
        let terms = selector.items("nodeSelectorTerms");
        if terms.is_empty() && selector.child("nodeSelectorTerms").is_some() {
            found.add(&CODE, (selector, "nodeSelectorTerms"), "the node selector has no term");
        }
        for term in terms {
            node_term(term, true, found);
        }
    }
    let preferred = affinity.items(PREFERRED).iter().filter_map(|term| term.child("preference"));
    preferred.for_each(|term| node_term(term, false, found));
}

pub(super) fn node_term<'a>(term: &'a Value, required: bool, found: &mut Findings<'a>) {
    for requirement in term.items("matchExpressions") {
        node_requirement(requirement, required, found);
    }
    for requirement in term.items("matchFields") {
        let fits = requirement.text("key") == Some("metadata.name")
            && matches!(requirement.text_or_empty("operator"), "In" | "NotIn")
            && requirement.items("values").len() == 1
            && requirement.texts("values").all(|name| format::dns_subdomain(name).is_none());
        if !fits {
            found.add(
                &CODE,
                requirement,
                "a field requirement is `metadata.name`, `In` or `NotIn`, and one value",
            );
        }
    }
}

fn node_requirement<'a>(requirement: &'a Value, required: bool, found: &mut Findings<'a>) {
    let (operator, count) = (requirement.text_or_empty("operator"), requirement.items("values").len());
    let problem = match operator {
        "In" | "NotIn" => (count == 0).then(|| format!("`{operator}` needs values")),
        "Exists" | "DoesNotExist" => (count > 0).then(|| format!("`{operator}` takes no values")),
        "Gt" | "Lt" => (count != 1).then(|| format!("`{operator}` takes one value")),
        other => {
            Some(format!("`{other}` is no operator; there are In, NotIn, Exists, DoesNotExist, Gt and Lt"))
        }
    };
    if let Some(problem) = problem {
        found.add(&CODE, requirement, problem);
    }
    if let Some(problem) = requirement.text("key").and_then(format::qualified_name) {
        found.add(&CODE, (requirement, "key"), format!("the label key {} is {problem}", requirement["key"]));
    }
    for value in requirement.items("values").iter().filter(|_| required) {
        if let Some(problem) = value.as_str().and_then(format::label_value) {
            found.add(&CODE, value, format!("the label value {value} is {problem}"));
        }
    }
}

fn pod_term<'a>(term: &'a Value, found: &mut Findings<'a>) {
    if let Some(key) = term.text("topologyKey")
        && let Some(problem) = format::qualified_name(key)
    {
        found.add(&CODE, (term, "topologyKey"), format!("the topology key `{key}` is {problem}"));
    }
    for namespace in term.items("namespaces") {
        if let Some(problem) = namespace.as_str().and_then(format::dns_label) {
            found.add(&CODE, namespace, format!("the namespace {namespace} is {problem}"));
        }
    }
    for key in ["matchLabelKeys", "mismatchLabelKeys"] {
        label_keys(term, key, &CODE, found);
    }
    for key in term.items("matchLabelKeys") {
        if term.items("mismatchLabelKeys").contains(key) {
            let message = format!("the label key {key} is in both `matchLabelKeys` and `mismatchLabelKeys`");
            found.add(&CODE, key, message);
        }
    }
}

/// `matchLabelKeys` adds to a selector, so there has to be one.
pub(super) fn label_keys<'a>(
    term: &'a Value,
    key: &'static str,
    code: &'static Code,
    found: &mut Findings<'a>,
) {
    if !term.items(key).is_empty() && term.child("labelSelector").is_none() {
        found.add(code, (term, key), format!("`{key}` needs a `labelSelector`"));
    }
    for item in term.items(key) {
        if let Some(problem) = item.as_str().and_then(format::qualified_name) {
            found.add(code, item, format!("the label key {item} is {problem}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    const AFFINITY: &str = "spec.template.spec.affinity";

    #[track_caller]
    fn refused(edit: &str, field: &str) {
        refuses(&CODE, "Deployment", &format!("{AFFINITY}.{edit}"), &format!("{AFFINITY}.{field}"));
    }

    #[test]
    fn node_terms() {
        let terms = format!("nodeAffinity.{REQUIRED}.nodeSelectorTerms");
        refused(&format!("{terms}: []"), &terms);
        let requirement = format!("{terms}[0].matchExpressions[0]");
        for bad in [
            "operator: In, values: []",
            "operator: Exists, values: [a]",
            "operator: Gt, values: ['1', '2']",
            "operator: Is",
        ] {
            refused(&format!("{requirement}: {{ key: a, {bad} }}"), &requirement);
        }
        accepts(
            "Deployment",
            &format!("{AFFINITY}.{requirement}: {{ key: a, operator: Gt, values: ['1'] }}"),
        );
    }

    #[test]
    fn pod_terms() {
        let term = format!("podAntiAffinity.{PREFERRED}[0]");
        refused(&format!("{term}.weight: 0"), &format!("{term}.weight"));
        refused(
            &format!("{term}.podAffinityTerm.topologyKey: ''"),
            &format!("{term}.podAffinityTerm.topologyKey"),
        );
        refused(
            &format!("{term}.podAffinityTerm.namespaces: [A]"),
            &format!("{term}.podAffinityTerm.namespaces[0]"),
        );
        let both = format!("{term}.podAffinityTerm.matchLabelKeys");
        refused(
            &format!("{both}: [a]\n{AFFINITY}.{term}.podAffinityTerm.mismatchLabelKeys: [a]"),
            &format!("{both}[0]"),
        );
        accepts(
            "Deployment",
            &format!("{AFFINITY}.{term}.podAffinityTerm.matchLabelKeys: [pod-template-hash]"),
        );
    }
}
