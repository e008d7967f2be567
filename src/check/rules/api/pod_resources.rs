//! `pod-resources`: the resources of a pod as a whole, and the devices that its containers claim.

use std::collections::BTreeSet;

use super::resource_names::is_container_resource;
use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Subject};
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "pod-resources", Error,
    means: "The `resources` of a pod as a whole are less than those of its containers, or a resource that a whole pod cannot have; its `overhead` is negative; a device claim is named twice, by no one, or in two ways; or a resize policy is unknown.",
    matters: "The API server refuses the object.",
    example: "resources: { requests: { cpu: 1 } }\ncontainers: [{ resources: { requests: { cpu: 2 } } }]",
    instead: "resources: { requests: { cpu: 2 } }\ncontainers: [{ resources: { requests: { cpu: 2 } } }]",
    source: "validatePodResources, validateOverhead, validatePodResourceClaims and validateResizePolicy in pkg/apis/core/validation; KEP-2837"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    // Before 1.34 the field was dropped, unless the cluster had switched it on.
    if let Some(resources) =
        pod.spec.child("resources").filter(|_| subject.version() >= KubernetesVersion::V1_34)
    {
        whole(resources, found);
        against_containers(&pod, resources, found);
    }
    for (name, value) in pod.spec.entries("overhead") {
        if !is_container_resource(name) || Quantity::of(value).is_some_and(Quantity::is_negative) {
            found.add(
                &CODE,
                value,
                format!("the overhead of {name} is negative, or no resource of a container"),
            );
        }
    }
    claims(&pod, found);
    for container in pod.containers() {
        resize(&pod, container, found);
    }
}

fn whole<'a>(resources: &'a Value, found: &mut Findings<'a>) {
    for (name, value) in ["requests", "limits"].into_iter().flat_map(|side| resources.entries(side)) {
        if !matches!(name, "cpu" | "memory") && !name.starts_with("hugepages-") {
            found.add(&CODE, value, format!("`{name}` is no resource of a whole pod"));
        } else if Quantity::of(value).is_some_and(Quantity::is_negative) {
            found.add(&CODE, value, format!("the amount of {name} is negative: {value}"));
        }
    }
    for (name, request) in resources.entries("requests") {
        let limit = resources.below(&["limits", name]).and_then(Quantity::of);
        if limit.is_some_and(|limit| Quantity::of(request).is_some_and(|amount| amount > limit)) {
            found.add(&CODE, request, format!("the request {request} of {name} is above its limit"));
        }
    }
    if resources.child("claims").is_some() {
        found.add(&CODE, (resources, "claims"), "a whole pod claims no devices");
    }
}

fn against_containers<'a>(pod: &PodTemplate<'a>, resources: &'a Value, found: &mut Findings<'a>) {
    let containers = pod.spec.items("containers");
    for (name, request) in resources.entries("requests") {
        let amounts =
            containers.iter().filter_map(|it| Quantity::of(it.below(&["resources", "requests", name])?));
        if Quantity::of(request).is_some_and(|whole| !whole.is_negative() && whole < amounts.sum()) {
            found.add(&CODE, request, format!("the pod requests less {name} than its containers do"));
        }
    }
    for limit in containers.iter().filter_map(|it| it.below(&["resources", "limits"])) {
        for (name, amount) in limit.as_object().into_iter().flatten() {
            let whole = resources.below(&["limits", name]).and_then(Quantity::of);
            if whole.is_some_and(|whole| Quantity::of(amount).is_some_and(|amount| amount > whole)) {
                found.add(&CODE, amount, format!("the limit of {name} is above that of the whole pod"));
            }
        }
    }
}

fn claims<'a>(pod: &PodTemplate<'a>, found: &mut Findings<'a>) {
    let mut names = BTreeSet::new();
    for claim in pod.spec.items("resourceClaims") {
        let name = claim.text_or_empty("name");
        if let Some(problem) = claim.text("name").and_then(format::dns_label) {
            found.add(&CODE, (claim, "name"), format!("the claim `{name}` is {problem}"));
        } else if !names.insert(name) {
            found.add(&CODE, (claim, "name"), format!("the pod has two claims named `{name}`"));
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"];
        if sources.iter().filter(|key| claim.child(key).is_some()).count() != 1 {
            found.add(&CODE, claim, format!("the claim `{name}` names a claim or a template"));
        }
        for key in sources {
            if let Some(problem) = claim.text(key).and_then(format::dns_subdomain) {
                found.add(&CODE, (claim, key), format!("`{key}` is {problem}"));
            }
        }
    }
    for container in pod.containers() {
        let mut used = BTreeSet::new();
        for claim in container.child("resources").map_or(&[][..], |it| it.items("claims")) {
            let name = claim.text_or_empty("name");
            if !names.contains(name) {
                found.add(&CODE, (claim, "name"), format!("the pod has no claim named `{name}`"));
            } else if !used.insert((name, claim.text_or_empty("request"))) {
                found.add(&CODE, (claim, "name"), format!("the container uses the claim `{name}` twice"));
            }
        }
    }
}

fn resize<'a>(pod: &PodTemplate<'a>, container: &'a Value, found: &mut Findings<'a>) {
    let never = pod.spec.text("restartPolicy") == Some("Never");
    let mut seen = BTreeSet::new();
    for policy in container.items("resizePolicy") {
        let (resource, restart) =
            (policy.text_or_empty("resourceName"), policy.text_or_empty("restartPolicy"));
        let restarts = restart == "RestartContainer" && !never;
        if policy.get("resourceName").is_some() && !matches!(resource, "cpu" | "memory") {
            found.add(&CODE, (policy, "resourceName"), format!("`{resource}` cannot be resized"));
        } else if !seen.insert(resource) {
            found.add(
                &CODE,
                (policy, "resourceName"),
                format!("there are two resize policies for {resource}"),
            );
        }
        if policy.get("restartPolicy").is_some() && restart != "NotRequired" && !restarts {
            found.add(
                &CODE,
                (policy, "restartPolicy"),
                format!("`{restart}` is no restart policy of a resize here"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_whole_pod_has_what_its_containers_have() {
        let spec = "spec.template.spec";
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "Deployment", &format!("{spec}.{edit}"), &format!("{spec}.{field}"));
        };
        refused("resources: { requests: { cpu: 50m } }", "resources.requests[cpu]");
        refused("resources: { limits: { cpu: 200m } }", "containers[0].resources.limits[cpu]");
        refused("resources: { limits: { storage: 1Gi } }", "resources.limits[storage]");
        refused("overhead: { cpu: -1 }", "overhead.cpu");
        accepts(
            "Deployment",
            &format!("{spec}.resources: {{ requests: {{ cpu: 100m }}, limits: {{ cpu: 250m }} }}"),
        );
    }

    #[test]
    fn devices_are_claimed_before_they_are_used() {
        let spec = "spec.template.spec";
        let used = format!("{spec}.containers[0].resources.claims: [{{ name: gpu }}]");
        refuses(&CODE, "DaemonSet", &used, &format!("{spec}.containers[0].resources.claims[0].name"));
        accepts(
            "DaemonSet",
            &format!("{used}\n{spec}.resourceClaims: [{{ name: gpu, resourceClaimName: a }}]"),
        );
        refuses(
            &CODE,
            "DaemonSet",
            &format!("{spec}.resourceClaims: [{{ name: gpu }}]"),
            &format!("{spec}.resourceClaims[0]"),
        );
        let policy = format!(
            "{spec}.containers[0].resizePolicy: [{{ resourceName: storage, restartPolicy: NotRequired }}]"
        );
        refuses(&CODE, "DaemonSet", &policy, &format!("{spec}.containers[0].resizePolicy[0].resourceName"));
    }
}
