//! `resource-names`: the resources of containers have names that the API knows.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "resource-names", Error,
    means: "A container asks for a resource that is neither `cpu`, `memory`, `ephemeral-storage` nor `hugepages-…`, nor one of a vendor with a domain before it.",
    matters: "The API server refuses the object.",
    example: "limits: { ram: 1Gi }",
    instead: "limits: { memory: 1Gi }",
    source: "validateContainerResourceName in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for resources in pod.containers().filter_map(|container| container.child("resources")) {
        for side in ["requests", "limits"] {
            let Some(map) = resources.child(side) else { continue };
            for (name, _) in resources.entries(side) {
                if !is_container_resource(name) {
                    found.add(&CODE, (map, name), format!("`{name}` is no resource of a container"));
                }
            }
        }
    }
}

/// `IsStandardContainerResourceName`, or an extended resource.
pub(super) fn is_container_resource(name: &str) -> bool {
    match name.split_once('/') {
        None => matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-"),
        Some(_) => format::qualified_name(name).is_none() && !name.starts_with("requests."),
    }
}

/// Whether more may be asked for than there is: false for huge pages and for resources of vendors.
pub(super) fn may_overcommit(name: &str) -> bool {
    let native = !name.contains('/') || name.contains("kubernetes.io/");
    native && !name.starts_with("hugepages-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn resources_are_known() {
        let limits = "spec.template.spec.containers[0].resources.limits";
        refuses(&CODE, "Deployment", &format!("{limits}.ram: 1Gi"), &format!("{limits}[ram]"));
        refuses(&CODE, "Deployment", &format!("{limits}[a/b/c]: 1"), &format!("{limits}[a/b/c]"));
        accepts("Deployment", &format!("{limits}[nvidia.com/gpu]: 1\n{limits}.ephemeral-storage: 1Gi"));
    }
}
