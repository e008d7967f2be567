//! `schema-constraint`: each value keeps to the enumeration, pattern, format and bounds of its schema.

use crate::check::rules::code;

code! {
    "schema-constraint", Error,
    means: "A value is of the right type, and its enumeration, pattern, format or bounds forbid it. Custom resources carry most of these.",
    matters: "The API server refuses the object.",
    example: "data:\n  password: not base64!",
    instead: "data:\n  password: c2VjcmV0",
    source: "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_format_is_kept() {
        refuses(&CODE, "Secret", "data.password: not base64!", "data[password]");
        accepts("Secret", "data.password: aGVsbG8=");
    }
}
