//! `rel-service-single-endpoint`: a Service has more than one pod.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::check::workloads;

code! {
    "rel-service-single-endpoint", Warning,
    means: "The pods that a Service leads to are one.",
    matters: "Requests fail while it restarts. This rule is off by default: `rel-replicas-min` says it of the workload.",
    example: "kind: Service",
    instead: "# two replicas of the workload behind it",
    source: "popeye 1109"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for service in scene.of_kind("Service") {
        let Some(selector) = service.spec().and_then(|spec| spec.child("selector")) else { continue };
        let chosen = scene.mapped(service.namespace(), selector);
        let counts: Vec<i64> =
            chosen.map(|it| workloads::bounds(scene, it.subject).map_or(2, |(least, _)| least)).collect();
        if counts == [1] {
            found.of(service.index).add(&CODE, selector, "there is one pod behind the Service");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn services_have_pods() {
        let tree = |replicas: u8| {
            format!("{{fixture: Service}}\n---\n{{fixture: Deployment, edits: 'spec.replicas: {replicas}'}}")
        };
        finds(&CODE, &tree(1), &[("Service core/api", "spec.selector")]);
        finds(&CODE, &tree(2), &[]);
    }
}
