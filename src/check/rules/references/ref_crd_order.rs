//! `ref-crd-order`: a definition comes before what it defines.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-crd-order", Note,
    means: "A custom resource stands before the CustomResourceDefinition of its kind.",
    matters: "`kubectl apply` goes through the objects in their order and refuses the first one; only the second run succeeds.",
    example: "# certificate.yaml before crds.yaml",
    instead: "# crds.yaml first",
    source: "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for definition in scene.of_kind("CustomResourceDefinition") {
        let Some(spec) = definition.spec() else { continue };
        let Some(kind) = spec.below(&["names", "kind"]).and_then(Value::as_str) else { continue };
        let early = scene
            .calling_themselves(kind)
            .filter(|it| it.index < definition.index && Some(it.object.id.gvk.group()) == spec.text("group"));
        for subject in early {
            let message = format!("the definition `{}` comes only after it", definition.name());
            found.of(subject.index).add(&CODE, (subject.value, "kind"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    const DEFINITION: &str = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: as.b.example}, spec: {group: b.example, scope: Namespaced, names: {kind: A, plural: as}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}}";
    const RESOURCE: &str = "{apiVersion: b.example/v1, kind: A, metadata: {name: a, namespace: core}}";

    #[test]
    fn definitions_come_first() {
        finds_of(&CODE, &format!("{RESOURCE}\n---\n{DEFINITION}"), &[("A core/a", "kind")]);
        finds_of(&CODE, &format!("{DEFINITION}\n---\n{RESOURCE}"), &[]);
    }
}
