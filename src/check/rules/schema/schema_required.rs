//! `schema-required`: each field that the API requires is there.

use crate::check::rules::code;

code! {
    "schema-required", Error,
    means: "A field is missing without which the API server refuses the object.",
    matters: "The API server refuses the object.",
    example: "subjects:\n  - name: api",
    instead: "subjects:\n  - { kind: ServiceAccount, name: api, namespace: core }",
    source: "Kubernetes API reference of the target version"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_missing_field_is_refused_and_a_defaulted_one_is_not() {
        refuses(&CODE, "RoleBinding", "subjects[0].kind: ~absent", "subjects[0].kind");
        refuses(
            &CODE,
            "Deployment",
            "spec.template.spec.containers[0].name: ~absent",
            "spec.template.spec.containers[0].name",
        );
        accepts("Service", "spec.ports[1].protocol: ~absent");
    }
}
