//! `sec-namespace-pss-label`: each namespace enforces a Pod Security Standard that its workloads keep.

use super::levels::broken;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-namespace-pss-label", Warning,
    means: "A Namespace has no label `pod-security.kubernetes.io/enforce`, or one that the workloads in it break.",
    matters: "Without it everything is let in, a privileged pod included. With a level that a workload breaks, its pods are never made.",
    example: "kind: Namespace\nmetadata: { name: core }",
    instead: "kind: Namespace\nmetadata: { name: core, labels: { pod-security.kubernetes.io/enforce: restricted } }",
    source: "https://kubernetes.io/docs/concepts/security/pod-security-admission/"
}

const LABEL: &str = "pod-security.kubernetes.io/enforce";

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for namespace in scene.of_kind("Namespace") {
        let Some(metadata) = namespace.metadata() else { continue };
        let Some(labels) = metadata.child("labels") else {
            found.of(namespace.index).add(
                &CODE,
                (metadata, "labels"),
                "the namespace enforces no Pod Security Standard",
            );
            continue;
        };
        match labels.text(LABEL) {
            None => {
                let message = "the namespace enforces no Pod Security Standard";
                found.of(namespace.index).add(&CODE, (labels, LABEL), message);
            }
            Some(level) => workloads(scene, (namespace, level), found),
        }
    }
}

/// The workloads of a namespace that its level keeps out.
fn workloads<'a>(scene: &Scene<'a>, (namespace, level): (&Subject<'a>, &str), found: &mut Findings<'a>) {
    for pods in scene.pods_in(namespace.name()) {
        if let Some(control) = broken(pods.subject, level) {
            let message =
                format!("its namespace enforces `{level}`, so no pod of it is made: it breaks `{control}`");
            found.of(pods.subject.index).add(&CODE, pods.template.spec, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn levels_are_enforced_and_kept() {
        finds(
            &CODE,
            "{fixture: Namespace, edits: 'metadata.labels: ~absent'}",
            &[("Namespace core", "metadata.labels")],
        );
        finds(&CODE, "{fixture: Namespace}", &[]);
        let tree = |level: &str| {
            format!(
                "{{fixture: Namespace, edits: 'metadata.labels[pod-security.kubernetes.io/enforce]: {level}'}}\n---\n{{fixture: StatefulSet}}"
            )
        };
        finds(&CODE, &tree("restricted"), &[("StatefulSet core/postgres", "spec.template.spec")]);
        finds(&CODE, &tree("baseline"), &[]);
    }
}
