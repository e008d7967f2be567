//! `rbac-binding`: the role and the subjects of a binding.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "rbac-binding", Error,
    means: "A binding refers to no Role or ClusterRole, or one of its subjects is no ServiceAccount, User or Group, has the wrong API group, or is an account without its namespace in a ClusterRoleBinding.",
    matters: "The API server refuses the object.",
    example: "subjects: [{ kind: User, apiGroup: \"v1\", name: jane }]",
    instead: "subjects: [{ kind: User, apiGroup: rbac.authorization.k8s.io, name: jane }]",
    source: "ValidateRoleBinding and ValidateRoleBindingSubject in pkg/apis/rbac/validation"
}

const GROUP: &str = "rbac.authorization.k8s.io";

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let kinds: &[&str] = match subject.kind {
        "RoleBinding" => &["Role", "ClusterRole"],
        "ClusterRoleBinding" => &["ClusterRole"],
        _ => return,
    };
    if let Some(role) = subject.value.child("roleRef") {
        role_reference(role, kinds, found);
    }
    for account in subject.value.items("subjects") {
        check_subject(subject.kind, account, found);
    }
}

fn role_reference<'a>(role: &'a Value, kinds: &[&str], found: &mut Findings<'a>) {
    // An empty group is defaulted.
    let group = role.text_or_empty("apiGroup");
    if !group.is_empty() && group != GROUP {
        found.add(&CODE, (role, "apiGroup"), format!("the API group of a role is {GROUP}, not `{group}`"));
    }
    if let Some(kind) = role.text("kind").filter(|kind| !kinds.contains(kind)) {
        found.add(
            &CODE,
            (role, "kind"),
            format!("the binding is to a {}, not to a `{kind}`", kinds.join(" or ")),
        );
    }
    if let Some(name) =
        role.text("name").filter(|name| name.is_empty() || format::path_segment(name).is_some())
    {
        found.add(&CODE, (role, "name"), format!("`{name}` names no role"));
    }
}

fn check_subject<'a>(binding: &str, subject: &'a Value, found: &mut Findings<'a>) {
    let (kind, group) = (subject.text_or_empty("kind"), subject.text_or_empty("apiGroup"));
    if subject.text("name") == Some("") {
        found.add(&CODE, (subject, "name"), "the subject has no name");
    }
    match kind {
        "ServiceAccount" => service_account(binding, subject, found),
        "User" | "Group" if !group.is_empty() && group != GROUP => {
            found.add(
                &CODE,
                (subject, "apiGroup"),
                format!("the API group of a {kind} is {GROUP}, not `{group}`"),
            );
        }
        "User" | "Group" => {}
        _ if subject.get("kind").is_none() => {}
        other => {
            let message = format!("`{other}` is none of ServiceAccount, User and Group");
            found.add(&CODE, (subject, "kind"), message);
        }
    }
}

fn service_account<'a>(binding: &str, subject: &'a Value, found: &mut Findings<'a>) {
    let group = subject.text_or_empty("apiGroup");
    if !group.is_empty() {
        found.add(
            &CODE,
            (subject, "apiGroup"),
            format!("a ServiceAccount is in the core group, not in `{group}`"),
        );
    }
    if binding == "ClusterRoleBinding" && subject.text_or_empty("namespace").is_empty() {
        found.add(&CODE, (subject, "namespace"), "the account does not say its namespace");
    }
    let name = subject.text_or_empty("name");
    if !name.is_empty()
        && let Some(problem) = format::dns_subdomain(name)
    {
        found.add(&CODE, (subject, "name"), format!("the account `{name}` is {problem}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn roles_and_subjects() {
        refuses(&CODE, "RoleBinding", "roleRef.apiGroup: v1", "roleRef.apiGroup");
        refuses(&CODE, "RoleBinding", "roleRef.kind: Roles", "roleRef.kind");
        refuses(&CODE, "ClusterRoleBinding", "roleRef.kind: Role", "roleRef.kind");
        refuses(&CODE, "RoleBinding", "subjects[0].kind: Account", "subjects[0].kind");
        refuses(
            &CODE,
            "RoleBinding",
            "subjects[0].apiGroup: rbac.authorization.k8s.io",
            "subjects[0].apiGroup",
        );
        refuses(&CODE, "ClusterRoleBinding", "subjects[0].apiGroup: v1", "subjects[0].apiGroup");
        refuses(
            &CODE,
            "ClusterRoleBinding",
            "subjects[0]: { kind: ServiceAccount, name: a }",
            "subjects[0].namespace",
        );
        accepts("RoleBinding", "subjects[0].namespace: ~absent");
        accepts("ClusterRoleBinding", "subjects[0].apiGroup: ~absent");
    }
}
