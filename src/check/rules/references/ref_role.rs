//! `ref-role`: the role of each binding is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-role", Error,
    means: "A binding refers to a Role or ClusterRole that is neither in the tree, nor declared, nor one that every cluster has.",
    passes: "`cluster-admin`, `admin`, `edit`, `view` and names that begin with `system:`, which every cluster has, and what `[external]` of `bayplan-check.toml` names.",
    matters: "The API server accepts the binding, and it grants nothing.",
    example: "roleRef: { kind: Role, name: raeder }",
    instead: "roleRef: { kind: Role, name: reader }",
    source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/"
}

/// Roles of every cluster; the others are called `system:…`.
const BUILTIN: [&str; 4] = ["admin", "cluster-admin", "edit", "view"];

/// The one Role of every cluster that others are meant to bind: an API server beside the own one reads its settings by it.
const GIVEN: (&str, &str) = ("kube-system", "extension-apiserver-authentication-reader");

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.subjects.iter().filter(|it| matches!(it.kind, "RoleBinding" | "ClusterRoleBinding"))
    {
        let Some(role) = subject.value.child("roleRef") else { continue };
        let (kind, name) = (role.text_or_empty("kind"), role.text_or_empty("name"));
        let there = match kind {
            "Role" => (subject.namespace(), name) == GIVEN || scene.exists("Role", subject.namespace(), name),
            "ClusterRole" => {
                BUILTIN.contains(&name)
                    || name.starts_with("system:")
                    || scene.exists("ClusterRole", "", name)
            }
            _ => true,
        };
        if !there && !name.is_empty() {
            let hint = scene.hint(kind, if kind == "Role" { subject.namespace() } else { "" }, name);
            let message = format!("there is no {kind} `{name}`");
            found.of(subject.index).add_with_hint(&CODE, (role, "name"), message, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_role_is_there() {
        let binding = "{fixture: ServiceAccount}\n---\n{fixture: RoleBinding}";
        finds(&CODE, binding, &[("RoleBinding core/reader", "roleRef.name")]);
        finds(&CODE, &format!("{binding}\n---\n{{fixture: Role}}"), &[]);
        finds(&CODE, "{fixture: ClusterRoleBinding, edits: 'roleRef.name: view'}", &[]);
    }
}
