//! `sec-rbac-escalate`: nobody can raise their own rights.

use super::grants::rules;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-rbac-escalate", Error,
    means: "A rule grants `escalate` or `bind` on roles, or `impersonate` on users, groups or accounts.",
    matters: "Each of them is a way to every right in the cluster.",
    example: "rules: [{ apiGroups: [\"\"], resources: [users], verbs: [impersonate] }]",
    instead: "# none",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb, #bind-verb, #impersonate-verb"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for rule in rules(subject) {
        let verb = rule.texts("verbs").find(|verb| matches!(*verb, "escalate" | "bind" | "impersonate"));
        if let Some(verb) = verb {
            found.add(&CODE, (rule, "verbs"), format!("the verb `{verb}` is a way to every other right"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn rights_do_not_grow() {
        let rules = |verb: &str| {
            format!(
                "rules: [{{ apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [{verb}] }}]"
            )
        };
        for verb in ["escalate", "bind", "impersonate"] {
            advises(&CODE, "Role", &rules(verb), "rules[0].verbs");
        }
        passes(&CODE, "Role", &rules("get"));
    }
}
