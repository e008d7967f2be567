//! `rbac-rules`: the rules of Roles and `ClusterRoles`.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "rbac-rules", Error,
    means: "A rule has no verbs, no API groups or no resources, mixes resources with URLs, or grants URLs in a namespace.",
    matters: "The API server refuses the object.",
    example: "rules: [{ resources: [pods], verbs: [get] }]",
    instead: "rules: [{ apiGroups: [\"\"], resources: [pods], verbs: [get] }]",
    source: "ValidatePolicyRule in pkg/apis/rbac/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if !matches!(subject.kind, "Role" | "ClusterRole") {
        return;
    }
    for rule in subject.value.items("rules") {
        if rule.child("verbs").is_some() && rule.items("verbs").is_empty() {
            found.add(&CODE, (rule, "verbs"), "the rule has no verb");
        }
        if rule.items("nonResourceURLs").is_empty() {
            resources(rule, found);
        } else {
            urls(subject.kind, rule, found);
        }
    }
    let aggregation = subject.value.child("aggregationRule").filter(|_| subject.kind == "ClusterRole");
    if let Some(rule) = aggregation.filter(|rule| rule.items("clusterRoleSelectors").is_empty()) {
        found.add(&CODE, (rule, "clusterRoleSelectors"), "the aggregation selects no cluster role");
    }
}

fn resources<'a>(rule: &'a Value, found: &mut Findings<'a>) {
    for (key, noun) in
        [("apiGroups", "API group; that of pods and services is \"\""), ("resources", "resource")]
    {
        if rule.items(key).is_empty() {
            found.add(&CODE, (rule, key), format!("the rule has no {noun}"));
        }
    }
}

fn urls<'a>(kind: &str, rule: &'a Value, found: &mut Findings<'a>) {
    if kind == "Role" {
        found.add(
            &CODE,
            (rule, "nonResourceURLs"),
            "a Role is for a namespace, and URLs are of no namespace",
        );
    }
    if ["apiGroups", "resources", "resourceNames"].iter().any(|key| !rule.items(key).is_empty()) {
        found.add(&CODE, (rule, "nonResourceURLs"), "a rule is for resources or for URLs, not for both");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn rules_are_whole() {
        refuses(&CODE, "Role", "rules[0].verbs: []", "rules[0].verbs");
        refuses(&CODE, "Role", "rules[0].apiGroups: ~absent", "rules[0].apiGroups");
        refuses(&CODE, "Role", "rules[0].resources: []", "rules[0].resources");
        refuses(
            &CODE,
            "Role",
            "rules[0]: { nonResourceURLs: [/a], verbs: [get] }",
            "rules[0].nonResourceURLs",
        );
        refuses(&CODE, "ClusterRole", "rules[1].resources: [pods]", "rules[1].nonResourceURLs");
        refuses(&CODE, "ClusterRole", "aggregationRule: {}", "aggregationRule.clusterRoleSelectors");
        accepts("Role", "rules: []");
    }
}
