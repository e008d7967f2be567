//! `volume-name`: volumes have unique names and at most one source.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "volume-name", Error,
    means: "A volume has a name that is no DNS label, the name of another volume, or more than one source. (A volume without a source is an `emptyDir`.)",
    matters: "The API server refuses the object.",
    example: "volumes:\n  - { name: data, emptyDir: {}, configMap: { name: api } }",
    instead: "volumes:\n  - { name: data, emptyDir: {} }\n  - { name: config, configMap: { name: api } }",
    source: "ValidateVolumes and validateVolumeSource in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let claimed: BTreeSet<_> = pod
        .claim_templates()
        .iter()
        .filter_map(|claim| claim.below(&["metadata", "name"])?.as_str())
        .collect();
    let mut seen = BTreeSet::new();
    for volume in pod.volumes() {
        let name = volume.text_or_empty("name");
        // A claim template takes the place of a volume of its name before the API server looks at the volumes.
        if claimed.contains(name) {
            continue;
        }
        check_name(volume, name, found);
        if !name.is_empty() && !seen.insert(name) {
            found.add(&CODE, (volume, "name"), format!("the pod has two volumes named `{name}`"));
        }
        let sources = sources(volume).count();
        if sources > 1 {
            found.add(&CODE, volume, format!("the volume `{name}` has {sources} sources"));
        }
    }
}

fn check_name<'a>(volume: &'a Value, name: &str, found: &mut Findings<'a>) {
    if let Some(problem) = volume.text("name").and_then(format::dns_label) {
        found.add(&CODE, (volume, "name"), format!("the volume name `{name}` is {problem}"));
    }
}

fn sources(volume: &Value) -> impl Iterator<Item = &str> {
    let fields = volume.as_object().into_iter().flatten();
    fields.filter(|(key, value)| *key != "name" && !value.is_null()).map(|(key, _)| key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_volume_has_one_name_and_one_source() {
        let volumes = "spec.template.spec.volumes";
        refuses(&CODE, "Deployment", &format!("{volumes}[2].name: config"), &format!("{volumes}[2].name"));
        refuses(&CODE, "Deployment", &format!("{volumes}[2].name: a.b"), &format!("{volumes}[2].name"));
        refuses(&CODE, "Deployment", &format!("{volumes}[2].emptyDir: {{}}"), &format!("{volumes}[2]"));
        accepts("Deployment", &format!("{volumes}[2].projected: ~absent"));
        accepts("StatefulSet", &format!("{volumes}: [{{ name: data, emptyDir: {{}} }}]"));
    }
}
