//! `dep-deprecated-api`: no API is used that is going away.

use super::lifecycle;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;

code! {
    "dep-deprecated-api", Warning,
    means: "The apiVersion of an object is deprecated in the target version.",
    matters: "A later version removes it, and refuses the object from then on.",
    example: "apiVersion: v1\nkind: Endpoints",
    instead: "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice",
    source: "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let gvk = &subject.object.id.gvk;
    let Some(life) = lifecycle::of(&gvk.api_version, &gvk.kind) else { return };
    let target = lifecycle::minor(subject.version());
    if life.deprecated.is_none_or(|since| since > target) || life.removed.is_some_and(|since| since <= target)
    {
        return;
    }
    let end = life.removed.map_or_else(String::new, |minor| format!(", and gone in 1.{minor}"));
    let since = life.deprecated.unwrap_or(target);
    let message = format!("{} {} is deprecated since 1.{since}{end}", gvk.api_version, gvk.kind);
    let hint = life.replacement.map(|it| format!("write {it}"));
    found.add_with_hint(&CODE, (subject.value, "apiVersion"), message, hint);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn what_goes_is_replaced() {
        let endpoints = "{apiVersion: v1, kind: Endpoints, metadata: {name: a, namespace: core}}";
        finds(&CODE, endpoints, &[("Endpoints core/a", "apiVersion")]);
        finds(&CODE, "{fixture: Deployment}", &[]);
    }
}
