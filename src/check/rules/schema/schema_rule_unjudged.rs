//! `schema-rule-unjudged`: a rule of a definition uses what is not known here.

use std::collections::BTreeMap;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "schema-rule-unjudged", Note,
    means: "A rule that a definition states in CEL cannot be judged here: it calls a function that is not known, or takes too many steps. It is said once for each kind.",
    matters: "The API server may refuse an object that passes here.",
    example: "x-kubernetes-validations:\n  - rule: self.name.frobnicate()",
    instead: "x-kubernetes-validations:\n  - rule: self.name.startsWith('a')",
    source: "https://kubernetes.io/docs/reference/using-api/cel/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for subject in scene.subjects.iter().filter(|subject| subject.kind.is_empty()) {
        let gvk = &subject.object.id.gvk;
        first.entry((&gvk.api_version, &gvk.kind)).or_insert(subject.index);
    }
    for ((api_version, kind), index) in first {
        let Some(known) = scene.context.schemas.kind(api_version, kind) else { continue };
        for rule in &known.unjudged {
            let at =
                if rule.path.is_empty() { "the whole object" } else { rule.path.trim_start_matches('.') };
            let message = format!(
                "no {kind} was judged by the rule `{}` on {at}: {}",
                rule.rule.replace('\n', " "),
                rule.why
            );
            found.of(index).add(&CODE, scene.subjects[index].value, message);
        }
    }
}
