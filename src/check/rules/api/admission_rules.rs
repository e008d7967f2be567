//! Which requests a webhook or an admission policy is asked about: rules with operations, and conditions.
//!
//! Reports under the code of the rule that asks. After `validateRuleWithOperations`, `validateMatchResources` and
//! `validateMatchConditions` in `pkg/apis/admissionregistration/validation`.

use std::collections::BTreeSet;

use super::ask::Ask;
use super::policy_expressions::{self, Scope};
use crate::check::cel::Type;
use crate::check::format;
use crate::check::values::{Fields, decoded};
use crate::value::Value;

const OPERATIONS: [&str; 5] = ["*", "CREATE", "UPDATE", "DELETE", "CONNECT"];

/// What is wrong with one of the `rules` of a webhook, or `resourceRules` of a policy.
pub(super) fn rule<'a>(rule: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.needed_list(rule, "operations");
    ask.lone_star(rule, "operations");
    ask.words(rule, "operations", &OPERATIONS);
    for key in ["apiGroups", "apiVersions"] {
        ask.needed_list(rule, key);
        ask.lone_star(rule, key);
    }
    not_empty(rule, "apiVersions", ask);
    ask.needed_list(rule, "resources");
    not_empty(rule, "resources", ask);
    resources(rule, ask);
    ask.word(rule, "scope", &["*", "Cluster", "Namespaced"]);
}

fn not_empty<'a>(rule: &'a Value, key: &str, ask: &mut Ask<'_, 'a>) {
    for item in rule.items(key).iter().filter(|item| decoded(item) == Some("")) {
        ask.refuse(item, format!("an item of `{key}` is empty"));
    }
}

/// `validateResources`: what a wildcard holds already is not named beside it.
fn resources<'a>(rule: &'a Value, ask: &mut Ask<'_, 'a>) {
    let (mut whole, mut subresources) = (BTreeSet::new(), BTreeSet::new());
    // Of resources without subresources the server remembers the last.
    let mut plain = false;
    for item in rule.items("resources") {
        let Some(text) = decoded(item).filter(|text| !text.is_empty()) else { continue };
        let Some((resource, subresource)) = text.split_once('/') else {
            plain = text != "*";
            continue;
        };
        if whole.contains(resource) {
            ask.refuse(item, format!("`{resource}/*` holds `{text}` already"));
        }
        if subresources.contains(subresource) {
            ask.refuse(item, format!("`*/{subresource}` holds `{text}` already"));
        }
        if subresource == "*" {
            whole.insert(resource);
        }
        if resource == "*" {
            subresources.insert(subresource);
        }
    }
    let has = |wanted: &str| rule.texts("resources").any(|text| text == wanted);
    if rule.items("resources").len() > 1 && has("*/*") {
        ask.refuse((rule, "resources"), "`*/*` stands alone in `resources`");
    }
    if has("*") && plain {
        ask.refuse((rule, "resources"), "`*` holds every resource already");
    }
}

/// What is wrong with `matchConstraints` of a policy, or `matchResources` of its binding. Their selectors are another
/// rule's.
pub(super) fn match_resources<'a>(matched: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.word(matched, "matchPolicy", &["Equivalent", "Exact"]);
    for key in ["resourceRules", "excludeResourceRules"] {
        for it in matched.items(key) {
            ask.forms(it, "resourceNames", format::path_segment);
            ask.each_once(it, "resourceNames");
            rule(it, ask);
        }
    }
}

/// A mutation is of a request that brings an object.
pub(super) fn no_deletion<'a>(matched: &'a Value, ask: &mut Ask<'_, 'a>) {
    for operation in matched.items("resourceRules").iter().flat_map(|rule| rule.items("operations")) {
        if operation.as_str() == Some("DELETE") {
            ask.refuse(
                operation,
                "what is deleted cannot be changed; there are *, CREATE, UPDATE and CONNECT",
            );
        }
    }
}

/// What is wrong with `matchConditions`.
pub(super) fn conditions<'a>(of: &'a Value, scope: &Scope<'a>, ask: &mut Ask<'_, 'a>) {
    ask.most(of, "matchConditions", 64);
    let mut seen = BTreeSet::new();
    for condition in of.items("matchConditions") {
        policy_expressions::check(condition, "expression", scope, &[Type::Bool], ask);
        ask.form(condition, "name", format::qualified_name);
        let name = condition.text_or_empty("name");
        if !name.is_empty() && !seen.insert(name) {
            ask.refuse((condition, "name"), format!("another condition is named `{name}`"));
        }
    }
}
