//! `rel-spread-schedulable`: what must be apart finds room apart.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::check::workloads;
use crate::value::Value;

code! {
    "rel-spread-schedulable", Note,
    means: "Pods that must not share a node are more than the nodes that the settings of the check name.",
    matters: "The pods that find no node of their own wait for ever, and an update of the workload with them.",
    example: "podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname }] }",
    instead: "podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { topologyKey: kubernetes.io/hostname } }] }",
    source: "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/"
}

const HOST: &str = "kubernetes.io/hostname";

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let nodes: i64 = scene.context.settings.nodes.iter().map(|shape| i64::from(shape.count)).sum();
    if nodes == 0 {
        return;
    }
    for pods in scene.pods() {
        let Some((_, most)) = workloads::bounds(scene, pods.subject).filter(|(_, most)| *most > nodes) else {
            continue;
        };
        let affinity = pods.template.spec.below(&["affinity", "podAntiAffinity"]);
        let required =
            affinity.map_or(&[][..], |it| it.items("requiredDuringSchedulingIgnoredDuringExecution"));
        if let Some(term) = required.iter().find(|term| is_of_hosts(term)) {
            let message = format!("{most} pods must be on as many nodes, and there are {nodes}");
            found.of(pods.subject.index).add(&CODE, term, message);
        }
    }
}

fn is_of_hosts(term: &Value) -> bool {
    term.text("topologyKey") == Some(HOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::objects;

    #[test]
    fn there_are_nodes_enough() {
        use crate::check::{Context, KubernetesVersion, NodeShape, Schemas, Settings};
        let objects = objects(
            "{fixture: Deployment, edits: \"spec.template.spec.affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname }] } }\"}",
        );
        let schemas = Schemas::new(KubernetesVersion::V1_35);
        for (count, expected) in [(1, 1), (2, 0)] {
            let nodes = vec![NodeShape { count, ..NodeShape::default() }];
            let settings = Settings { nodes, ..Settings::default() };
            let found = crate::check::run(&objects, &Context { settings, ..Context::new(&schemas) });
            assert_eq!(found.iter().filter(|it| it.diagnostic.code == &CODE).count(), expected);
        }
    }
}
