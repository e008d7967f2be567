//! `res-node-fit`: each pod fits on a node, and all of them on all nodes.

use super::nodes;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "res-node-fit", Error,
    means: "A pod asks for more than any node of the settings has, or for labels that none has, or all pods together ask for more than all nodes have.",
    matters: "The pod waits for ever.",
    example: "resources: { requests: { memory: 64Gi } }   # on nodes of 16Gi",
    instead: "resources: { requests: { memory: 8Gi } }",
    source: "https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let shapes = &scene.context.settings.nodes;
    if shapes.is_empty() {
        return;
    }
    for pods in scene.pods() {
        if !shapes.iter().any(|shape| nodes::takes(scene, pods, shape)) {
            let message = "no node is large enough, or has its labels without a taint that keeps it off";
            found.of(pods.subject.index).add(&CODE, pods.template.spec, message);
        }
    }
    for (name, needed, there) in nodes::shortages(scene, |(least, _)| least) {
        if let Some(pods) = scene.pods().first() {
            let message = format!("all pods together ask for {needed} of {name}, and all nodes have {there}");
            found.of(pods.subject.index).add(&CODE, (pods.template.spec, "containers"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::advised_with;

    #[test]
    fn pods_find_a_node() {
        use crate::check::{NodeShape, Settings};
        let at = "spec.template.spec";
        let settings = |memory: &str| Settings {
            nodes: vec![NodeShape {
                count: 1,
                cpu: "1".to_owned(),
                memory: memory.to_owned(),
                ..NodeShape::default()
            }],
            ..Settings::default()
        };
        assert_eq!(
            advised_with(&settings("100Mi"), &CODE, "Deployment", "spec.replicas: 1"),
            [at.to_owned(), format!("{at}.containers")]
        );
        assert_eq!(
            advised_with(&settings("200Mi"), &CODE, "Deployment", "spec.replicas: 2"),
            [format!("{at}.containers")]
        );
        assert_eq!(advised_with(&settings("1Gi"), &CODE, "Deployment", ""), Vec::<String>::new());
        let arch = format!("{at}.nodeSelector: {{ disk: ssd }}");
        assert_eq!(advised_with(&settings("1Gi"), &CODE, "Deployment", &arch), [at]);
    }
}
