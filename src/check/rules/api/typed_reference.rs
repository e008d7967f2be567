//! `typed-reference`: references that name a kind are well-formed.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "typed-reference", Error,
    means: "A reference to an object of any kind, as the backend of an Ingress, the parameters of an IngressClass or the data source of a claim, has a group, kind or name that there cannot be.",
    matters: "The API server refuses the object.",
    example: "resource: { apiGroup: K8S.io, kind: \"\", name: bucket }",
    instead: "resource: { apiGroup: k8s.example.com, kind: StorageBucket, name: bucket }",
    source: "validateIngressTypedLocalObjectReference in pkg/apis/networking/validation; validateDataSource in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec() else { return };
    match subject.kind {
        "Ingress" => backends(spec).for_each(|it| {
            reference(it, found);
            strict(it, found);
        }),
        "IngressClass" => {
            if let Some(parameters) = spec.child("parameters") {
                reference(parameters, found);
                strict(parameters, found);
                if let Some(problem) = parameters.text("namespace").and_then(format::dns_label) {
                    found.add(&CODE, (parameters, "namespace"), format!("the namespace is {problem}"));
                }
            }
        }
        "PersistentVolumeClaim" => {
            // By itself a `dataSource` of another kind than these two is dropped before anything looks at it.
            let dropped = |it: &Value| {
                !it.text_or_empty("namespace").is_empty()
                    || spec.child("dataSourceRef").is_none() && !is_claim_or_snapshot(it)
            };
            sources(spec).filter(|it| !dropped(it)).for_each(|it| reference(it, found));
        }
        "StatefulSet" => {
            let claims = spec.items("volumeClaimTemplates").iter().filter_map(|claim| claim.child("spec"));
            claims.flat_map(sources).for_each(|it| reference(it, found));
        }
        _ => {}
    }
}

/// Only an Ingress and its class are asked for a group that is not empty, and for kinds and names that fit a path.
fn strict<'a>(reference: &'a Value, found: &mut Findings<'a>) {
    if reference.text("apiGroup") == Some("") {
        found.add(&CODE, (reference, "apiGroup"), "the API group is empty; leave it out for the core group");
    }
    for key in ["kind", "name"] {
        if let Some(text) = reference.text(key).filter(|text| format::path_segment(text).is_some()) {
            found.add(&CODE, (reference, key), format!("`{text}` is no {key}"));
        }
    }
}

fn backends(spec: &Value) -> impl Iterator<Item = &Value> {
    let http = spec.items("rules").iter().filter_map(|rule| rule.child("http"));
    let paths = http.flat_map(|http| http.items("paths")).filter_map(|path| path.child("backend"));
    spec.child("defaultBackend").into_iter().chain(paths).filter_map(|backend| backend.child("resource"))
}

fn sources(spec: &Value) -> impl Iterator<Item = &Value> {
    ["dataSource", "dataSourceRef"].into_iter().filter_map(|key| spec.child(key))
}

fn is_claim_or_snapshot(source: &Value) -> bool {
    matches!(
        (source.text_or_empty("apiGroup"), source.text_or_empty("kind")),
        ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot")
    )
}

fn reference<'a>(reference: &'a Value, found: &mut Findings<'a>) {
    if let Some(group) = reference.text("apiGroup")
        && !group.is_empty()
        && let Some(problem) = format::dns_subdomain(group)
    {
        found.add(&CODE, (reference, "apiGroup"), format!("the API group `{group}` is {problem}"));
    }
    for key in ["kind", "name"] {
        if reference.text(key) == Some("") {
            found.add(&CODE, (reference, key), format!("the reference has no {key}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn references_are_well_formed() {
        let backend = "spec.rules[0].http.paths[0].backend";
        let resource = |group: &str, kind: &str| {
            format!("{backend}: {{ resource: {{ apiGroup: {group}, kind: '{kind}', name: a }} }}")
        };
        refuses(&CODE, "Ingress", &resource("A", "B"), &format!("{backend}.resource.apiGroup"));
        refuses(&CODE, "Ingress", &resource("a.b", ""), &format!("{backend}.resource.kind"));
        accepts("Ingress", &resource("a.b", "Bucket"));
    }
}
