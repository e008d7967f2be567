//! `list-map-duplicate`: a list that is a set or a map holds each item once.

use crate::check::rules::code;

code! {
    "list-map-duplicate", Error,
    means: "A list of a custom resource that is declared to be a set, or a map with a key, holds an item twice.",
    matters: "The API server refuses the object, since server-side apply could not tell the items apart.",
    example: "listeners:\n  - { name: http, port: 80 }\n  - { name: http, port: 8080 }",
    instead: "listeners:\n  - { name: http, port: 80 }\n  - { name: alternative, port: 8080 }",
    source: "https://kubernetes.io/docs/reference/using-api/server-side-apply/#custom-resources-and-server-side-apply"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Context, KubernetesVersion, Schemas, run, testing};
    use crate::value::json;

    fn codes(listeners: &str) -> Vec<&'static str> {
        let mut schemas = Schemas::new(KubernetesVersion::V1_35);
        let list = json!({ "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
            "items": { "type": "object", "properties": { "name": { "type": "string" } } } });
        let schema = json!({ "openAPIV3Schema": { "type": "object", "properties": { "listeners": list } } });
        schemas
            .add_custom_resource(
                &json!({ "kind": "CustomResourceDefinition", "spec": { "group": "example.com",
                "scope": "Cluster", "names": { "kind": "Gate" },
                "versions": [{ "name": "v1", "served": true, "schema": schema }] } }),
            )
            .expect("a definition");
        let text = format!(
            "{{apiVersion: example.com/v1, kind: Gate, metadata: {{name: a}}, listeners: {listeners}}}"
        );
        let findings = run(&testing::objects(&text), &Context::new(&schemas));
        findings.iter().map(|finding| finding.diagnostic.code.name).collect()
    }

    #[test]
    fn an_item_that_comes_twice_is_refused() {
        assert_eq!(codes("[{name: a}, {name: a}]"), [CODE.name]);
        assert!(codes("[{name: a}, {name: b}]").is_empty());
    }
}
