//! `ref-subject`: the accounts that bindings grant to are there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-subject", Error,
    means: "A binding grants to a ServiceAccount that is neither in the tree nor declared to be elsewhere.",
    passes: "- Accounts of other namespaces than the binding's own, unless that namespace is in the tree: they are somebody else's.\n- `default`, which every namespace has, and what `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make ServiceAccounts: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a ServiceAccount of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).",
    matters: "The API server accepts the binding, and who should have the rights does not get them.",
    example: "subjects: [{ kind: ServiceAccount, name: apy, namespace: core }]",
    instead: "subjects: [{ kind: ServiceAccount, name: api, namespace: core }]",
    source: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for binding in scene.subjects.iter().filter(|it| matches!(it.kind, "RoleBinding" | "ClusterRoleBinding"))
    {
        for subject in
            binding.value.items("subjects").iter().filter(|it| it.text("kind") == Some("ServiceAccount"))
        {
            let name = subject.text_or_empty("name");
            let stated = subject.text("namespace").filter(|it| !it.is_empty());
            let namespace = stated.unwrap_or_else(|| binding.namespace());
            // Of namespaces that others own, the accounts are not known.
            let ours = namespace == binding.namespace() || scene.find("Namespace", "", namespace).is_some();
            if ours
                && !namespace.is_empty()
                && !matches!(name, "" | "default")
                && !scene.exists("ServiceAccount", namespace, name)
            {
                let message = format!("there is no ServiceAccount {namespace}/{name}");
                let hint = scene.hint("ServiceAccount", namespace, name);
                found.of(binding.index).add_with_hint(&CODE, (subject, "name"), message, hint);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn an_account_is_there() {
        let binding = "{fixture: Role}\n---\n{fixture: RoleBinding}";
        finds(&CODE, binding, &[("RoleBinding core/reader", "subjects[0].name")]);
        finds(&CODE, &format!("{binding}\n---\n{{fixture: ServiceAccount}}"), &[]);
    }
}
