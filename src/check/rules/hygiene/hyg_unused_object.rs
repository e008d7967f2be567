//! `hyg-unused-object`: everything that is there is used.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "hyg-unused-object", Note,
    means: "A ConfigMap, claim, ServiceAccount or Role of the tree is named by no other object of it.",
    matters: "It is left over, or whatever should use it has its name wrong.",
    example: "kind: ConfigMap   # that no pod reads",
    instead: "# none",
    source: "popeye 400, 401"
}

const LOOKED_AT: [&str; 4] = ["ConfigMap", "PersistentVolumeClaim", "Role", "ServiceAccount"];

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let looked_at = || LOOKED_AT.into_iter().flat_map(|kind| scene.of_kind(kind));
    // The names that are asked for are far fewer than the texts of a tree.
    let mut unnamed: BTreeSet<&str> = looked_at().map(Subject::name).collect();
    scene.subjects.iter().for_each(|subject| texts(subject, &mut unnamed));
    for subject in looked_at() {
        let name = subject.name();
        // The cluster makes and reads these by itself.
        let given = matches!(name, "default" | "kube-root-ca.crt");
        if !given && unnamed.contains(name) {
            found.of(subject.index).add(
                &CODE,
                (subject.value, "metadata"),
                format!("nothing in the tree names the {} `{name}`", subject.kind),
            );
        }
    }
}

/// Takes out every text of an object but its own name and labels: whatever names another object stands among them.
fn texts(subject: &Subject<'_>, unnamed: &mut BTreeSet<&str>) {
    let fields = subject.value.as_object().into_iter().flatten();
    let mut waiting: Vec<&Value> =
        fields.filter(|(key, _)| *key != "metadata").map(|(_, value)| value).collect();
    waiting.extend(subject.metadata().and_then(|metadata| metadata.child("annotations")));
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(text) => drop(unnamed.remove(text.as_str())),
            Value::Array(items) => waiting.extend(items),
            Value::Object(fields) => waiting.extend(fields.values()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn things_are_used() {
        let alone = "{fixture: ConfigMap, edits: 'metadata.name: lonely'}";
        finds(&CODE, alone, &[("ConfigMap core/lonely", "metadata")]);
        finds(&CODE, "{fixture: ConfigMap}\n---\n{fixture: Deployment}", &[]);
    }
}
