//! `res-quota-fit`: what a namespace asks for fits its quota, and each container its LimitRange.

use super::amounts;
use crate::check::finding::Findings;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::check::workloads;
use crate::value::Value;

code! {
    "res-quota-fit", Error,
    means: "The pods and claims of a namespace together ask for more than a ResourceQuota of the tree allows, or a container for more or less than a LimitRange does.",
    matters: "What comes last is never made: the API server refuses its pods, and only an event says so.",
    example: "kind: ResourceQuota\nspec: { hard: { requests.cpu: \"1\" } }   # with pods that ask for 2",
    instead: "kind: ResourceQuota\nspec: { hard: { requests.cpu: \"4\" } }",
    source: "https://kubernetes.io/docs/concepts/policy/resource-quotas/; https://kubernetes.io/docs/concepts/policy/limit-range/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for quota in scene.of_kind("ResourceQuota") {
        let Some(spec) = quota.spec() else { continue };
        // With scopes it counts some pods only, which depends on what their containers leave out.
        if !spec.items("scopes").is_empty() || spec.child("scopeSelector").is_some() {
            continue;
        }
        let Some(hard) = spec.child("hard").and_then(Value::as_object) else { continue };
        for (key, most) in hard {
            let used = used(scene, quota.namespace(), key);
            if used.zip(Quantity::of(most)).is_some_and(|(used, most)| used > most) {
                let message = format!("the objects of `{}` need more {key} than {most}", quota.namespace());
                found.of(quota.index).add(&CODE, most, message);
            }
        }
    }
    for pods in scene.pods() {
        for item in amounts::limit_ranges(scene, pods.subject.namespace()) {
            pods.template.containers().for_each(|container| range(pods.subject, (container, item), found));
        }
    }
}

/// What all objects of a namespace need of what a key of a quota counts; `None` for a key that is not counted here.
fn used(scene: &Scene<'_>, namespace: &str, key: &str) -> Option<Quantity> {
    let (side, name) = match key {
        "cpu" | "memory" => ("requests", key),
        "requests.storage" => return Some(storage(scene, namespace)),
        "pods" | "count/pods" => ("", ""),
        _ => {
            let (side, name) = key.split_once('.')?;
            let counted = matches!(side, "requests" | "limits")
                && matches!(name, "cpu" | "memory" | "ephemeral-storage");
            counted.then_some((side, name))?
        }
    };
    let of_pods = scene.pods_in(namespace).map(|pods| {
        let one = if side.is_empty() {
            Quantity::ONE
        } else {
            amounts::of_pod(scene, (namespace, &pods.template), side, name)
        };
        let count = workloads::bounds(scene, pods.subject).map_or(1, |(least, _)| least);
        one.times(count)
    });
    Some(of_pods.sum())
}

fn storage(scene: &Scene<'_>, namespace: &str) -> Quantity {
    let size =
        |claim: &Value| claim.below(&["spec", "resources", "requests", "storage"]).and_then(Quantity::of);
    let claims = scene.of_kind_in("PersistentVolumeClaim", namespace);
    let own: Quantity = claims.filter_map(|claim| size(claim.value)).sum();
    let made = scene.pods_in(namespace).map(|pods| {
        let count = workloads::replicas(pods.subject).unwrap_or(1);
        pods.template.claim_templates().iter().filter_map(size).sum::<Quantity>().times(count)
    });
    [own].into_iter().chain(made).sum()
}

fn range<'a>(subject: &Subject<'a>, (container, item): (&'a Value, &Value), found: &mut Findings<'a>) {
    for (key, side) in [("min", "requests"), ("max", "limits")] {
        for (name, bound) in item.entries(key) {
            let amount =
                amounts::written(container, side, name).or_else(|| amounts::defaults(item, side, name));
            let (Some(amount), Some(limit)) = (amount, Quantity::of(bound)) else { continue };
            if key == "min" && amount < limit || key == "max" && amount > limit {
                let message = format!("a LimitRange of the namespace has {bound} as the {key} of {name}");
                found.of(subject.index).add(&CODE, (container, "resources"), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_namespace_keeps_to_its_quota() {
        let tree = |hard: &str| {
            format!(
                "{{fixture: ResourceQuota, edits: 'spec.hard: {{ {hard} }}'}}\n---\n{{fixture: Deployment}}"
            )
        };
        let at = |key: &'static str| [("ResourceQuota core/core", key)];
        finds(&CODE, &tree("requests.memory: 255Mi"), &at("spec.hard[requests.memory]"));
        finds(&CODE, &tree("requests.memory: 256Mi"), &[]);
        finds(&CODE, &tree("pods: 1"), &at("spec.hard[pods]"));
    }

    #[test]
    fn a_container_keeps_to_its_range() {
        let tree = |memory: &str| {
            format!(
                "{{fixture: LimitRange}}\n---\n{{fixture: DaemonSet, edits: 'spec.template.spec.containers[0].resources: {{ limits: {{ memory: {memory} }} }}'}}"
            )
        };
        finds(&CODE, &tree("2Gi"), &[("DaemonSet core/agent", "spec.template.spec.containers[0].resources")]);
        finds(&CODE, &tree("1Gi"), &[]);
    }
}
