//! `res-namespace-quota-present`: each namespace has a ResourceQuota and a LimitRange.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "res-namespace-quota-present", Warning,
    means: "A Namespace of the tree has no ResourceQuota or no LimitRange.",
    matters: "One namespace can take the whole cluster. This rule is off by default.",
    example: "kind: Namespace",
    instead: "kind: ResourceQuota\n---\nkind: LimitRange",
    source: "https://kubernetes.io/docs/concepts/policy/resource-quotas/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for namespace in scene.of_kind("Namespace") {
        for kind in ["ResourceQuota", "LimitRange"] {
            if scene.of_kind_in(kind, namespace.name()).next().is_none() {
                let message = format!("the namespace `{}` has no {kind}", namespace.name());
                found.of(namespace.index).add(&CODE, (namespace.value, "kind"), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn namespaces_are_bounded() {
        finds(&CODE, "{fixture: Namespace}\n---\n{fixture: LimitRange}", &[("Namespace core", "kind")]);
        finds(&CODE, "{fixture: Namespace}\n---\n{fixture: LimitRange}\n---\n{fixture: ResourceQuota}", &[]);
    }
}
