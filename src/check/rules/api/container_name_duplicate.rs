//! `container-name-duplicate`: no two containers of a pod have one name.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "container-name-duplicate", Error,
    means: "Two containers of the pod, init containers included, have the same name.",
    matters: "The API server refuses the object.",
    example: "containers:\n  - { name: api, image: a }\n  - { name: api, image: b }",
    instead: "containers:\n  - { name: api, image: a }\n  - { name: proxy, image: b }",
    source: "validateContainers and validateInitContainers in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let lists = ["containers", "initContainers", "ephemeralContainers"];
    let mut seen = BTreeSet::new();
    for container in lists.iter().flat_map(|list| pod.spec.items(list)) {
        let name = container.text_or_empty("name");
        if !name.is_empty() && !seen.insert(name) {
            found.add(&CODE, (container, "name"), format!("the pod has two containers named `{name}`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn names_are_unique_over_all_lists() {
        refuses(
            &CODE,
            "Deployment",
            "spec.template.spec.initContainers[0].name: api",
            "spec.template.spec.initContainers[0].name",
        );
        refuses(
            &CODE,
            "DaemonSet",
            "spec.template.spec.containers[1]: { name: agent, image: a }",
            "spec.template.spec.containers[1].name",
        );
        accepts("DaemonSet", "spec.template.spec.containers[1]: { name: other, image: a }");
    }
}
