//! `dep-crd-version`: a custom resource is of a version that its definition recommends.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "dep-crd-version", Warning,
    means: "The definition of a custom resource, in the tree, says that this version is deprecated.",
    matters: "The operator will drop it.",
    example: "apiVersion: example.com/v1beta1",
    instead: "apiVersion: example.com/v1",
    source: "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-deprecation"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for spec in scene.of_kind("CustomResourceDefinition").filter_map(Subject::spec) {
        let kind = spec.below(&["names", "kind"]).and_then(Value::as_str).unwrap_or_default();
        for version in spec.items("versions").iter().filter(|version| version.is_true("deprecated")) {
            let api_version = format!("{}/{}", spec.text_or_empty("group"), version.text_or_empty("name"));
            let of_it =
                scene.calling_themselves(kind).filter(|it| it.object.id.gvk.api_version == api_version);
            for subject in of_it {
                let usual = format!("{api_version} {kind} is deprecated");
                let message = version.text("deprecationWarning").map_or(usual, str::to_owned);
                found.of(subject.index).add(&CODE, (subject.value, "apiVersion"), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    const DEFINITION: &str = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: as.b.example}, spec: {group: b.example, scope: Namespaced, names: {kind: A, plural: as}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}, {name: v1beta1, served: true, storage: false, deprecated: true, schema: {openAPIV3Schema: {type: object}}}]}}";

    #[test]
    fn versions_are_current() {
        let tree = |version: &str| {
            format!(
                "{DEFINITION}\n---\n{{apiVersion: b.example/{version}, kind: A, metadata: {{name: a, namespace: core}}}}"
            )
        };
        finds(&CODE, &tree("v1beta1"), &[("A core/a", "apiVersion")]);
        finds(&CODE, &tree("v1"), &[]);
    }
}
