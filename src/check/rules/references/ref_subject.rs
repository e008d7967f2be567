//! `ref-subject`: the accounts that bindings grant to are there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-subject", Error,
    means: "A binding grants to a ServiceAccount of a namespace of the tree that is neither in the tree nor declared.",
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
                found.of(binding.index).add(&CODE, (subject, "name"), message);
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
