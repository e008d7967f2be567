//! `dup-ingress-route`: each address is served by one Ingress, and one class is the default.

use std::collections::BTreeMap;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "dup-ingress-route", Note,
    means: "Two Ingresses of one class claim the same host and path, or two classes (of Ingress or of storage) are both the default.",
    matters: "Which of the two answers is up to the controller, and may change with a restart.",
    example: "# two Ingresses with host app.example.com and path /",
    instead: "# one Ingress, or two paths",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/; https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let mut taken = BTreeMap::new();
    for ingress in scene.of_kind("Ingress") {
        let Some(spec) = ingress.spec() else { continue };
        let class = (spec.text_or_empty("ingressClassName"), routers(ingress.value));
        for rule in spec.items("rules") {
            for path in rule.child("http").map_or(&[][..], |http| http.items("paths")) {
                let (host, below) = (rule.text_or_empty("host"), path.text_or_empty("path"));
                let key = (class.clone(), host, below, path.text_or_empty("pathType"));
                let own = (ingress.namespace(), ingress.name());
                if let Some(other) = taken.insert(key, own).filter(|other| *other != own) {
                    let message = format!("the Ingress {}/{} serves `{host}{below}` too", other.0, other.1);
                    let hint = Some("give one of them another host or path, or leave one out".to_owned());
                    found.of(ingress.index).add_with_hint(&CODE, (path, "path"), message, hint);
                }
            }
        }
    }
    defaults(scene, "IngressClass", "ingressclass.kubernetes.io/is-default-class", found);
    defaults(scene, "StorageClass", "storageclass.kubernetes.io/is-default-class", found);
}

/// Traefik makes routers of its annotations: another entry point or another set of middlewares is another address.
fn routers(ingress: &Value) -> Vec<(&str, &str)> {
    let annotations =
        ingress.child("metadata").into_iter().flat_map(|metadata| metadata.strings("annotations"));
    annotations
        .into_iter()
        .filter(|(key, _)| key.starts_with("traefik.ingress.kubernetes.io/router."))
        .collect()
}

fn defaults<'a>(scene: &Scene<'a>, kind: &str, annotation: &str, found: &mut Findings<'a>) {
    let is_default = |value: &Value| {
        value.below(&["metadata", "annotations", annotation]).and_then(Value::as_str) == Some("true")
    };
    let mut all = scene.of_kind(kind).filter(|class| is_default(class.value));
    let Some(first) = all.next() else { return };
    for class in all {
        let place = class.value.below(&["metadata", "annotations", annotation]).unwrap_or(class.value);
        let message = format!("{kind} `{}` is the default already", first.name());
        let hint = Some(format!("remove the annotation `{annotation}` from one of them"));
        found.of(class.index).add_with_hint(&CODE, place, message, hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    #[test]
    fn an_address_is_served_once() {
        let tree = |edits: &str| {
            format!("{{fixture: Ingress}}\n---\n{{fixture: Ingress, edits: \"metadata.name: other{edits}\"}}")
        };
        finds_of(&CODE, &tree(""), &[("Ingress core/other", "spec.rules[0].http.paths[0].path")]);
        finds_of(&CODE, &tree("\\nspec.rules[0].host: other.example.com"), &[]);
    }

    #[test]
    fn one_class_is_the_default() {
        let class = |name: &str| {
            format!(
                "{{fixture: StorageClass, edits: \"metadata: {{ name: {name}, annotations: {{ storageclass.kubernetes.io/is-default-class: 'true' }} }}\"}}"
            )
        };
        finds_of(
            &CODE,
            &format!("{}\n---\n{}", class("a"), class("b")),
            &[("StorageClass b", "metadata.annotations[storageclass.kubernetes.io/is-default-class]")],
        );
        finds_of(&CODE, &format!("{}\n---\n{{fixture: StorageClass}}", class("a")), &[]);
    }
}
