//! `sec-rbac-anonymous`: nobody unknown is given a right.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-rbac-anonymous", Error,
    means: "A binding names `system:anonymous`, `system:unauthenticated` or `system:masters`.",
    matters: "The first two are everybody who reaches the API server; the last is past all rules, and no binding can take it back.",
    example: "subjects: [{ kind: Group, name: system:unauthenticated, apiGroup: rbac.authorization.k8s.io }]",
    instead: "subjects: [{ kind: ServiceAccount, name: api, namespace: core }]",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/; CIS Kubernetes Benchmark 5.1.7"
}

const NOBODY: [&str; 3] = ["system:anonymous", "system:unauthenticated", "system:masters"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if !matches!(subject.kind, "RoleBinding" | "ClusterRoleBinding") {
        return;
    }
    for holder in subject.value.items("subjects") {
        let name = holder.text_or_empty("name");
        if NOBODY.contains(&name) && holder.text("kind") != Some("ServiceAccount") {
            found.add(&CODE, (holder, "name"), format!("`{name}` is given a right"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn rights_have_an_owner() {
        let subject = |name: &str| {
            format!(
                "subjects: [{{ kind: Group, name: 'system:{name}', apiGroup: rbac.authorization.k8s.io }}]"
            )
        };
        advises(&CODE, "RoleBinding", &subject("unauthenticated"), "subjects[0].name");
        passes(&CODE, "RoleBinding", &subject("nodes"));
    }
}
