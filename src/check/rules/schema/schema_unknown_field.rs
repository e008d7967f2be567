//! `schema-unknown-field`: no field that the schema does not have.

use crate::check::rules::code;

code! {
    "schema-unknown-field", Error,
    means: "The object has a field that its kind does not have in the target Kubernetes version.",
    matters: "Strict clients refuse it; others drop it in silence, and what it should have done does not happen.",
    example: "spec:\n  replica: 3",
    instead: "spec:\n  replicas: 3",
    source: "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::KubernetesVersion;
    use crate::check::testing::{accepts, accepts_in, refuses, refuses_in};

    #[test]
    fn an_unknown_field_is_refused_at_any_depth() {
        refuses(&CODE, "Deployment", "spec.replica: 3", "spec.replica");
        refuses(&CODE, "Service", "spec.ports[0].nodeport: 3", "spec.ports[0].nodeport");
        refuses(&CODE, "ConfigMap", "metadata.label: {}", "metadata.label");
        accepts("ConfigMap", "data.anything: goes");
    }

    #[test]
    fn a_field_is_known_from_the_version_that_brought_it() {
        let edit = "spec.template.spec.hostnameOverride: api";
        refuses_in(
            KubernetesVersion::V1_33,
            &CODE,
            "Deployment",
            edit,
            "spec.template.spec.hostnameOverride",
        );
        accepts_in(KubernetesVersion::V1_35, "Deployment", edit);
    }
}
