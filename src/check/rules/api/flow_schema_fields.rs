//! `flow-schema-fields`: the requests of a `FlowSchema`, and the shares of a `PriorityLevelConfiguration`.

use super::ask::Ask;
use crate::check::finding::Findings;
use crate::check::format::{self, Problem};
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, decoded};
use crate::value::Value;

code! {
    "flow-schema-fields", Error,
    means: "A FlowSchema has no priority level, a precedence outside 2-10000, a rule without subjects or requests, or a subject that is not of its kind; or a PriorityLevelConfiguration has queues where it rejects, none where it queues, or shares and sizes that there cannot be.",
    matters: "The API server refuses the object.",
    example: "kind: FlowSchema\nspec: { matchingPrecedence: 0, priorityLevelConfiguration: { name: builds } }",
    instead: "kind: FlowSchema\nspec: { matchingPrecedence: 1000, priorityLevelConfiguration: { name: builds } }",
    source: "ValidateFlowSchema and ValidatePriorityLevelConfiguration in pkg/apis/flowcontrol/validation"
}

const VERBS: [&str; 9] =
    ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

/// The kinds of subjects, and the field that each has.
const SUBJECTS: [(&str, &str); 3] =
    [("Group", "group"), ("ServiceAccount", "serviceAccount"), ("User", "user")];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let mut ask = Ask::new(&CODE, found);
    if let Some(spec) = subject.spec_of("FlowSchema") {
        flow_schema(subject.name(), spec, &mut ask);
    }
    if let Some(spec) = subject.spec_of("PriorityLevelConfiguration") {
        priority_level(subject.name(), spec, &mut ask);
    }
}

fn flow_schema<'a>(name: &str, spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    // Left out or zero, it is 1000.
    let least = if name == "exempt" { 1 } else { 2 };
    if spec.integer("matchingPrecedence") != Some(0) {
        ask.number(spec, "matchingPrecedence", least..=10_000);
    }
    if let Some(method) = spec.child("distinguisherMethod") {
        ask.word(method, "type", &["ByNamespace", "ByUser"]);
    }
    if let Some(level) = spec.child("priorityLevelConfiguration") {
        ask.form(level, "name", format::dns_subdomain);
    }
    spec.items("rules").iter().for_each(|it| rule(it, ask));
}

fn rule<'a>(rule: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.filled_list(rule, "subjects");
    rule.items("subjects").iter().for_each(|it| who(it, ask));
    let (resources, others) = (rule.items("resourceRules"), rule.items("nonResourceRules"));
    if resources.is_empty() && others.is_empty() {
        ask.refuse(rule, "the rule has neither `resourceRules` nor `nonResourceRules`");
    }
    for it in resources {
        verbs(it, ask);
        for key in ["apiGroups", "resources"] {
            ask.filled_list(it, key);
            ask.lone_star(it, key);
        }
        namespaces(it, ask);
    }
    for it in others {
        verbs(it, ask);
        ask.filled_list(it, "nonResourceURLs");
        ask.lone_star(it, "nonResourceURLs");
        if !has_star(it, "nonResourceURLs") {
            ask.forms(it, "nonResourceURLs", url_path);
        }
    }
}

fn has_star(of: &Value, key: &str) -> bool {
    of.texts(key).any(|text| text == "*")
}

fn verbs<'a>(rule: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.filled_list(rule, "verbs");
    ask.lone_star(rule, "verbs");
    let is_unknown = |item: &Value| decoded(item).is_some_and(|verb| !VERBS.contains(&verb));
    if !has_star(rule, "verbs") && rule.items("verbs").iter().any(is_unknown) {
        ask.refuse((rule, "verbs"), format!("the verbs are `*`, or among {}", VERBS.join(", ")));
    }
}

fn namespaces<'a>(rule: &'a Value, ask: &mut Ask<'_, 'a>) {
    if rule.items("namespaces").is_empty() && !rule.is_true("clusterScope") {
        ask.refuse((rule, "namespaces"), "the rule is about neither namespaces nor the cluster");
    }
    ask.lone_star(rule, "namespaces");
    if !has_star(rule, "namespaces") {
        ask.forms(rule, "namespaces", format::dns_label);
    }
}

/// `ValidateNonResourceURLPath`.
fn url_path(text: &str) -> Problem {
    let stars = text.matches('*').count();
    let fits = text.starts_with('/')
        && !text.contains(' ')
        && !text.contains("//")
        && (stars == 0 || stars == 1 && text.ends_with("/*"));
    (!fits).then_some("no path of a URL: it begins with `/`, and has a `*` only after the last `/`")
}

fn who<'a>(subject: &'a Value, ask: &mut Ask<'_, 'a>) {
    let Some(kind) = subject.text("kind") else { return };
    let Some((_, own)) = SUBJECTS.iter().find(|(known, _)| *known == kind) else {
        ask.word(subject, "kind", &SUBJECTS.map(|(known, _)| known));
        return;
    };
    for (_, other) in SUBJECTS.iter().filter(|(_, other)| other != own) {
        ask.absent(subject, other, "in a subject of that kind");
    }
    let Some(named) = subject.child(own) else {
        ask.refuse((subject, *own), format!("a subject of the kind {kind} has `{own}`"));
        return;
    };
    ask.filled(named, "name");
    if kind == "ServiceAccount" {
        if named.text("name") != Some("*") {
            ask.form_if_any(named, "name", format::dns_subdomain);
        }
        ask.filled(named, "namespace");
        ask.form_if_any(named, "namespace", format::dns_label);
    }
}

fn priority_level<'a>(name: &str, spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    let kind = spec.text_or_empty("type");
    match kind {
        "Exempt" => {
            ask.absent(spec, "limited", "where the type is Exempt");
            if let Some(exempt) = spec.child("exempt") {
                shares(exempt, ask);
            }
        }
        "Limited" => {
            ask.absent(spec, "exempt", "where the type is Limited");
            match spec.child("limited") {
                Some(limited) => self::limited(limited, ask),
                None => ask.refuse((spec, "limited"), "`limited` is missing"),
            }
        }
        _ => ask.word(spec, "type", &["Exempt", "Limited"]),
    }
    if matches!(kind, "Exempt" | "Limited") && (name == "exempt") != (kind == "Exempt") {
        ask.refuse((spec, "type"), "the level named `exempt` is Exempt, and no other");
    }
}

fn shares<'a>(of: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.number(of, "nominalConcurrencyShares", 0..=i64::MAX);
    ask.number(of, "lendablePercent", 0..=100);
    ask.number(of, "borrowingLimitPercent", 0..=i64::MAX);
}

fn limited<'a>(limited: &'a Value, ask: &mut Ask<'_, 'a>) {
    shares(limited, ask);
    let Some(response) = limited.child("limitResponse") else {
        ask.refuse((limited, "limitResponse"), "`limitResponse` does not say what becomes of the rest");
        return;
    };
    ask.word(response, "type", &["Queue", "Reject"]);
    match (response.text_or_empty("type"), response.child("queuing")) {
        ("Reject", Some(_)) => ask.absent(response, "queuing", "where the rest is rejected"),
        ("Queue", Some(queuing)) => queues(queuing, ask),
        ("Queue", None) => ask.refuse((response, "queuing"), "`queuing` is missing"),
        _ => {}
    }
}

/// What is left out or zero is 64 queues of 50, and 8 of them for a flow.
fn queues<'a>(queuing: &'a Value, ask: &mut Ask<'_, 'a>) {
    let or = |key: &str, usual: i64| queuing.integer(key).filter(|it| *it != 0).unwrap_or(usual);
    if or("queueLengthLimit", 50) < 0 {
        ask.refuse((queuing, "queueLengthLimit"), "a queue has room for one request or more");
    }
    let (queues, hand) = (or("queues", 64), or("handSize", 8));
    if !(1..=10_000_000).contains(&queues) {
        ask.refuse((queuing, "queues"), format!("there are from 1 to 10000000 queues, and not {queues}"));
    }
    if hand < 1 || hand > queues {
        ask.refuse(
            (queuing, "handSize"),
            format!("a flow has from 1 to {queues} of the queues, and not {hand}"),
        );
    } else if entropy(queues, hand) > 60 {
        let message =
            format!("there are too many ways to deal {hand} of {queues} queues: more than 60 bits tell");
        ask.refuse((queuing, "handSize"), message);
    }
}

/// `RequiredEntropyBits` of `pkg/util/shufflesharding` in k8s.io/apiserver.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "both are below ten million, and so is what is asked of the product"
)]
fn entropy(queues: i64, hand: i64) -> i64 {
    ((queues as f64).log2() * hand as f64).ceil() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn flow_schemas_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "FlowSchema", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("matchingPrecedence: 1", "matchingPrecedence");
        refused("priorityLevelConfiguration.name: ''", "priorityLevelConfiguration.name");
        refused("distinguisherMethod.type: ByGroup", "distinguisherMethod.type");
        refused("rules[0].subjects: []", "rules[0].subjects");
        refused("rules[0].subjects[0].kind: Robot", "rules[0].subjects[0].kind");
        refused("rules[0].subjects[0].user: ~absent", "rules[0].subjects[0].user");
        refused("rules[0].subjects[0].group: { name: a }", "rules[0].subjects[0].group");
        refused("rules[0].resourceRules[0].verbs: [get, '*']", "rules[0].resourceRules[0].verbs");
        refused("rules[0].resourceRules[0].verbs: [eat]", "rules[0].resourceRules[0].verbs");
        refused("rules[0].resourceRules[0].namespaces: ~absent", "rules[0].resourceRules[0].namespaces");
        refused(
            "rules[0].nonResourceRules[0].nonResourceURLs: [/a*]",
            "rules[0].nonResourceRules[0].nonResourceURLs[0]",
        );
        accepts("FlowSchema", "spec.matchingPrecedence: 0\nspec.rules: ~absent");
    }

    #[test]
    fn priority_levels_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "PriorityLevelConfiguration", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("type: Exempt\nspec.limited: ~absent", "type");
        refused("exempt: {}", "exempt");
        refused("limited.lendablePercent: 101", "limited.lendablePercent");
        refused("limited.limitResponse.type: Drop", "limited.limitResponse.type");
        refused("limited.limitResponse.type: Reject", "limited.limitResponse.queuing");
        refused("limited.limitResponse.queuing.handSize: 65", "limited.limitResponse.queuing.handSize");
        refused("limited.limitResponse.queuing.queues: 10000000", "limited.limitResponse.queuing.handSize");
        accepts("PriorityLevelConfiguration", "spec.limited.limitResponse.queuing: {}");
    }
}
