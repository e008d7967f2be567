//! `sec-rbac-escalate`: nobody can raise their own rights.

use super::grants::rules;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-rbac-escalate", Error,
    means: "A rule grants `escalate` on roles, `bind` on roles that it does not name, or `impersonate` on users, groups or accounts.",
    matters: "Each of them is a way to every right in the cluster.",
    example: "rules: [{ apiGroups: [\"\"], resources: [users], verbs: [impersonate] }]",
    instead: "rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [viewer] }]",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb, #bind-verb, #impersonate-verb"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for rule in rules(subject) {
        // What may be bound is then exactly what may be given away, as the documentation advises.
        let named = rule.texts("resourceNames").next().is_some();
        let grows = |verb: &&str| matches!(*verb, "escalate" | "impersonate") || (*verb == "bind" && !named);
        let verb = rule.texts("verbs").find(grows);
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
        passes(&CODE, "Role", &rules("bind").replace("verbs:", "resourceNames: [viewer], verbs:"));
    }
}
