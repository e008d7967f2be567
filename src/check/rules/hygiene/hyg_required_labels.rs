//! `hyg-required-labels`: objects carry the labels that the house asks for.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "hyg-required-labels", Warning,
    means: "An object lacks one of the `required-labels` of the settings; without settings, `app.kubernetes.io/name`, `app.kubernetes.io/part-of` or `app.kubernetes.io/managed-by`.",
    matters: "Nobody can tell what it belongs to, and who to ask. This rule is off by default.",
    example: "metadata: { name: api }",
    instead: "metadata: { name: api, labels: { app.kubernetes.io/name: api, app.kubernetes.io/part-of: shop, app.kubernetes.io/managed-by: bayplan } }",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"
}

const COMMON: [&str; 3] =
    ["app.kubernetes.io/name", "app.kubernetes.io/part-of", "app.kubernetes.io/managed-by"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(metadata) = subject.metadata() else { return };
    let own = &subject.context.settings.required_labels;
    let wanted: Vec<&str> =
        if own.is_empty() { COMMON.to_vec() } else { own.iter().map(String::as_str).collect() };
    let missing: Vec<&str> =
        wanted.into_iter().filter(|key| metadata.below(&["labels", key]).is_none()).collect();
    if !missing.is_empty() {
        found.add(&CODE, (metadata, "labels"), format!("the object lacks the labels {}", missing.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn objects_are_labelled() {
        let at = "metadata.labels";
        advises(&CODE, "ConfigMap", "", at);
        passes(
            &CODE,
            "ConfigMap",
            &format!(
                "{at}: {{ app.kubernetes.io/name: a, app.kubernetes.io/part-of: b, app.kubernetes.io/managed-by: c }}"
            ),
        );
    }
}
