//! `storage-class-fields`: the provisioner, policies and parameters of a `StorageClass`.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "storage-class-fields", Error,
    means: "The provisioner of a StorageClass is no qualified name, its reclaim policy or binding mode is unknown, or its parameters are too many.",
    matters: "The API server refuses the object.",
    example: "reclaimPolicy: Keep",
    instead: "reclaimPolicy: Retain",
    source: "ValidateStorageClass in pkg/apis/storage/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.kind != "StorageClass" {
        return;
    }
    let value = subject.value;
    if let Some(problem) =
        value.text("provisioner").map(str::to_lowercase).and_then(|it| format::qualified_name(&it))
    {
        found.add(
            &CODE,
            (value, "provisioner"),
            format!("the provisioner {} is {problem}", value["provisioner"]),
        );
    }
    let words = [
        ("reclaimPolicy", ["Delete", "Retain"]),
        ("volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
    ];
    for (key, allowed) in words {
        // An empty reclaim policy is let through.
        let word = value
            .text(key)
            .filter(|word| !allowed.contains(word) && (key != "reclaimPolicy" || !word.is_empty()));
        if let Some(word) = word {
            found.add(
                &CODE,
                (value, key),
                format!("`{word}` is no `{key}`; there are {}", allowed.join(" and ")),
            );
        }
    }
    topologies(value, found);
    if value.entries("parameters").any(|(key, _)| key.is_empty()) {
        found.add(&CODE, (value, "parameters"), "a parameter has no name");
    }
    let bytes: usize = value.strings("parameters").map(|(key, text)| key.len() + text.len()).sum();
    if value.entries("parameters").count() > 512 || bytes > 256 * 1024 {
        found.add(
            &CODE,
            (value, "parameters"),
            "there are more than 512 parameters, or more than 256 KiB of them",
        );
    }
}

fn topologies<'a>(class: &'a Value, found: &mut Findings<'a>) {
    let mut seen = BTreeSet::new();
    for term in class.items("allowedTopologies") {
        let requirements = term.items("matchLabelExpressions");
        if requirements.is_empty() || !seen.insert(term.to_string()) {
            found.add(&CODE, term, "an allowed topology has a requirement, and stands once");
        }
        let mut keys = BTreeSet::new();
        for requirement in requirements {
            topology(requirement, found);
            if !keys.insert(requirement.text_or_empty("key")) {
                found.add(&CODE, (requirement, "key"), "two requirements of one topology have one key");
            }
        }
    }
}

fn topology<'a>(requirement: &'a Value, found: &mut Findings<'a>) {
    if let Some(problem) = requirement.text("key").and_then(format::qualified_name) {
        found.add(&CODE, (requirement, "key"), format!("the label key {} is {problem}", requirement["key"]));
    }
    let values: Vec<_> = requirement.texts("values").collect();
    let distinct: BTreeSet<_> = values.iter().collect();
    if values.is_empty() || distinct.len() < values.len() {
        found.add(&CODE, (requirement, "values"), "a topology has values, each once");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn words_are_known() {
        refuses(&CODE, "StorageClass", "provisioner: a b", "provisioner");
        refuses(&CODE, "StorageClass", "reclaimPolicy: Recycle", "reclaimPolicy");
        refuses(&CODE, "StorageClass", "volumeBindingMode: Later", "volumeBindingMode");
        accepts("StorageClass", "provisioner: Example.com/Disk");
    }
}
