//! `stateful-set-fields`: what only a `StatefulSet` has.

use super::pvc_fields::{claim_problems, source};
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "stateful-set-fields", Error,
    means: "`serviceName`, `podManagementPolicy`, `persistentVolumeClaimRetentionPolicy` or a claim template of a StatefulSet is not well-formed.",
    matters: "The API server refuses the object.",
    example: "volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [] } }]",
    instead: "volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]",
    source: "ValidateStatefulSetSpec in pkg/apis/apps/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("StatefulSet") else { return };
    let name = spec.text_or_empty("serviceName");
    if !name.is_empty()
        && let Some(problem) = format::dns_label(name)
    {
        found.add(&CODE, (spec, "serviceName"), format!("the service name `{name}` is {problem}"));
    }
    word(spec, "podManagementPolicy", &["OrderedReady", "Parallel"], found);
    if let Some(policy) = spec.child("persistentVolumeClaimRetentionPolicy") {
        word(policy, "whenDeleted", &["Retain", "Delete"], found);
        word(policy, "whenScaled", &["Retain", "Delete"], found);
    }
    for template in spec.items("volumeClaimTemplates") {
        if let Some(spec) = template.child("spec") {
            claim_problems(spec, &CODE, found);
            source(spec, "dataSource", &CODE, found);
        }
    }
}

fn word<'a>(holder: &'a Value, key: &'static str, allowed: &[&str], found: &mut Findings<'a>) {
    let word = holder.text_or_empty(key);
    if !word.is_empty() && !allowed.contains(&word) {
        found.add(&CODE, (holder, key), format!("`{key}` is {}, not `{word}`", allowed.join(" or ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn fields_of_stateful_sets() {
        let refused =
            |field: &str, value: &str| refuses(&CODE, "StatefulSet", &format!("{field}: {value}"), field);
        refused("spec.serviceName", "a.b");
        refused("spec.podManagementPolicy", "Ordered");
        refused("spec.persistentVolumeClaimRetentionPolicy.whenScaled", "Keep");
        refused("spec.volumeClaimTemplates[0].spec.accessModes", "[]");
        accepts("StatefulSet", "spec.serviceName: ''");
        accepts("StatefulSet", "spec.serviceName: ~absent");
    }
}
