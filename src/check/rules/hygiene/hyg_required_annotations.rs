//! `hyg-required-annotations`: objects carry the annotations that the house asks for.

use regex::Regex;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "hyg-required-annotations", Warning,
    means: "An object lacks one of the `required-annotations` of the settings, or has another value than they ask for.",
    matters: "What the house does by that annotation passes the object by.",
    example: "metadata: { name: api }",
    instead: "metadata: { name: api, annotations: { example.com/owner: shop@example.com } }",
    source: "kube-linter required-annotation-email; gatekeeper requiredannotations"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(metadata) = subject.metadata() else { return };
    for (key, form) in &subject.context.settings.required_annotations {
        let value = metadata.below(&["annotations", key.as_str()]);
        let text = value.and_then(|value| value.as_str());
        let fits = |text: &str| form.is_empty() || Regex::new(form).is_ok_and(|form| form.is_match(text));
        match (value, text) {
            (_, Some(text)) if fits(text) => {}
            (Some(value), _) => {
                found.add(&CODE, value, format!("the annotation `{key}` is not of the form {form}"));
            }
            (None, _) => found.add(
                &CODE,
                (metadata, "annotations"),
                format!("the object lacks the annotation `{key}`"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Settings;
    use crate::check::testing::advised_with;

    #[test]
    fn objects_are_annotated() {
        let wanted = [("a/owner".to_owned(), "^.+@.+$".to_owned())];
        let settings = Settings { required_annotations: wanted.into(), ..Settings::default() };
        let found = |edits: &str| advised_with(&settings, &CODE, "ConfigMap", edits);
        assert_eq!(found(""), ["metadata.annotations"]);
        assert_eq!(found("metadata.annotations[a/owner]: b"), ["metadata.annotations[a/owner]"]);
        assert_eq!(found("metadata.annotations[a/owner]: b@c"), Vec::<String>::new());
    }
}
