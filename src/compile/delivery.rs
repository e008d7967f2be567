//! Whether the charts of a platform bring what its objects need.

use std::collections::BTreeSet;

use super::place;
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::Platform;
use crate::object::Object;
use crate::source::Node;

/// A custom resource whose kind nothing brings.
pub static CRD_NOT_PROVIDED: Code = Code {
    name: "crd-not-provided",
    severity: Severity::Warning,
    docs: "## What it means\n\
           The platform says which charts it stands on, and none of them, and no definition among its own objects, brings the\n\
           API group of a custom resource that it writes.\n\
           \n\
           ## Why it matters\n\
           The API server answers `no matches for kind`, and a GitOps tool stops at that object.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [secret-store]\n\
           kind = \"external-secrets\"\n\
           name = \"vault\"\n\
           \n\
           [charts.cert-manager]\n\
           repository = \"https://charts.jetstack.io\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Add the chart of the operator, name the group in `provides` of the one that brings it, or set `provided = true` on a\n\
           chart that others install.",
};

/// A finding for each API group that no chart and no definition brings. A platform without charts leaves them to others.
pub(super) fn not_provided(platform: &Platform, objects: &[Object], document: &Node) -> Vec<Diagnostic> {
    if !platform.delivery.knows_charts || platform.environment.is_none() {
        return Vec::new();
    }
    let mut known: BTreeSet<&str> = platform.delivery.groups.iter().map(String::as_str).collect();
    let definitions = objects.iter().filter(|object| object.id.gvk.kind == "CustomResourceDefinition");
    known.extend(definitions.filter_map(|object| object.pointer("/spec/group")?.as_str()));
    let mut problems = Vec::new();
    for object in objects {
        let group = object.id.gvk.group();
        if is_builtin(group) || !known.insert(group) {
            continue;
        }
        let message = format!("{} needs the API group {group}, which no chart brings", object.id);
        let text = format!("becomes {}", object.id);
        let problem = Diagnostic::new(&CRD_NOT_PROVIDED, message).at(place(document, &object.source), text);
        let hint = format!("add its chart, or `provides = [\"{group}\"]` to the one that brings it");
        problems.push(problem.about(&object.source).hint(hint));
    }
    problems
}

/// Whether a group is Kubernetes' own. Some groups of `k8s.io` come with projects beside it.
fn is_builtin(group: &str) -> bool {
    const BESIDE: [&str; 5] = [
        "gateway.networking.k8s.io",
        "groupsnapshot.storage.k8s.io",
        "metrics.k8s.io",
        "secrets-store.csi.x-k8s.io",
        "snapshot.storage.k8s.io",
    ];
    !group.contains('.') || (group.ends_with(".k8s.io") && !BESIDE.contains(&group))
}
