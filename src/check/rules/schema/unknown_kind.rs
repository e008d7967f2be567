//! `unknown-kind`: the API version and kind are served by the target version, or by a custom resource that is known.

use super::unknown_custom_resource;
use crate::check::Schemas;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::rules::deprecations::lifecycle;
use crate::check::subject::Subject;
use crate::diag::did_you_mean;

code! {
    "unknown-kind", Error,
    means: "No API of the target Kubernetes version has this `apiVersion` and `kind`, or the kind is known in another version or under a name that is nearly the same.",
    matters: "The API server answers `no matches for kind` and applies nothing.",
    example: "apiVersion: extensions/v1beta1\nkind: Ingress",
    instead: "apiVersion: networking.k8s.io/v1\nkind: Ingress",
    source: "Kubernetes API reference of the target version"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let schemas = subject.context.schemas;
    let gvk = &subject.object.id.gvk;
    for (key, text) in [("apiVersion", &gvk.api_version), ("kind", &gvk.kind)] {
        if text.is_empty() {
            found.add(&CODE, (subject.value, key), format!("`{key}` is missing or empty"));
        }
    }
    if gvk.api_version.is_empty() || gvk.kind.is_empty() || subject.known.is_some() {
        return;
    }
    let remedy = remedy(schemas, &gvk.api_version, &gvk.kind);
    if !schemas.is_builtin_group(gvk.group()) && remedy.is_none() {
        return unknown_custom_resource::report(subject, found);
    }
    let message = format!("Kubernetes {} has no {} in {}", schemas.version(), gvk.kind, gvk.api_version);
    found.add_with_hint(&CODE, (subject.value, "apiVersion"), message, remedy);
}

/// The same kind in another API version, or a kind of nearly that name in the same one.
fn remedy(schemas: &Schemas, api_version: &str, kind: &str) -> Option<String> {
    if let Some(life) = lifecycle::of(api_version, kind)
        && let Some(removed) = life.removed
    {
        let instead = life.replacement.map_or_else(
            || "nothing takes its place".to_owned(),
            |replacement| format!("write {replacement} instead"),
        );
        return Some(format!("Kubernetes 1.{removed} removed it; {instead}"));
    }
    let elsewhere = schemas.versions_of(kind);
    if !elsewhere.is_empty() {
        return Some(format!("{kind} is in {}", elsewhere.join(", ")));
    }
    did_you_mean(kind, schemas.kinds_of(api_version)).map(|near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{self, accepts, refuses};
    use crate::check::{Context, KubernetesVersion, run};

    #[test]
    fn what_was_removed_is_told_with_what_took_its_place() {
        let objects = testing::objects("{fixture: Ingress, edits: 'apiVersion: extensions/v1beta1'}");
        let schemas = Schemas::new(KubernetesVersion::V1_35);
        let found = run(&objects, &Context::new(&schemas));
        let hints = &found.iter().find(|it| it.diagnostic.code == &CODE).expect("a finding").diagnostic.hints;
        assert_eq!(
            hints.as_slice(),
            ["Kubernetes 1.22 removed it; write networking.k8s.io/v1 Ingress instead"]
        );
    }

    #[test]
    fn a_removed_version_and_a_misspelt_kind_are_refused() {
        refuses(&CODE, "Ingress", "apiVersion: extensions/v1beta1", "apiVersion");
        refuses(&CODE, "Deployment", "kind: Deploiment", "apiVersion");
        refuses(&CODE, "Deployment", "kind: ''", "kind");
        accepts("Ingress", "");
    }
}
