//! `schema-null`: no null that the API server drops in silence.

use crate::check::rules::code;

code! {
    "schema-null", Warning,
    means: "A field is null. The API server takes it for a field that is not there.",
    matters: "A null is mostly what an empty template value left behind; the default that then applies is rarely what was meant.",
    example: "spec:\n  replicas: null",
    instead: "spec:\n  replicas: 1",
    source: "https://kubernetes.io/docs/reference/using-api/api-concepts/"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_null_is_worth_a_warning() {
        refuses(&CODE, "Deployment", "spec.replicas: null", "spec.replicas");
        accepts("Deployment", "spec.replicas: ~absent");
    }
}
