//! `res-hpa-max-fit`: there is room for what autoscalers may ask for.

use super::nodes;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "res-hpa-max-fit", Warning,
    means: "With all autoscalers at their upper bound, the pods ask for more than all nodes of the settings have.",
    matters: "Under load, when it matters, the new pods wait.",
    example: "maxReplicas: 100",
    instead: "maxReplicas: 10",
    source: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    if scene.context.settings.nodes.is_empty() || nodes::shortages(scene, |(least, _)| least).next().is_some()
    {
        return;
    }
    for (name, needed, there) in nodes::shortages(scene, |(_, most)| most) {
        for autoscaler in scene.of_kind("HorizontalPodAutoscaler") {
            let Some(spec) = autoscaler.spec() else { continue };
            let message = format!(
                "at the upper bounds all pods ask for {needed} of {name}, and all nodes have {there}"
            );
            found.of(autoscaler.index).add(&CODE, (spec, "maxReplicas"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::objects;

    #[test]
    fn there_is_room_for_the_upper_bound() {
        use crate::check::{Context, KubernetesVersion, NodeShape, Schemas, Settings};
        let objects = objects("{fixture: HorizontalPodAutoscaler}\n---\n{fixture: Deployment}");
        let schemas = Schemas::new(KubernetesVersion::V1_35);
        for (cpu, expected) in [("400m", 1), ("500m", 0)] {
            let nodes = vec![NodeShape {
                count: 1,
                cpu: cpu.to_owned(),
                memory: "1Gi".to_owned(),
                ..NodeShape::default()
            }];
            let settings = Settings { nodes, ..Settings::default() };
            let found = crate::check::run(&objects, &Context { settings, ..Context::new(&schemas) });
            assert_eq!(found.iter().filter(|it| it.diagnostic.code == &CODE).count(), expected, "{cpu}");
        }
    }
}
