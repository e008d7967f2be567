//! `sec-rbac-create-pods`: nobody starts pods without a need.

use super::grants::bound_rules;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "sec-rbac-create-pods", Warning,
    means: "A role that is bound in the tree creates pods or workloads.",
    matters: "Who can start a pod can mount every Secret and use every ServiceAccount of its namespace.",
    example: "rules: [{ apiGroups: [\"\"], resources: [pods], verbs: [create] }]",
    instead: "rules: [{ apiGroups: [\"\"], resources: [pods], verbs: [get, list, watch] }]",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation"
}

const WORKLOADS: [&str; 9] = [
    "pods",
    "deployments",
    "statefulsets",
    "daemonsets",
    "replicasets",
    "replicationcontrollers",
    "jobs",
    "cronjobs",
    "pods/ephemeralcontainers",
];

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for (role, rule) in bound_rules(scene) {
        let creates = rule.texts("verbs").any(|verb| matches!(verb, "create" | "*"));
        let named = rule.texts("resources").find(|it| WORKLOADS.contains(it));
        if let Some(resource) = named.filter(|_| creates) {
            let message = format!("the role creates {resource}, and so reads every Secret of the namespace");
            found.of(role.index).add(&CODE, (rule, "resources"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn pods_are_started_by_few() {
        let tree = |verb: &str| {
            format!(
                "{{fixture: Role, edits: \"rules: [{{ apiGroups: [''], resources: [pods], verbs: [{verb}] }}]\"}}\n---\n{{fixture: RoleBinding}}"
            )
        };
        finds(&CODE, &tree("create"), &[("Role core/reader", "rules[0].resources")]);
        finds(&CODE, &tree("list"), &[]);
    }
}
