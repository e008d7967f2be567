//! `rel-rolling-update`: an update does not take all pods at once.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::check::workloads;
use crate::value::Value;

code! {
    "rel-rolling-update", Warning,
    means: "A Deployment with two or more replicas uses `Recreate`, or may be without all of its pods.",
    matters: "Every update is an outage.",
    example: "strategy: { type: Recreate }",
    instead: "strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy; kube-linter no-rolling-update-strategy"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.of_kind("Deployment") {
        let Some(strategy) = subject.spec().and_then(|spec| spec.child("strategy")) else { continue };
        let Some((least, _)) = workloads::bounds(scene, subject).filter(|(least, _)| *least > 1) else {
            continue;
        };
        if strategy.text("type") == Some("Recreate") {
            found.of(subject.index).add(
                &CODE,
                (strategy, "type"),
                format!("all {least} pods stop before the first new one starts"),
            );
        }
        let unavailable = strategy.below(&["rollingUpdate", "maxUnavailable"]);
        if let Some(value) = unavailable.filter(|value| is_all(value, least)) {
            found.of(subject.index).add(&CODE, value, format!("all {least} pods may be down at once"));
        }
    }
}

fn is_all(value: &Value, replicas: i64) -> bool {
    match value {
        Value::String(text) => format::percent(text) == Some(100),
        _ => value.as_i64().is_some_and(|count| count >= replicas),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn pods_go_one_by_one() {
        finds(
            &CODE,
            "{fixture: Deployment, edits: 'spec.strategy: { type: Recreate }'}",
            &[("Deployment core/api", "spec.strategy.type")],
        );
        finds(
            &CODE,
            "{fixture: Deployment, edits: 'spec.strategy.rollingUpdate.maxUnavailable: 100%'}",
            &[("Deployment core/api", "spec.strategy.rollingUpdate.maxUnavailable")],
        );
        finds(&CODE, "{fixture: Deployment}", &[]);
    }
}
