//! `sec-rbac-secrets`: nobody reads all Secrets of a namespace.

use super::grants::bound_rules;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "sec-rbac-secrets", Warning,
    means: "A role that is bound in the tree gets, lists or watches Secrets without naming which.",
    matters: "Secrets are the keys to everything else, those of other workloads included. Listing shows their values.",
    example: "rules: [{ apiGroups: [\"\"], resources: [secrets], verbs: [list] }]",
    instead: "rules: [{ apiGroups: [\"\"], resources: [secrets], resourceNames: [api], verbs: [get] }]",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for (role, rule) in bound_rules(scene) {
        let reads = rule.texts("verbs").any(|verb| matches!(verb, "get" | "list" | "watch" | "*"));
        if reads
            && rule.items("resourceNames").is_empty()
            && rule.texts("resources").any(|it| it == "secrets")
        {
            let message = match role.kind {
                "Role" => "the role reads every Secret of its namespace",
                _ => "the role reads every Secret wherever it is bound",
            };
            found.of(role.index).add(&CODE, (rule, "resources"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn secrets_are_named() {
        let tree = |more: &str| {
            format!(
                "{{fixture: Role, edits: \"rules: [{{ apiGroups: [''], resources: [secrets], verbs: [get]{more} }}]\"}}\n---\n{{fixture: RoleBinding}}"
            )
        };
        finds(&CODE, &tree(""), &[("Role core/reader", "rules[0].resources")]);
        finds(&CODE, &tree(", resourceNames: [api]"), &[]);
        finds(
            &CODE,
            "{fixture: Role, edits: \"rules: [{ apiGroups: [''], resources: [secrets], verbs: [get] }]\"}",
            &[],
        );
    }
}
