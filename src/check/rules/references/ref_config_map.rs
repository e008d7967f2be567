//! `ref-config-map`: each `ConfigMap` that a pod reads is there, with its keys.

use super::pod_references::{self, Keyed};
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "ref-config-map", Error,
    means: "A pod reads a ConfigMap, or a key of one, that is neither in the tree, nor made by anything in it, nor declared. What a kustomization adds to its files (a namespace, labels) counts as written there.",
    passes: "- A reference with `optional: true`, and `kube-root-ca.crt`, which every namespace has.\n- What the `configMapGenerator` of a kustomization generates.\n- What others make and `[external]` of `bayplan-check.toml` names: `objects = [\"ConfigMap shop/settings\"]`.\n- A name in a namespace where a program of the tree may make ConfigMaps: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a ConfigMap of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).\n- The keys of a ConfigMap that has variants: several files of the tree define it, and the file of the pod does not. Nor those of an empty one that a program may fill.",
    matters: "The pod hangs in `CreateContainerConfigError` or `ContainerCreating`.",
    example: "valueFrom: { configMapKeyRef: { name: api, key: LEVEl } }",
    instead: "valueFrom: { configMapKeyRef: { name: api, key: LEVEL } }",
    source: "https://kubernetes.io/docs/concepts/configuration/configmap/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    pod_references::check(Keyed::ConfigMap, &CODE, scene, found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    fn documents(source: &str) -> String {
        format!("{{fixture: ConfigMap}}\n---\n{{fixture: Pod, edits: 'spec.{source}'}}")
    }

    #[test]
    fn a_missing_config_map_and_a_missing_key_are_found() {
        let env =
            "containers[0].env: [{ name: A, valueFrom: { configMapKeyRef: { name: api, key: LEVEl } } }]";
        finds(
            &CODE,
            &documents(env),
            &[("Pod core/probe", "spec.containers[0].env[0].valueFrom.configMapKeyRef.key")],
        );
        let from = "containers[0].envFrom: [{ configMapRef: { name: apy } }]";
        finds(
            &CODE,
            &documents(from),
            &[("Pod core/probe", "spec.containers[0].envFrom[0].configMapRef.name")],
        );
        let volume = "volumes: [{ name: a, configMap: { name: api, items: [{ key: app.cfg, path: a }] } }]";
        finds(&CODE, &documents(volume), &[("Pod core/probe", "spec.volumes[0].configMap.items[0].key")]);
    }

    #[test]
    fn what_is_there_or_optional_is_not() {
        finds(
            &CODE,
            &documents("containers[0].envFrom: [{ configMapRef: { name: apy, optional: true } }]"),
            &[],
        );
        finds(
            &CODE,
            &documents("volumes: [{ name: a, projected: { sources: [{ configMap: { name: api } }] } }]"),
            &[],
        );
    }
}
