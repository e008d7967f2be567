//! `rel-config-rollout`: a change of configuration reaches the pods.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "rel-config-rollout", Note,
    means: "A pod reads a ConfigMap of the tree, and neither an annotation with a checksum, nor a hash in the name, nor a reloader makes it restart when that changes.",
    matters: "The new configuration is in the cluster, and the pods run with the old one until something else restarts them.",
    example: "envFrom: [{ configMapRef: { name: api } }]",
    instead: "metadata: { annotations: { checksum/config: 5f2b… } }",
    source: "https://kubernetes.io/docs/tasks/manage-kubernetes-objects/kustomization/#generating-resources"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods().iter().filter(|pods| pods.template.is_long_running()) {
        let annotated = [pods.template.template, pods.subject.value].iter().any(|holder| {
            let annotations = holder.child("metadata").into_iter().flat_map(|it| it.entries("annotations"));
            annotations.into_iter().any(|(key, _)| is_trigger(key))
        });
        if annotated {
            continue;
        }
        for (place, name) in read_at_start(pods.template.spec) {
            let map = scene.find("ConfigMap", pods.subject.namespace(), name);
            if map.is_some_and(|map| !map.value.is_true("immutable") && !has_hash(name)) {
                let message = format!("a change of the ConfigMap `{name}` restarts no pod");
                found.of(pods.subject.index).add(&CODE, (place, "name"), message);
            }
        }
    }
}

fn is_trigger(key: &str) -> bool {
    ["checksum", "hash", "digest", "reloader"].iter().any(|word| key.contains(word))
}

/// What kustomize appends to a name: ten letters and digits.
fn has_hash(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, end)| end.len() == 10 && end.bytes().any(|c| c.is_ascii_digit()))
}

/// The ConfigMaps that variables come from: a mounted one is renewed in place.
fn read_at_start(spec: &Value) -> Vec<(&Value, &str)> {
    let lists = ["initContainers", "containers"].into_iter().flat_map(|key| spec.items(key));
    let sources = lists.flat_map(|container| {
        let whole = container.items("envFrom").iter().filter_map(|it| it.child("configMapRef"));
        let keyed =
            container.items("env").iter().filter_map(|it| it.below(&["valueFrom", "configMapKeyRef"]));
        whole.chain(keyed)
    });
    let mut named: Vec<_> = sources.filter_map(|it| Some((it, it.text("name")?))).collect();
    named.sort_by_key(|(_, name)| *name);
    named.dedup_by_key(|(_, name)| *name);
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn changes_arrive() {
        let tree = |annotation: &str| {
            format!(
                "{{fixture: ConfigMap}}\n---\n{{fixture: Deployment, edits: 'spec.template.metadata.annotations: {{ {annotation} }}'}}"
            )
        };
        finds(
            &CODE,
            &tree("a: b"),
            &[("Deployment core/api", "spec.template.spec.containers[0].envFrom[0].configMapRef.name")],
        );
        finds(&CODE, &tree("checksum/config: a"), &[]);
    }
}
