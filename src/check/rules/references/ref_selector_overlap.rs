//! `ref-selector-overlap`: no workload selects the pods of another.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::{Pods, Scene};
use crate::check::selector;
use crate::check::values::Fields;

code! {
    "ref-selector-overlap", Error,
    means: "The selector of a workload matches the pods of another workload in its namespace.",
    passes: "Objects of variants. Where several files define one object (a file for each cloud, a base and what was rendered from it), they are taken for variants that are never applied together, and what stands in one of them is not held against the others.",
    matters: "The two fight for the pods: each counts the other's as its own, and deletes what it believes to be too many.",
    example: "kind: Deployment   # app: api, tier: web\nspec: { selector: { matchLabels: { app: api } } }   # another one has app: api too",
    instead: "spec: { selector: { matchLabels: { app: api, tier: web } } }",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for own in scene.pods().iter().filter(|pods| is_controller(pods)) {
        let Some(selector) = own.subject.spec().and_then(|spec| spec.child("selector")) else { continue };
        if selector::is_empty(selector) {
            continue;
        }
        let selected = scene.selected(own.subject.namespace(), selector);
        let others = selected.filter(|other| other.subject.index != own.subject.index);
        // Pods of one kind and name are the same object twice, which is another finding.
        let others = others.filter(|other| other.subject.object.id != own.subject.object.id);
        for other in others.filter(|other| scene.together(own.subject, other.subject)) {
            let message = format!("the selector matches the pods of {} too", other.subject.object.id);
            found.of(own.subject.index).add(&CODE, selector, message);
        }
    }
}

fn is_controller(pods: &Pods<'_>) -> bool {
    matches!(pods.template.owner, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn selectors_are_apart() {
        let tree = |labels: &str| {
            format!(
                "{{fixture: DaemonSet}}\n---\n{{fixture: Job, edits: 'spec.template.metadata.labels: {{ {labels} }}'}}"
            )
        };
        finds(&CODE, &tree("app: agent"), &[("DaemonSet core/agent", "spec.selector")]);
        finds(&CODE, &tree("app: seed"), &[]);
    }
}
