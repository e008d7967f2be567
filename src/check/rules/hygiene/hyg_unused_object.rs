//! `hyg-unused-object`: everything that is there is used.

use serde_json::Value;
use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;

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
    let mut named = BTreeSet::new();
    for subject in scene.subjects {
        texts(subject, &mut named);
    }
    for subject in scene.subjects.iter().filter(|it| LOOKED_AT.contains(&it.kind)) {
        let name = subject.name();
        // The cluster makes and reads these by itself.
        let given = matches!(name, "default" | "kube-root-ca.crt");
        if !given && !named.contains(name) {
            found.of(subject.index).add(
                &CODE,
                (subject.value, "metadata"),
                format!("nothing in the tree names the {} `{name}`", subject.kind),
            );
        }
    }
}

/// Every text of an object but its own name and labels: whatever names another object stands among them.
fn texts<'a>(subject: &Subject<'a>, named: &mut BTreeSet<&'a str>) {
    let fields = subject.value.as_object().into_iter().flatten();
    let mut waiting: Vec<&'a Value> =
        fields.filter(|(key, _)| *key != "metadata").map(|(_, value)| value).collect();
    waiting.extend(subject.metadata().and_then(|metadata| metadata.child("annotations")));
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(text) => {
                named.insert(text.as_str());
            }
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
