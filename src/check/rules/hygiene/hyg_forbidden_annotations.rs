//! `hyg-forbidden-annotations`: objects carry no annotation that the house does not want.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "hyg-forbidden-annotations", Warning,
    means: "An object has one of the `forbidden-annotations` of the settings.",
    matters: "The house has decided against what it does.",
    example: "metadata: { annotations: { example.com/debug: \"true\" } }",
    instead: "metadata: { annotations: {} }",
    source: "kube-linter forbidden-annotation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(metadata) = subject.metadata() else { return };
    let forbidden = &subject.context.settings.forbidden_annotations;
    let matches = |pattern: &String, key: &str| {
        pattern.strip_suffix('*').map_or(pattern.as_str() == key, |front| key.starts_with(front))
    };
    for (key, value) in metadata.entries("annotations") {
        if forbidden.iter().any(|pattern| matches(pattern, key)) {
            found.add(&CODE, value, format!("the annotation `{key}` is not allowed here"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Settings;
    use crate::check::testing::advised_with;

    #[test]
    fn annotations_are_allowed() {
        let settings = Settings { forbidden_annotations: vec!["a/*".to_owned()], ..Settings::default() };
        let found = |edits: &str| advised_with(&settings, &CODE, "ConfigMap", edits);
        assert_eq!(found("metadata.annotations[a/b]: c"), ["metadata.annotations[a/b]"]);
        assert_eq!(found("metadata.annotations[b/b]: c"), Vec::<String>::new());
    }
}
