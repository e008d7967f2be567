//! `resource-limits`: requests and limits are not negative, and no request is above its limit.

use super::resource_names::may_overcommit;
use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "resource-limits", Error,
    means: "A request is above its limit, a quantity is negative, or a resource that cannot be overcommitted (huge pages, devices) has a limit other than its request, or a fraction.",
    matters: "The API server refuses the object.",
    example: "resources: { requests: { memory: 2Gi }, limits: { memory: 1Gi } }",
    instead: "resources: { requests: { memory: 1Gi }, limits: { memory: 2Gi } }",
    source: "validateResourceRequirements and validatePodResourceRequirements in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let whole = pod.spec.child("resources").filter(|_| subject.serves(Feature::PodLevelResources));
    for resources in pod.containers().filter_map(|container| container.child("resources")).chain(whole) {
        for side in ["requests", "limits"] {
            for (name, value) in resources.entries(side) {
                amount(name, value, found);
            }
        }
        for (name, request) in resources.entries("requests") {
            let limit = resources.below(&["limits", name]);
            compare(name, request, limit, found);
        }
        huge_pages(resources, found);
    }
}

pub(super) fn amount<'a>(name: &str, value: &'a Value, found: &mut Findings<'a>) {
    let Some(quantity) = Quantity::of(value) else { return };
    if quantity.is_negative() {
        found.add(&CODE, value, format!("the amount of {name} is negative: {value}"));
    } else if name.contains('/') && !name.contains("kubernetes.io/") && !quantity.is_whole() {
        found.add(&CODE, value, format!("the amount of {name} must be whole, and is {value}"));
    }
}

fn compare<'a>(name: &str, request: &'a Value, limit: Option<&Value>, found: &mut Findings<'a>) {
    let (Some(amount), most) = (Quantity::of(request), limit.and_then(Quantity::of)) else { return };
    match most {
        None if limit.is_none() && !may_overcommit(name) => {
            found.add(&CODE, request, format!("a request for {name} needs a limit of the same amount"));
        }
        Some(most) if amount != most && !may_overcommit(name) => {
            found.add(&CODE, request, format!("the request and the limit of {name} must be the same"));
        }
        Some(most) if amount > most => {
            let limit = limit.unwrap_or(request);
            found.add(&CODE, request, format!("the request {request} of {name} is above the limit {limit}"));
        }
        _ => {}
    }
}

fn huge_pages<'a>(resources: &'a Value, found: &mut Findings<'a>) {
    let names = || ["requests", "limits"].into_iter().flat_map(|side| resources.entries(side));
    let huge = names().any(|(name, _)| name.starts_with("hugepages-"));
    if huge && !names().any(|(name, _)| matches!(name, "cpu" | "memory")) {
        found.add(&CODE, resources, "huge pages need cpu or memory beside them");
    }
    for (name, value) in names() {
        let page = name.strip_prefix("hugepages-").map(Quantity::parse);
        let fits = match (page, Quantity::of(value)) {
            (Some(Some(page)), Some(amount)) => page.milli() > 0 && amount.milli() % page.milli() == 0,
            (Some(None), _) => false,
            _ => true,
        };
        if !fits {
            found.add(&CODE, value, format!("the amount {value} is no multiple of the page size of {name}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    const RESOURCES: &str = "spec.template.spec.containers[0].resources";

    #[test]
    fn a_request_is_within_its_limit() {
        let requests = format!("{RESOURCES}.requests");
        refuses(&CODE, "Deployment", &format!("{requests}.memory: 257Mi"), &format!("{requests}[memory]"));
        refuses(&CODE, "Deployment", &format!("{requests}.cpu: -1"), &format!("{requests}[cpu]"));
        accepts("Deployment", &format!("{requests}.memory: 256Mi"));
        accepts("Deployment", &format!("{requests}.cpu: 0.25"));
        accepts("Deployment", &format!("{RESOURCES}.limits: ~absent"));
    }

    #[test]
    fn some_resources_are_not_overcommitted() {
        let both = |requests: &str, limits: &str| {
            format!("{RESOURCES}: {{ requests: {{ {requests} }}, limits: {{ {limits} }} }}")
        };
        let gpu = format!("{RESOURCES}.requests[nvidia.com/gpu]");
        refuses(&CODE, "Deployment", &both("nvidia.com/gpu: 1", "nvidia.com/gpu: 2"), &gpu);
        refuses(&CODE, "Deployment", &both("nvidia.com/gpu: 1", "cpu: 1"), &gpu);
        refuses(
            &CODE,
            "Deployment",
            &both("cpu: 1", "nvidia.com/gpu: 0.5"),
            &format!("{RESOURCES}.limits[nvidia.com/gpu]"),
        );
        refuses(&CODE, "Deployment", &both("hugepages-2Mi: 4Mi", "hugepages-2Mi: 4Mi"), RESOURCES);
        accepts("Deployment", &both("hugepages-2Mi: 4Mi, cpu: 1", "hugepages-2Mi: 4Mi"));
    }

    #[test]
    fn what_is_asked_of_containers_is_asked_of_the_whole_pod() {
        let whole = "spec.template.spec.resources";
        let huge = format!("{whole}: {{ requests: {{ hugepages-2Mi: 4Mi, cpu: 1 }} }}");
        refuses(&CODE, "Deployment", &huge, &format!("{whole}.requests[hugepages-2Mi]"));
        let alone = format!("{whole}.limits: {{ hugepages-2Mi: 4Mi }}");
        refuses(&CODE, "Deployment", &alone, whole);
    }
}
