//! `pod-security-label`: the labels by which a namespace asks for Pod Security can be read.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "pod-security-label", Error,
    means: "A label `pod-security.kubernetes.io/enforce`, `audit` or `warn` of a namespace is none of `privileged`, `baseline` and `restricted`, or its `-version` is neither `latest` nor a version such as `v1.35`.",
    matters: "The API server refuses the namespace.",
    example: "metadata:\n  labels: { pod-security.kubernetes.io/enforce: strict }",
    instead: "metadata:\n  labels: { pod-security.kubernetes.io/enforce: restricted }",
    source: "https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces"
}

const PREFIX: &str = "pod-security.kubernetes.io/";

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.kind != "Namespace" {
        return;
    }
    let Some(labels) = subject.metadata().and_then(|metadata| metadata.child("labels")) else { return };
    for (key, value) in labels.as_object().into_iter().flatten() {
        let (Some(name), Some(text)) = (key.strip_prefix(PREFIX), value.as_str()) else { continue };
        let problem = match name {
            "enforce" | "audit" | "warn" if !is_level(text) => {
                "no level: there are privileged, baseline and restricted"
            }
            "enforce-version" | "audit-version" | "warn-version" if !is_version(text) => {
                "no version: write `latest`, or one such as `v1.35`"
            }
            _ => continue,
        };
        found.add(&CODE, value, format!("the label `{key}` is `{text}`, which is {problem}"));
    }
}

fn is_level(text: &str) -> bool {
    ["privileged", "baseline", "restricted"].contains(&text)
}

fn is_version(text: &str) -> bool {
    let minor = text.strip_prefix("v1.").unwrap_or_default();
    let is_number = !minor.is_empty() && minor.bytes().all(|it| it.is_ascii_digit());
    text == "latest" || is_number && (minor == "0" || !minor.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn levels_and_versions_are_known_ones() {
        let label = |name: &str, value: &str| format!("metadata.labels[{PREFIX}{name}]: {value}");
        let field = |name: &str| format!("metadata.labels[{PREFIX}{name}]");
        refuses(&CODE, "Namespace", &label("enforce", "strict"), &field("enforce"));
        refuses(&CODE, "Namespace", &label("warn-version", "1.35"), &field("warn-version"));
        accepts("Namespace", &label("audit", "baseline"));
        accepts("Namespace", &label("enforce-version", "v1.30"));
        accepts("Namespace", &label("enforce-version", "latest"));
    }
}
