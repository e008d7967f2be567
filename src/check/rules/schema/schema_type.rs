//! `schema-type`: each field has the type of its schema. The walk over the schema is here; it reports under the codes
//! of its neighbours too.

use super::{
    list_map_duplicate, quantity_syntax, schema_constraint, schema_null, schema_required, schema_rule,
    schema_rule_unjudged, schema_unknown_field,
};
use crate::check::finding::{Findings, notation};
use crate::check::rules::{code, rule};
use crate::check::schema::{Violation, ViolationKind, validate};
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::{Code, Diagnostic, Severity};
use crate::source::{KeyPath, Segment};

code! {
    "schema-type", Error,
    means: "A field holds a value of another type than its schema has, or an integer that does not fit into its bits.",
    matters: "The API server cannot decode the object and refuses it whole.",
    example: "env:\n  - { name: PORT, value: 8080 }",
    instead: "env:\n  - { name: PORT, value: \"8080\" }",
    source: "Kubernetes API reference; decoding in k8s.io/apimachinery/pkg/runtime/serializer/json"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let schemas = subject.context.schemas;
    let Some(kind) = subject.known else { return };
    let violations = validate(schemas, kind, subject.value).into_iter();
    let violations = violations.filter(|it| !is_passed_over(subject, it));
    let kept = violations.filter(|it| it.kind != ViolationKind::Required || is_asked(subject, &it.path));
    for violation in kept {
        let (code, message) = (code_of(violation.kind), sentence(&violation));
        if rule(code.name).is_some_and(|rule| rule.profile > subject.context.profile) {
            continue;
        }
        let shapely = [
            ViolationKind::Null,
            ViolationKind::UnknownField,
            ViolationKind::Rule,
            ViolationKind::RuleUnjudged,
        ];
        if violation.kind == ViolationKind::UnknownField && is_unread(subject, &violation.path) {
            let mut diagnostic = Diagnostic::new(code, message).maybe_hint(violation.hint);
            diagnostic.severity = Severity::Warning;
            found.add_diagnostic(violation.path, diagnostic);
        } else if shapely.contains(&violation.kind) {
            found.add_with_hint(code, violation.path, message, violation.hint);
        } else {
            found.add_misshapen(violation.path, Diagnostic::new(code, message).maybe_hint(violation.hint));
        }
    }
}

/// Whether the decoder of definitions passes over a value: of `items` that are neither a schema nor a list it reads nothing.
fn is_passed_over(subject: &Subject<'_>, violation: &Violation) -> bool {
    let path = violation.path.segments();
    let is_items = matches!(path.last(), Some(Segment::Key(key)) if key == "items");
    if subject.kind != "CustomResourceDefinition" || violation.kind != ViolationKind::Constraint || !is_items
    {
        return false;
    }
    let above = path[..path.len() - 1].iter().try_fold(subject.value, |value, segment| match segment {
        Segment::Key(key) => value.get(key),
        Segment::Index(index) => value.get(index),
    });
    // A list needs them all the same.
    let above = above.filter(|above| above.text("type") != Some("array"));
    above.and_then(|above| above.get("items")).is_some_and(|it| !it.is_object() && !it.is_array())
}

/// What schemas require and the API server does not ask for: it takes an empty value for what is not there, and lets that pass.
const UNASKED: [(&str, &[&str]); 6] = [
    ("CSIDriver", &["spec", "tokenRequests", "audience"]),
    ("CSINode", &["spec"]),
    ("CSINode", &["spec", "drivers"]),
    ("DeviceClass", &["spec"]),
    ("EndpointSlice", &["endpoints", "hints", "forZones", "name"]),
    ("ResourceClaim", &["spec"]),
];

/// Whether the API server asks for a field that the schema requires.
fn is_asked(subject: &Subject<'_>, path: &KeyPath) -> bool {
    let keys: Vec<&str> = path
        .segments()
        .iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
        .collect();
    // What the API server misses where there is no `metadata` is the name, and `meta-name` says so.
    keys != ["metadata"] && !UNASKED.iter().any(|(kind, path)| *kind == subject.kind && *path == keys)
}

/// Whether strict decoding does not look there: below the items and maps of a definition's schema, which apiextensions
/// decodes by itself and leniently.
fn is_unread(subject: &Subject<'_>, path: &KeyPath) -> bool {
    let lenient = |segment: &Segment| matches!(segment, Segment::Key(key) if ["items", "additionalProperties"].contains(&key.as_str()));
    subject.kind == "CustomResourceDefinition" && path.segments().iter().any(lenient)
}

fn code_of(kind: ViolationKind) -> &'static Code {
    match kind {
        ViolationKind::Type => &CODE,
        ViolationKind::Required => &schema_required::CODE,
        ViolationKind::UnknownField => &schema_unknown_field::CODE,
        ViolationKind::Constraint => &schema_constraint::CODE,
        ViolationKind::Quantity => &quantity_syntax::CODE,
        ViolationKind::Null => &schema_null::CODE,
        ViolationKind::Rule => &schema_rule::CODE,
        ViolationKind::RuleUnjudged => &schema_rule_unjudged::CODE,
        ViolationKind::DuplicateItem => &list_map_duplicate::CODE,
    }
}

/// A message has to stand alone, so it names the field.
fn sentence(violation: &Violation) -> String {
    let path = notation(&violation.path);
    if path.is_empty() {
        format!("the object {}", violation.message)
    } else {
        format!("`{path}` {}", violation.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_value_of_another_type_is_refused() {
        refuses(&CODE, "Deployment", "spec.replicas: '2'", "spec.replicas");
        refuses(&CODE, "ConfigMap", "data.LEVEL: 1", "data[LEVEL]");
        refuses(&CODE, "ConfigMap", "immutable: 'true'", "immutable");
        refuses(&CODE, "Service", "spec.ports[0].port: 3000000000", "spec.ports[0].port");
        refuses(&CODE, "Service", "spec.ports[0].targetPort: 1.5", "spec.ports[0].targetPort");
        accepts("Service", "spec.ports[0].targetPort: 3000");
        accepts("Deployment", "spec.replicas: 2.0");
    }
}
