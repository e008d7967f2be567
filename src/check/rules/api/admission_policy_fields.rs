//! `admission-policy-fields`: the fields and expressions of a `ValidatingAdmissionPolicy` or `MutatingAdmissionPolicy`, and of
//! what binds it.

use std::collections::BTreeMap;

use super::ask::Ask;
use super::policy_expressions::{self, Scope};
use super::{admission_rules, policy_mutations};
use crate::check::cel::{RESERVED, Type};
use crate::check::finding::Findings;
use crate::check::format::{self, Problem};
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "admission-policy-fields", Error,
    means: "An admission policy names no resources, has no validation or mutation, an expression that is no CEL, speaks of what is not there or gives another type than asked for, or an unknown word; or its binding names no policy, no action, Deny beside Warn, or parameters by both a name and a selector.",
    matters: "The API server refuses the object.",
    example: "validations: [{ expression: object.spec.replicas }]",
    instead: "validations: [{ expression: object.spec.replicas <= 5 }]",
    source: "ValidateValidatingAdmissionPolicy, ValidateMutatingAdmissionPolicy and their bindings in pkg/apis/admissionregistration/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let mut ask = Ask::new(&CODE, found);
    let Some(spec) = subject.spec() else { return };
    match subject.kind {
        "ValidatingAdmissionPolicy" => {
            let scope = policy(subject, spec, &mut ask);
            validations(subject, spec, &scope, &mut ask);
        }
        "MutatingAdmissionPolicy" => {
            let scope = policy(subject, spec, &mut ask);
            if let Some(matched) = spec.child("matchConstraints") {
                admission_rules::no_deletion(matched, &mut ask);
            }
            policy_mutations::check(spec, &scope, &mut ask);
        }
        "ValidatingAdmissionPolicyBinding" => {
            binding(spec, &mut ask);
            actions(spec, &mut ask);
        }
        "MutatingAdmissionPolicyBinding" => {
            binding(spec, &mut ask);
            if let Some(matched) = spec.child("matchResources") {
                admission_rules::no_deletion(matched, &mut ask);
            }
        }
        _ => {}
    }
}

/// What both kinds of policies have; gives what their expressions may speak of.
fn policy<'a>(subject: &Subject<'a>, spec: &'a Value, ask: &mut Ask<'_, 'a>) -> Scope<'a> {
    ask.word(spec, "failurePolicy", &["Fail", "Ignore"]);
    let mut scope = Scope::new(subject);
    if let Some(kind) = spec.child("paramKind") {
        scope = scope.with("params", Type::Dyn);
        param_kind(kind, ask);
    }
    match spec.child("matchConstraints") {
        Some(matched) => {
            admission_rules::match_resources(matched, ask);
            ask.needed_list(matched, "resourceRules");
        }
        None => ask.refuse((spec, "matchConstraints"), "the policy does not say what it is asked about"),
    }
    admission_rules::conditions(spec, &scope, ask);
    variables(spec, scope, ask)
}

/// Each variable may speak of those before it.
fn variables<'a>(spec: &'a Value, scope: Scope<'a>, ask: &mut Ask<'_, 'a>) -> Scope<'a> {
    let mut known: BTreeMap<String, Type> = BTreeMap::new();
    if spec.items("variables").is_empty() && spec.child("mutations").is_none() {
        return scope;
    }
    for variable in spec.items("variables") {
        ask.form(variable, "name", identifier);
        let so_far = scope.with("variables", Type::object(known.clone()));
        let found = policy_expressions::check(variable, "expression", &so_far, &[], ask);
        let name = variable.text_or_empty("name");
        known.insert(name.to_owned(), policy_expressions::seen(&found));
    }
    scope.with("variables", Type::object(known))
}

fn identifier(text: &str) -> Problem {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let fits = begins && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    (!fits || RESERVED.contains(&text))
        .then_some("no name of CEL: letters, digits and `_`, and no word of its own")
}

fn param_kind<'a>(kind: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.form(kind, "apiVersion", |text| match text.split_once('/') {
        None => format::dns_1035_label(text),
        Some((group, version)) => (if group.is_empty() { None } else { format::dns_subdomain(group) })
            .or_else(|| format::dns_1035_label(version)),
    });
    ask.form(kind, "kind", |text| format::dns_1035_label(&text.to_ascii_lowercase()));
    for key in ["apiVersion", "kind"] {
        if kind.child(key).is_none() {
            ask.refuse((kind, key), format!("the kind of the parameters has no `{key}`"));
        }
    }
}

fn validations<'a>(subject: &Subject<'a>, spec: &'a Value, scope: &Scope<'a>, ask: &mut Ask<'_, 'a>) {
    if spec.items("validations").is_empty() && spec.items("auditAnnotations").is_empty() {
        ask.refuse((spec, "validations"), "the policy has neither a validation nor an audit annotation");
    }
    let messages = scope.without_authorizer();
    for validation in spec.items("validations") {
        policy_expressions::check(validation, "expression", scope, &[Type::Bool], ask);
        if !validation.text_or_empty("messageExpression").is_empty() {
            policy_expressions::check(validation, "messageExpression", &messages, &[Type::Text], ask);
        }
        ask.form_if_any(validation, "message", |text| match text.trim() {
            "" => Some("no message"),
            text => text.contains(['\n', '\r']).then_some("a message of more than one line"),
        });
        ask.word(validation, "reason", &["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"]);
    }
    ask.most(spec, "auditAnnotations", 20);
    ask.keyed_once(spec.items("auditAnnotations"), "key");
    for annotation in spec.items("auditAnnotations") {
        policy_expressions::check(annotation, "valueExpression", scope, &[Type::Text, Type::Null], ask);
        if annotation.text("valueExpression").is_some_and(|text| text.trim().len() > 5 * 1024) {
            ask.refuse((annotation, "valueExpression"), "the expression has more than 5 KiB");
        }
        let key = annotation.text("key").map(|key| format!("{}/{key}", subject.name()));
        if let Some(problem) = key.as_deref().and_then(format::qualified_name) {
            ask.refuse((annotation, "key"), format!("the key, behind the name of the policy, is {problem}"));
        }
    }
}

fn binding<'a>(spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.needed(spec, "policyName");
    ask.form_if_any(spec, "policyName", format::dns_subdomain);
    if let Some(matched) = spec.child("matchResources") {
        admission_rules::match_resources(matched, ask);
    }
    let Some(params) = spec.child("paramRef") else { return };
    ask.form_if_any(params, "name", format::path_segment);
    match (params.text_or_empty("name").is_empty(), params.child("selector").is_some()) {
        (true, false) => ask.refuse(params, "parameters are found by a `name` or a `selector`"),
        (false, true) => {
            ask.refuse((params, "name"), "parameters are found by a `name` or a `selector`, not both");
        }
        _ => {}
    }
    ask.needed(params, "parameterNotFoundAction");
    if !params.text_or_empty("parameterNotFoundAction").is_empty() {
        ask.word(params, "parameterNotFoundAction", &["Allow", "Deny"]);
    }
}

fn actions<'a>(spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.needed_list(spec, "validationActions");
    ask.words(spec, "validationActions", &["Audit", "Deny", "Warn"]);
    ask.each_once(spec, "validationActions");
    let has = |wanted: &str| spec.texts("validationActions").any(|action| action == wanted);
    if has("Deny") && has("Warn") {
        ask.refuse(
            (spec, "validationActions"),
            "what is denied needs no warning: Deny and Warn exclude each other",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, finds, refuses};

    #[test]
    fn policies_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            let (edit, field) = (format!("spec.{edit}"), format!("spec.{field}"));
            refuses(&CODE, "ValidatingAdmissionPolicy", &edit, &field);
        };
        refused("failurePolicy: Retry", "failurePolicy");
        refused("paramKind.kind: a b", "paramKind.kind");
        refused("matchConstraints: ~absent", "matchConstraints");
        refused("matchConstraints.resourceRules: []", "matchConstraints.resourceRules");
        refused(
            "variables: [{ name: replicas, expression: object.spec.replicas }, { name: in, expression: '1' }]",
            "variables[1].name",
        );
        refused("validations[0].expression: variables.other == 1", "validations[0].expression");
        refused("validations[0].expression: object.spec", "validations[0].expression");
        refused("validations[0].messageExpression: '1'", "validations[0].messageExpression");
        refused("validations[0].reason: Why", "validations[0].reason");
        refused("auditAnnotations[0].valueExpression: '1'", "auditAnnotations[0].valueExpression");
        refused("auditAnnotations[0].key: a b", "auditAnnotations[0].key");
        accepts("ValidatingAdmissionPolicy", "spec.validations: ~absent");
    }

    #[test]
    fn bindings_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            let (edit, field) = (format!("spec.{edit}"), format!("spec.{field}"));
            refuses(&CODE, "ValidatingAdmissionPolicyBinding", &edit, &field);
        };
        refused("policyName: A", "policyName");
        refused("validationActions: [Deny, Warn]", "validationActions");
        refused("validationActions: [Refuse]", "validationActions[0]");
        refused("validationActions: ~absent", "validationActions");
        refused("paramRef.selector: {}", "paramRef.name");
        refused("paramRef.parameterNotFoundAction: Skip", "paramRef.parameterNotFoundAction");
        refused(
            "matchResources.resourceRules[0].resourceNames: [a/b]",
            "matchResources.resourceRules[0].resourceNames[0]",
        );
        accepts("ValidatingAdmissionPolicyBinding", "spec.paramRef: ~absent\nspec.matchResources: ~absent");
    }
    // Not every version serves these kinds, so they have no fixtures.
    const MUTATING: &str = "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: MutatingAdmissionPolicy\n\
        metadata: { name: tags }\nspec:\n  failurePolicy: Fail\n  reinvocationPolicy: Never\n  \
        matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }] }\n";
    const MUTATING_BINDING: &str = "apiVersion: admissionregistration.k8s.io/v1beta1\n\
        kind: MutatingAdmissionPolicyBinding\nmetadata: { name: tags }\n";

    #[test]
    fn mutations_are_well_formed() {
        let found = |mutations: &str, fields: &[&str]| {
            let fields: Vec<_> =
                fields.iter().map(|field| ("MutatingAdmissionPolicy tags", *field)).collect();
            finds(&CODE, &format!("{MUTATING}  mutations: {mutations}"), &fields);
        };
        let apply = |expression: &str| {
            let patch = format!("applyConfiguration: {{ expression: '{expression}' }}");
            format!("[{{ patchType: ApplyConfiguration, {patch} }}]")
        };
        found(&apply("Object{ spec: Object.spec{} }"), &[]);
        found(&apply("has(object.spec) ? object : oldObject"), &[]);
        found("[]", &["spec.mutations"]);
        found("[{ patchType: ApplyConfiguration }]", &["spec.mutations[0].applyConfiguration"]);
        found(&apply("object +"), &["spec.mutations[0].applyConfiguration.expression"]);
        found(&apply("subject.spec"), &["spec.mutations[0].applyConfiguration.expression"]);
        found("[{ patchType: Merge }]", &["spec.mutations[0].patchType"]);
        let both = apply("object").replace("[{", "[{ jsonPatch: { expression: a },");
        found(&both, &["spec.mutations[0].jsonPatch"]);
    }

    #[test]
    fn bindings_of_mutations_are_well_formed() {
        finds(&CODE, &format!("{MUTATING_BINDING}spec: {{ policyName: tags }}"), &[]);
        let wrong = [("MutatingAdmissionPolicyBinding tags", "spec.policyName")];
        finds(&CODE, &format!("{MUTATING_BINDING}spec: {{ policyName: A }}"), &wrong);
    }
}
