//! Whether pods fit on the nodes that the settings describe.

use crate::check::NodeShape;
use crate::check::quantity::Quantity;
use crate::check::scene::{Pods, Scene};
use crate::check::values::Fields;
use crate::check::workloads;

/// How many pods a node takes unless it says otherwise; the kubelet's default.
const MOST_PODS: u32 = 110;

/// Whether a node of that shape, with nothing else on it, takes one such pod.
pub(super) fn takes(scene: &Scene<'_>, pods: &Pods<'_>, shape: &NodeShape) -> bool {
    let fits = |name: &str, text: &str| {
        let asked =
            super::amounts::of_pod(scene, (pods.subject.namespace(), &pods.template), "requests", name);
        Quantity::parse(text).is_none_or(|there| asked <= there)
    };
    let labelled = pods
        .template
        .spec
        .strings("nodeSelector")
        .all(|(key, value)| shape.labels.get(key).map(String::as_str) == Some(value) || is_given(key));
    let tolerated = shape.taints.iter().all(|taint| tolerates(pods, taint));
    fits("cpu", &shape.cpu) && fits("memory", &shape.memory) && labelled && tolerated
}

/// Labels that every node has, whatever the settings say.
fn is_given(key: &str) -> bool {
    matches!(key, "kubernetes.io/os" | "kubernetes.io/arch" | "kubernetes.io/hostname")
}

/// `key=value:Effect`; one that only prefers keeps nobody off.
fn tolerates(pods: &Pods<'_>, taint: &str) -> bool {
    let (rest, effect) = taint.split_once(':').unwrap_or((taint, "NoSchedule"));
    let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
    effect == "PreferNoSchedule"
        || pods.template.spec.items("tolerations").iter().any(|it| {
            let own = it.text_or_empty("key");
            let exists = it.text("operator") == Some("Exists");
            let same_effect = matches!(it.text_or_empty("effect"), "") || it.text("effect") == Some(effect);
            same_effect
                && (own == key || own.is_empty() && exists)
                && (exists || it.text_or_empty("value") == value)
        })
}

/// What all pods together ask for and all nodes together lack: the resource, what is asked and what is there.
pub(super) fn shortages(
    scene: &Scene<'_>,
    count: impl Fn((i64, i64)) -> i64,
) -> impl Iterator<Item = (&'static str, String, String)> {
    let nodes = &scene.context.settings.nodes;
    let pods: Vec<_> = scene
        .pods()
        .iter()
        .filter(|pods| pods.template.is_long_running())
        .map(|pods| (pods, workloads::bounds(scene, pods.subject).map_or(1, &count)))
        .collect();
    let total = |name: &str| -> Quantity {
        let one = |it: &Pods<'_>| {
            super::amounts::of_pod(scene, (it.subject.namespace(), &it.template), "requests", name)
        };
        pods.iter().map(|(it, count)| one(it).times(*count)).sum()
    };
    let there = |text: fn(&NodeShape) -> &str| -> Quantity {
        nodes.iter().filter_map(|it| Some(Quantity::parse(text(it))?.times(i64::from(it.count)))).sum()
    };
    let slots: u32 = nodes.iter().map(|it| it.count.saturating_mul(it.pods.unwrap_or(MOST_PODS))).sum();
    let wanted: i64 = pods.iter().map(|(_, count)| count).sum();
    let amounts = [("cpu", there(|it| &it.cpu)), ("memory", there(|it| &it.memory))];
    let mut short: Vec<_> = amounts
        .into_iter()
        .map(|(name, there)| (name, total(name), there))
        .filter(|(_, needed, there)| needed > there)
        .map(|(name, needed, there)| (name, needed.shown(), there.shown()))
        .collect();
    if wanted > i64::from(slots) {
        short.push(("pods", wanted.to_string(), slots.to_string()));
    }
    short.into_iter()
}
