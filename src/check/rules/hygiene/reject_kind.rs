//! `reject-kind`: no kind is there that the house does not want.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;

code! {
    "reject-kind", Warning,
    means: "An object is of one of the `reject-kinds` of the settings.",
    matters: "The house has decided to do without it.",
    example: "kind: DaemonSet   # with reject-kinds = [\"DaemonSet\"]",
    instead: "kind: Deployment",
    source: "kubeconform -reject; kube-linter disallowed-api-obj"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let gvk = &subject.object.id.gvk;
    let full = format!("{}/{}", gvk.api_version, gvk.kind);
    if subject.context.settings.reject_kinds.iter().any(|kind| *kind == gvk.kind || *kind == full) {
        found.add(
            &CODE,
            (subject.value, "kind"),
            format!("objects of kind {} are not wanted here", gvk.kind),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Settings;
    use crate::check::testing::advised_with;

    #[test]
    fn kinds_are_wanted() {
        let settings = Settings { reject_kinds: vec!["apps/v1/DaemonSet".to_owned()], ..Settings::default() };
        assert_eq!(advised_with(&settings, &CODE, "DaemonSet", ""), ["kind"]);
        assert_eq!(advised_with(&settings, &CODE, "Deployment", ""), Vec::<String>::new());
    }
}
