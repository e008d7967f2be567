//! `sec-rbac-cluster-admin`: nobody is given the whole cluster.

use super::grants::rules;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "sec-rbac-cluster-admin", Error,
    means: "A binding grants `cluster-admin`, or a role of the tree that grants everything.",
    matters: "Whoever holds the account holds the cluster, and every Secret in it.",
    example: "roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }",
    instead: "roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: api }",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/; CIS Kubernetes Benchmark 5.1.1"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for kind in ["RoleBinding", "ClusterRoleBinding"] {
        for subject in scene.of_kind(kind) {
            let Some(role) = subject.value.child("roleRef") else { continue };
            let (kind, name) = (role.text_or_empty("kind"), role.text_or_empty("name"));
            let namespace = if kind == "Role" { subject.namespace() } else { "" };
            let grants_all =
                scene.find(kind, namespace, name).is_some_and(|role| rules(role).any(is_everything));
            if grants_all || kind == "ClusterRole" && name == "cluster-admin" {
                let message = format!("{kind} `{name}` grants everything");
                found.of(subject.index).add(&CODE, (role, "name"), message);
            }
        }
    }
}

fn is_everything(rule: &Value) -> bool {
    ["apiGroups", "resources", "verbs"].iter().all(|key| rule.texts(key).any(|word| word == "*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn the_cluster_is_not_given_away() {
        let binding = |role: &str| {
            format!(
                "{{fixture: ClusterRoleBinding, edits: 'roleRef: {{ apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role} }}'}}"
            )
        };
        let at = [("ClusterRoleBinding reader", "roleRef.name")];
        finds(&CODE, &binding("cluster-admin"), &at);
        finds(&CODE, &binding("view"), &[]);
        let role = "{fixture: ClusterRole, edits: \"rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]\"}";
        finds(&CODE, &format!("{}\n---\n{role}", binding("\"example:reader\"")), &at);
    }
}
