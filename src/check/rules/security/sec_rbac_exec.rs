//! `sec-rbac-exec`: nobody gets a shell in other pods.

use super::grants::rules;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-rbac-exec", Error,
    means: "A role grants `pods/exec`, `pods/attach`, `pods/portforward` or `nodes/proxy`.",
    matters: "A shell in a pod has the Secrets and the account of that pod; `nodes/proxy` is a shell in every pod of the node, past admission and audit.",
    example: "rules: [{ apiGroups: [\"\"], resources: [pods/exec], verbs: [create] }]",
    instead: "# none: debug with a role that a person is given for the time of it",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes; Checkov CKV2_K8S_2"
}

const SHELLS: [&str; 4] = ["pods/exec", "pods/attach", "pods/portforward", "nodes/proxy"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for rule in rules(subject) {
        let opens = rule.texts("verbs").any(|verb| matches!(verb, "create" | "get" | "*"));
        let named = rule.texts("resources").find(|it| SHELLS.contains(it));
        if let Some(resource) = named.filter(|_| opens) {
            found.add(&CODE, (rule, "resources"), format!("the role grants {resource}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn shells_are_not_granted() {
        let rules = |resource: &str| {
            format!("rules: [{{ apiGroups: [''], resources: [{resource}], verbs: [create] }}]")
        };
        advises(&CODE, "Role", &rules("pods/exec"), "rules[0].resources");
        passes(&CODE, "Role", &rules("pods/log"));
    }
}
