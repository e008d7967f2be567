//! The constraint of bayplan's own template, which says in its parameters what pods must have.
//!
//! The template's code is `lower/operators/pod_baseline.rego`; this says the same. Constraints of other templates hold code that is
//! not run here.

use super::pattern::Failure;
use super::{Asks, Filter, KindPattern, Reading, Rule};
use crate::check::subject::{PodTemplate, Subject};
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

const MANAGER: &str = "app.kubernetes.io/managed-by";

pub(super) fn rule<'a>(constraint: &'a Subject<'a>) -> Reading<'a> {
    let spec = constraint.spec().unwrap_or(&Value::Null);
    let own =
        constraint.value.below(&["metadata", "labels", MANAGER]).and_then(Value::as_str) == Some("bayplan");
    if constraint.object.id.gvk.kind != "PodBaseline" || !own {
        return Reading::Beyond { name: "", why: "its template holds code in Rego".to_owned() };
    }
    let namespaces =
        spec.child("match").into_iter().flat_map(|matched| matched.texts("namespaces")).collect();
    let kind = KindPattern { group: "*", version: "*", kind: "Pod" };
    Reading::Rule(Rule {
        policy: constraint,
        name: "",
        enforced: spec.text("enforcementAction").unwrap_or("deny") == "deny",
        message: "pods keep to the baseline",
        filters: vec![Filter { kinds: vec![kind], namespaces }],
        asks: Asks::Baseline(spec.child("parameters").unwrap_or(&Value::Null)),
    })
}

/// What of a pod is not as the parameters ask for.
pub(super) fn failure(pod: &Value, parameters: &Value) -> Option<Failure> {
    let of_containers = PodTemplate::of("Pod", pod).and_then(|template| {
        ["initContainers", "containers"].iter().find_map(|list| {
            let path = KeyPath::of(["spec", *list]);
            let containers = template.spec.items(list).iter().enumerate();
            containers.map(|(at, container)| (path.index(at), container)).find_map(|(path, container)| {
                let (field, what) = of_container(container, parameters)?;
                Some(Failure { field: path.join(&KeyPath::of(field)), what: what.to_owned() })
            })
        })
    });
    of_containers.or_else(|| label(pod, parameters))
}

fn of_container(container: &Value, parameters: &Value) -> Option<(Vec<&'static str>, &'static str)> {
    let lacks = |side, resource| container.below(&["resources", side, resource]).is_none();
    if parameters.is_true("limits") {
        let asked = [("requests", "cpu"), ("requests", "memory"), ("limits", "memory")];
        if let Some((side, resource)) = asked.into_iter().find(|(side, resource)| lacks(side, resource)) {
            return Some((vec!["resources", side, resource], "is missing"));
        }
    }
    let image = container.text_or_empty("image");
    if parameters.is_true("noLatest") {
        let last = image.rsplit('/').next().unwrap_or_default();
        if image.ends_with(":latest") {
            return Some((vec!["image"], "is called `latest`"));
        }
        if !last.contains(':') {
            return Some((vec!["image"], "has neither a tag nor a digest"));
        }
    }
    let privileged = container.below(&["securityContext", "privileged"]) == Some(&Value::Bool(true));
    (parameters.is_true("noPrivileged") && privileged)
        .then(|| (vec!["securityContext", "privileged"], "must not be true"))
}

fn label(pod: &Value, parameters: &Value) -> Option<Failure> {
    let missing = |label: &&str| pod.below(&["metadata", "labels", label]).is_none();
    let label = parameters.texts("requiredLabels").find(missing)?;
    Some(Failure { field: KeyPath::of(["metadata", "labels", label]), what: "is missing".to_owned() })
}
