//! `sec-rbac-wildcard`: no role grants everything of something.

use super::grants::rules;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-rbac-wildcard", Error,
    means: "A rule of a Role or ClusterRole has `*` among its verbs, resources or API groups.",
    matters: "It grants what nobody thought of, and what the next version adds.",
    example: "rules: [{ apiGroups: [\"\"], resources: [\"*\"], verbs: [get] }]",
    instead: "rules: [{ apiGroups: [\"\"], resources: [configmaps], verbs: [get] }]",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/; kube-linter wildcard-in-rules"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for rule in rules(subject) {
        for key in ["verbs", "resources", "apiGroups"] {
            if rule.texts(key).any(|word| word == "*") {
                found.add(&CODE, (rule, key), format!("the role grants all {key}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn roles_name_what_they_grant() {
        advises(
            &CODE,
            "Role",
            "rules: [{ apiGroups: [''], resources: ['*'], verbs: [get] }]",
            "rules[0].resources",
        );
        passes(&CODE, "Role", "");
    }
}
