//! What a workload amounts to among the other objects: how many pods it has at least and at most, and who guards them.

use super::scene::{Pods, Scene};
use super::subject::Subject;
use super::values::Fields;
use crate::value::Value;

/// The replicas that a workload asks for, 1 where it leaves them out; `None` for a kind without replicas.
pub(crate) fn replicas(subject: &Subject<'_>) -> Option<i64> {
    let counted = matches!(subject.kind, "Deployment" | "StatefulSet" | "ReplicaSet");
    counted.then(|| subject.spec().and_then(|spec| spec.integer("replicas")).unwrap_or(1))
}

/// The autoscaler of a workload.
pub(crate) fn autoscaler<'a>(scene: &Scene<'a>, workload: &Subject<'_>) -> Option<&'a Subject<'a>> {
    scene.autoscaler(workload)
}

/// The fewest and the most pods of a workload that its autoscaler, or its replicas, allow.
pub(crate) fn bounds(scene: &Scene<'_>, workload: &Subject<'_>) -> Option<(i64, i64)> {
    let fixed = replicas(workload)?;
    let Some(spec) = autoscaler(scene, workload).and_then(Subject::spec) else { return Some((fixed, fixed)) };
    let least = spec.integer("minReplicas").unwrap_or(1);
    Some((least, spec.integer("maxReplicas").unwrap_or(least)))
}

/// The disruption budgets over some pods.
pub(crate) fn budgets<'a>(scene: &Scene<'a>, pods: &Pods<'a>) -> impl Iterator<Item = &'a Subject<'a>> {
    scene.selecting("PodDisruptionBudget", pods)
}

/// Whether a Service leads to some pods.
pub(crate) fn is_served(scene: &Scene<'_>, pods: &Pods<'_>) -> bool {
    scene.selecting("Service", pods).next().is_some()
}

/// The claims that the pods mount and only one node may use at a time, by name.
pub(crate) fn lone_claims<'a>(scene: &Scene<'a>, pods: &Pods<'a>) -> Vec<(&'a Value, &'a str)> {
    let claims = pods.template.volumes().iter().filter_map(|volume| volume.child("persistentVolumeClaim"));
    let named = claims.filter_map(|claim| Some((claim, claim.text("claimName")?)));
    let lone = named.filter(|(_, name)| {
        let claim = scene.find("PersistentVolumeClaim", pods.subject.namespace(), name);
        claim.and_then(Subject::spec).is_some_and(|spec| {
            let mut modes = spec.texts("accessModes").peekable();
            modes.peek().is_some() && modes.all(|mode| matches!(mode, "ReadWriteOnce" | "ReadWriteOncePod"))
        })
    });
    lone.collect()
}
