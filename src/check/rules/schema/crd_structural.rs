//! `crd-structural`: a definition of custom resources is one that the API server takes.

use super::definition::{columns, conversion, expressions, names, structure, subresources};
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

code! {
    "crd-structural", Error,
    means: "A definition of custom resources breaks what the API server demands of one: names that belong together, exactly one stored version, a structural schema for each version, rules in CEL that can be read, whose types fit the schema and that do not cost too much, columns and subresources whose paths lead somewhere.",
    matters: "The API server refuses the definition, and with it every object of its kind.",
    example: "schema:\n  openAPIV3Schema:\n    type: object\n    properties:\n      spec: { properties: { size: { type: integer } } }",
    instead: "schema:\n  openAPIV3Schema:\n    type: object\n    properties:\n      spec: { type: object, properties: { size: { type: integer } } }",
    source: "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema; validation in k8s.io/apiextensions-apiserver"
}

/// What is wrong, and where below the definition.
pub(super) type Flaws = Vec<(KeyPath, String)>;

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.kind != "CustomResourceDefinition" {
        return;
    }
    let mut flaws = Flaws::new();
    let Some(spec) = subject.spec() else { return };
    names::check(subject.value, spec, &mut flaws);
    conversion::check(spec, &mut flaws);
    for (index, version) in spec.items("versions").iter().enumerate() {
        let at = KeyPath::of(["spec", "versions"]).index(index);
        columns::check(version, &at, &mut flaws);
        subresources::check(version, &at, &mut flaws);
        check_schema(subject, version, &at, &mut flaws);
    }
    for (place, message) in flaws {
        found.add(&CODE, place, message);
    }
}

fn check_schema(subject: &Subject<'_>, version: &Value, at: &KeyPath, flaws: &mut Flaws) {
    let at = at.key("schema").key("openAPIV3Schema");
    match version.below(&["schema", "openAPIV3Schema"]) {
        Some(schema) => {
            let before = flaws.len();
            structure::check(subject.context.schemas, schema, &at, flaws);
            if version.below(&["subresources", "status"]).is_some() {
                structure::check_root(schema, &at, flaws);
            }
            if flaws.len() == before {
                expressions::check(subject.context.schemas.version(), schema, &at, flaws);
            }
        }
        None => flaws.push((at, "each version has to have a schema".to_owned())),
    }
}

#[cfg(test)]
#[path = "definition/tests.rs"]
mod tests;
