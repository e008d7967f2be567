//! `quantity-fraction`: memory and storage are whole numbers of bytes.

use crate::check::finding::Findings;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "quantity-fraction", Warning,
    means: "An amount of memory or storage has a fraction of a byte; mostly `m`, which is a thousandth, where `M` or `Mi` was meant.",
    matters: "`memory: 512m` is half a byte. The container is killed as soon as it starts, or never starts.",
    example: "limits: { memory: 512m }",
    instead: "limits: { memory: 512Mi }",
    source: "warningsForContainer in pkg/api/pod/warnings.go"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let containers = subject.pod.into_iter().flat_map(|pod| pod.containers());
    let claims = subject
        .pod
        .into_iter()
        .flat_map(|pod| pod.claim_templates())
        .chain((subject.kind == "PersistentVolumeClaim").then_some(subject.value));
    let resources = containers
        .filter_map(|container| container.child("resources"))
        .chain(claims.filter_map(|claim| claim.below(&["spec", "resources"])));
    for resources in resources {
        for (name, value) in ["requests", "limits"].into_iter().flat_map(|side| resources.entries(side)) {
            check_amount(name, value, found);
        }
    }
}

fn check_amount<'a>(name: &str, value: &'a Value, found: &mut Findings<'a>) {
    let counted = matches!(name, "memory" | "ephemeral-storage" | "storage");
    if counted && Quantity::of(value).is_some_and(|quantity| !quantity.is_whole()) {
        let hint =
            value.as_str().and_then(|text| text.strip_suffix('m')).map(|number| format!("write {number}Mi"));
        found.add_with_hint(&CODE, value, format!("{value} of {name} is a fraction of a byte"), hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn bytes_are_whole() {
        let requests = "spec.template.spec.containers[0].resources.requests";
        refuses(&CODE, "Deployment", &format!("{requests}.memory: 512m"), &format!("{requests}[memory]"));
        accepts("Deployment", &format!("{requests}.cpu: 10m"));
    }
}
