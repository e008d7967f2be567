//! What pods ask for: by container, with what a LimitRange fills in, and as a whole.

use crate::check::finding::Findings;
use crate::check::quantity::Quantity;
use crate::check::scene::Scene;
use crate::check::subject::{PodTemplate, Role};
use crate::check::values::Fields;
use crate::diag::Code;
use crate::value::Value;

/// One amount of a container, where it is written: a limit stands for a request that is left out.
pub(super) fn written(container: &Value, side: &str, name: &str) -> Option<Quantity> {
    let of = |side: &str| container.below(&["resources", side, name]).and_then(Quantity::of);
    of(side).or_else(|| (side == "requests").then(|| of("limits")).flatten())
}

/// Reports every container for which nobody says one amount: `side` is `requests` or `limits`, and `name` the resource.
pub(super) fn report_missing<'a>(
    scene: &Scene<'a>,
    found: &mut Findings<'a>,
    code: &'static Code,
    (side, name): (&str, &str),
) {
    let word = side.trim_end_matches('s');
    for pods in scene.pods() {
        if is_filled_in(scene, (pods.subject.namespace(), &pods.template), side, name) {
            continue;
        }
        for container in pods.template.containers() {
            if written(container, side, name).is_none() {
                let message = format!("`{}` has no {word} of {name}", container.text_or_empty("name"));
                found.of(pods.subject.index).add(code, (container, "resources"), message);
            }
        }
    }
}

/// Whether the pod as a whole, or a `LimitRange` of its namespace, says what a container leaves out.
pub(super) fn is_filled_in(
    scene: &Scene<'_>,
    (namespace, pod): (&str, &PodTemplate<'_>),
    side: &str,
    name: &str,
) -> bool {
    let of_pod = written(pod.spec, side, name).is_some();
    of_pod || limit_ranges(scene, namespace).any(|item| defaults(item, side, name).is_some())
}

/// The default of a `LimitRange`: a request falls back to the default limit.
pub(super) fn defaults(item: &Value, side: &str, name: &str) -> Option<Quantity> {
    let of = |key: &str| item.below(&[key, name]).and_then(Quantity::of);
    if side == "requests" { of("defaultRequest").or_else(|| of("default")) } else { of("default") }
}

/// The entries for containers of all `LimitRanges` of a namespace.
pub(super) fn limit_ranges<'a>(scene: &Scene<'a>, namespace: &str) -> impl Iterator<Item = &'a Value> {
    let ranges = scene.of_kind_in("LimitRange", namespace);
    let items = ranges.flat_map(|range| range.spec().map_or(&[][..], |spec| spec.items("limits")));
    items.filter(|item| item.text("type") == Some("Container"))
}

/// What one pod asks for: its containers and sidecars together, or its greediest init container.
pub(super) fn of_pod(
    scene: &Scene<'_>,
    (namespace, pod): (&str, &PodTemplate<'_>),
    side: &str,
    name: &str,
) -> Quantity {
    if let Some(whole) = pod.spec.below(&["resources", side, name]).and_then(Quantity::of) {
        return whole;
    }
    let amount = |container: &Value| {
        let filled = || limit_ranges(scene, namespace).find_map(|item| defaults(item, side, name));
        written(container, side, name).or_else(filled).unwrap_or(Quantity::ZERO)
    };
    let stays = |(role, container): &(Role, &Value)| {
        *role == Role::Container || PodTemplate::is_sidecar(*role, container)
    };
    let running: Quantity = pod.all_containers().filter(stays).map(|(_, it)| amount(it)).sum();
    let starting =
        pod.all_containers().filter(|it| it.0 == Role::Init && !stays(it)).map(|(_, it)| amount(it)).max();
    starting.map_or(running, |starting| running.max(starting))
}

/// Holds that the rule of `code` asks every container for an amount, and is content with one of the container and of a `LimitRange`.
#[cfg(test)]
#[track_caller]
pub(super) fn asks_for(code: &'static Code, (side, name): (&str, &str)) {
    use crate::check::testing::finds;

    let bare = "{fixture: DaemonSet}";
    finds(code, bare, &[("DaemonSet core/agent", "spec.template.spec.containers[0].resources")]);
    let field = "spec.template.spec.containers[0].resources";
    let own = format!("{{fixture: DaemonSet, edits: \"{field}: {{ {side}: {{ {name}: '1' }} }}\"}}");
    finds(code, &own, &[]);
    finds(code, &format!("{bare}\n---\n{{fixture: LimitRange}}"), &[]);
}
