//! `rel-statefulset-vct-annotation`: claim templates carry the annotations that the house asks for.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-statefulset-vct-annotation", Warning,
    means: "A claim template of a StatefulSet lacks one of the `claim-template-annotations` of the settings.",
    matters: "What the house does by that annotation, such as backups, passes this volume by.",
    example: "volumeClaimTemplates: [{ metadata: { name: data } }]",
    instead: "volumeClaimTemplates: [{ metadata: { name: data, annotations: { backup.example/plan: daily } } }]",
    source: "kube-linter statefulset-volumeclaimtemplate-annotation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let wanted = &subject.context.settings.claim_template_annotations;
    let Some(pod) = subject.pod else { return };
    for metadata in pod.claim_templates().iter().filter_map(|template| template.child("metadata")) {
        for key in wanted {
            if metadata.below(&["annotations", key.as_str()]).is_none() {
                found.add(
                    &CODE,
                    (metadata, "annotations"),
                    format!("the claim template lacks the annotation `{key}`"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Settings;
    use crate::check::testing::advised_with;

    #[test]
    fn annotations_are_there() {
        let settings = Settings { claim_template_annotations: vec!["a/b".to_owned()], ..Settings::default() };
        let at = "spec.volumeClaimTemplates[0].metadata.annotations";
        let found = |edits: &str| advised_with(&settings, &CODE, "StatefulSet", edits);
        assert_eq!(found(""), [at]);
        assert_eq!(found(&format!("{at}[a/b]: c")), Vec::<String>::new());
    }
}
