//! `ref-hpa-target`: what an autoscaler scales is there, can be scaled, and is scaled by it alone.

use std::collections::BTreeMap;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "ref-hpa-target", Error,
    means: "`scaleTargetRef` of a HorizontalPodAutoscaler names no workload of its namespace, one that cannot be scaled, or one that another autoscaler scales.",
    passes: "Objects of variants. Where several files define one object (a file for each cloud, a base and what was rendered from it), they are taken for variants that are never applied together, and what stands in one of them is not held against the others.",
    matters: "Nothing is scaled, or two autoscalers pull at one workload.",
    example: "scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: apy }",
    instead: "scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api }",
    source: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"
}

const SCALABLE: [&str; 4] = ["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"];

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let mut taken = BTreeMap::new();
    for subject in scene.of_kind("HorizontalPodAutoscaler") {
        let Some(target) = subject.spec().and_then(|spec| spec.child("scaleTargetRef")) else { continue };
        let (kind, name) = (target.text_or_empty("kind"), target.text_or_empty("name"));
        let message = if name.is_empty() {
            continue;
        } else if kind == "DaemonSet" {
            "a DaemonSet cannot be scaled".to_owned()
        } else if !is_there(scene, subject, (target.text_or_empty("apiVersion"), kind, name)) {
            format!("there is no {kind} {}/{name} to scale", subject.namespace())
        } else if let Some(other) = taken
            .insert((subject.namespace(), kind, name), subject)
            .filter(|other| scene.together(subject, other))
        {
            format!("{kind} {}/{name} is scaled by `{}` too", subject.namespace(), other.name())
        } else {
            continue;
        };
        found.of(subject.index).add(&CODE, (target, "name"), message);
    }
}

fn is_there(
    scene: &Scene<'_>,
    autoscaler: &Subject<'_>,
    (api_version, kind, name): (&str, &str, &str),
) -> bool {
    let namespace = autoscaler.namespace();
    if scene.context.external.has_object(kind, namespace, name) {
        return true;
    }
    let builtin =
        SCALABLE.contains(&kind) && (matches!(api_version, "" | "v1") || api_version.starts_with("apps/"));
    if builtin {
        return scene.exists(kind, namespace, name);
    }
    scene.named(kind, namespace, name).any(|it| it.object.id.gvk.api_version == api_version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::External;
    use crate::check::testing::finds_with;

    const HPA: &str = "{fixture: HorizontalPodAutoscaler}";

    #[test]
    fn a_target_is_there_and_scaled_once() {
        let mut external = External::default();
        finds_with(
            &external,
            &CODE,
            HPA,
            &[("HorizontalPodAutoscaler core/api", "spec.scaleTargetRef.name")],
        );
        external.add_object("Deployment", "core", "api");
        finds_with(&external, &CODE, HPA, &[]);
        let two = format!("{HPA}\n---\n{{fixture: HorizontalPodAutoscaler, edits: 'metadata.name: other'}}");
        finds_with(
            &external,
            &CODE,
            &two,
            &[("HorizontalPodAutoscaler core/other", "spec.scaleTargetRef.name")],
        );
        let daemon = "{fixture: HorizontalPodAutoscaler, edits: 'spec.scaleTargetRef.kind: DaemonSet'}";
        finds_with(
            &external,
            &CODE,
            daemon,
            &[("HorizontalPodAutoscaler core/api", "spec.scaleTargetRef.name")],
        );
    }
}
