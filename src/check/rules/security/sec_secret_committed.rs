//! `sec-secret-committed`: no Secret with its values is in a tree of files.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-secret-committed", Warning,
    means: "A Secret has `data` or `stringData`.",
    matters: "Base64 hides nothing: whoever reads the repository, or its history, has the values.",
    example: "kind: Secret\ndata: { password: c2VjcmV0 }",
    instead: "kind: ExternalSecret\nspec: { data: [{ secretKey: password, remoteRef: { key: api/password } }] }",
    source: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.kind != "Secret" {
        return;
    }
    for key in ["data", "stringData"] {
        if subject.value.strings(key).any(|(_, value)| !value.is_empty()) {
            found.add(&CODE, (subject.value, key), "the values of the Secret are in the file");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn values_are_elsewhere() {
        advises(&CODE, "Secret", "", "data");
        passes(&CODE, "Secret", "data: {}");
        passes(&CODE, "ConfigMap", "");
    }
}
