//! `webhook-fields`: the webhooks of a `ValidatingWebhookConfiguration` or `MutatingWebhookConfiguration`.

use std::collections::BTreeSet;

use super::admission_rules;
use super::ask::Ask;
use super::policy_expressions::Scope;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, decoded};
use crate::check::{format, webhook};
use crate::value::Value;

code! {
    "webhook-fields", Error,
    means: "A webhook has no name with three parts, takes no version of `AdmissionReview` that the API server sends, is not reached by exactly one of an https URL and a Service, has a rule without operations, groups, versions or resources, a condition that is no expression of CEL with a bool, or an unknown policy.",
    matters: "The API server refuses the object.",
    example: "webhooks:\n  - { name: pods, admissionReviewVersions: [v1], sideEffects: Some, clientConfig: { url: http://hooks.example.com } }",
    instead: "webhooks:\n  - { name: pods.hooks.example.com, admissionReviewVersions: [v1], sideEffects: None, clientConfig: { url: https://hooks.example.com } }",
    source: "ValidateValidatingWebhookConfiguration and ValidateMutatingWebhookConfiguration in pkg/apis/admissionregistration/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if !matches!(subject.kind, "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration") {
        return;
    }
    let (mut ask, scope) = (Ask::new(&CODE, found), Scope::new(subject));
    let mut names = BTreeSet::new();
    for hook in subject.value.items("webhooks") {
        check_hook(hook, &mut ask);
        admission_rules::conditions(hook, &scope, &mut ask);
        let name = hook.text_or_empty("name");
        if !name.is_empty() && !names.insert(name) {
            ask.refuse((hook, "name"), format!("another webhook is named `{name}`"));
        }
    }
}

fn check_hook<'a>(hook: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.form(hook, "name", format::fully_qualified_name);
    hook.items("rules").iter().for_each(|it| admission_rules::rule(it, ask));
    ask.word(hook, "failurePolicy", &["Fail", "Ignore"]);
    ask.word(hook, "matchPolicy", &["Equivalent", "Exact"]);
    ask.word(hook, "sideEffects", &["None", "NoneOnDryRun"]);
    ask.word(hook, "reinvocationPolicy", &["Never", "IfNeeded"]);
    ask.number(hook, "timeoutSeconds", 1..=30);
    review_versions(hook, ask);
    let Some(client) = hook.child("clientConfig") else { return };
    match (client.text("url"), client.child("service")) {
        (None, None) | (Some(_), Some(_)) => {
            ask.refuse(client, "a webhook is reached by exactly one of `url` and `service`");
        }
        (Some(url), None) => {
            if let Some(problem) = webhook::url_problem(url) {
                ask.refuse((client, "url"), format!("`{url}`: {problem}"));
            }
        }
        (None, Some(service)) => {
            ask.filled(service, "name");
            ask.filled(service, "namespace");
            ask.number(service, "port", 1..=65535);
            if let Some(problem) = service.text("path").and_then(webhook::path_problem) {
                ask.refuse((service, "path"), problem);
            }
        }
    }
}

fn review_versions<'a>(hook: &'a Value, ask: &mut Ask<'_, 'a>) {
    let versions = hook.items("admissionReviewVersions");
    if hook.child("admissionReviewVersions").is_none() {
        return;
    }
    ask.each_once(hook, "admissionReviewVersions");
    ask.forms(hook, "admissionReviewVersions", format::dns_1035_label);
    if !versions.iter().any(|it| matches!(decoded(it), Some("v1" | "v1beta1"))) {
        ask.refuse((hook, "admissionReviewVersions"), "one of v1 and v1beta1 has to be among them");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn webhooks_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            let (edit, field) = (format!("webhooks[0].{edit}"), format!("webhooks[0].{field}"));
            refuses(&CODE, "ValidatingWebhookConfiguration", &edit, &field);
        };
        refused("name: a.b", "name");
        refused("sideEffects: Some", "sideEffects");
        refused("failurePolicy: Retry", "failurePolicy");
        refused("timeoutSeconds: 31", "timeoutSeconds");
        refused("admissionReviewVersions: [v2]", "admissionReviewVersions");
        refused("clientConfig.url: https://a", "clientConfig");
        refused("clientConfig.service.port: 0", "clientConfig.service.port");
        refused("clientConfig.service.path: a", "clientConfig.service.path");
        refused("clientConfig: { url: http://a }", "clientConfig.url");
        refused("rules[0].operations: [PATCH]", "rules[0].operations[0]");
        refused("rules[0].resources: ['*', pods]", "rules[0].resources");
        refused("rules[0].resources: [pods/*, pods/log]", "rules[0].resources[1]");
        refused("rules[0].apiGroups: ~absent", "rules[0].apiGroups");
        refused("matchConditions[0].expression: request.verb == 'get'", "matchConditions[0].expression");
        refused("matchConditions[0].expression: object.kind", "matchConditions[0].expression");
        accepts("ValidatingWebhookConfiguration", "webhooks: ~absent");
        accepts(
            "MutatingWebhookConfiguration",
            "webhooks[0].matchConditions: [{ name: a, expression: \"authorizer.group('').resource('pods').check('get').allowed()\" }]",
        );
    }
}
