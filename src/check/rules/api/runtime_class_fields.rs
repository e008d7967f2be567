//! `runtime-class-fields`: the handler, overhead and nodes of a `RuntimeClass`.

use std::collections::BTreeSet;

use super::ask::Ask;
use super::resource_names::is_container_resource;
use super::{label_syntax, pod_tolerations, resource_limits};
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "runtime-class-fields", Error,
    means: "The handler of a RuntimeClass is no DNS label, its overhead is of a resource that containers cannot ask for, or a toleration stands twice.",
    matters: "The API server refuses the object.",
    example: "handler: Kata_Containers",
    instead: "handler: kata",
    source: "ValidateRuntimeClass in pkg/apis/node/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.kind != "RuntimeClass" {
        return;
    }
    let mut ask = Ask::new(&CODE, found);
    ask.form(subject.value, "handler", format::dns_label);
    if let Some(overhead) = subject.value.child("overhead") {
        resources(overhead, &mut ask);
    }
    let Some(scheduling) = subject.value.child("scheduling") else { return };
    label_syntax::labels(scheduling.child("nodeSelector"), ask.findings());
    let mut seen = BTreeSet::new();
    for toleration in scheduling.items("tolerations") {
        pod_tolerations::toleration(toleration, ask.findings());
        if !seen.insert(["key", "operator", "value", "effect"].map(|key| toleration.text_or_empty(key))) {
            ask.refuse(toleration, "the toleration stands there twice");
        }
    }
}

fn resources<'a>(overhead: &'a Value, ask: &mut Ask<'_, 'a>) {
    let Some(fixed) = overhead.child("podFixed") else { return };
    for (name, value) in overhead.entries("podFixed") {
        if is_container_resource(name) {
            resource_limits::amount(name, value, ask.findings());
        } else {
            ask.refuse((fixed, name), format!("`{name}` is no resource of a container"));
        }
    }
    let has = |wanted: &[&str]| overhead.entries("podFixed").any(|(name, _)| wanted.contains(&name));
    let is_huge = |(name, _): (&str, &Value)| name.starts_with("hugepages-");
    if overhead.entries("podFixed").any(is_huge) && !has(&["cpu", "memory"]) {
        ask.refuse(fixed, "huge pages need cpu or memory beside them");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::rules::api::{label_syntax, pod_tolerations};
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn classes_are_well_formed() {
        let twice = "[{ key: a, operator: Exists }, { key: a, operator: Exists }]";
        refuses(&CODE, "RuntimeClass", "handler: a.b", "handler");
        refuses(&CODE, "RuntimeClass", "overhead.podFixed.ram: 1", "overhead.podFixed.ram");
        refuses(
            &CODE,
            "RuntimeClass",
            &format!("scheduling.tolerations: {twice}"),
            "scheduling.tolerations[1]",
        );
        refuses(
            &pod_tolerations::CODE,
            "RuntimeClass",
            "scheduling.tolerations[0].effect: Never",
            "scheduling.tolerations[0].effect",
        );
        refuses(
            &label_syntax::CODE,
            "RuntimeClass",
            "scheduling.nodeSelector.a: b c",
            "scheduling.nodeSelector[a]",
        );
        accepts("RuntimeClass", "overhead: ~absent\nscheduling: ~absent");
    }
}
