//! `ref-servicemonitor`: a monitor finds what it should watch, with the port.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::{Pods, Scene};
use crate::check::selector;
use crate::check::selector::LabelMap;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-servicemonitor", Warning,
    means: "A ServiceMonitor or PodMonitor selects no Service or pod of the tree, or names a port that those do not have.",
    passes: "A monitor that looks into namespaces that the tree does not bring, or in which a program of the tree may make Services or pods: what it finds there is not all in the files.",
    matters: "Nothing is measured, and the alert that should tell is silent for the same reason.",
    example: "selector: { matchLabels: { app: apy } }",
    instead: "selector: { matchLabels: { app: api } }\nendpoints: [{ port: metrics }]",
    source: "https://prometheus-operator.dev/docs/api-reference/api/; kube-linter dangling-servicemonitor"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.subjects.iter().filter(|it| it.object.id.gvk.group() == "monitoring.coreos.com") {
        let (endpoints, services) = match subject.object.id.gvk.kind.as_str() {
            "ServiceMonitor" => ("endpoints", true),
            "PodMonitor" => ("podMetricsEndpoints", false),
            _ => continue,
        };
        let Some(spec) = subject.spec() else { continue };
        let Some(selector) = spec.child("selector") else { continue };
        let watched =
            if services { services_of(scene, subject, selector) } else { pods_of(scene, subject, selector) };
        if !is_all_in_the_tree(scene, subject) {
            continue;
        }
        if watched.is_empty() {
            let hint = Some("correct the labels that it selects by".to_owned());
            found.of(subject.index).add_with_hint(
                &CODE,
                selector,
                "the monitor selects nothing in the tree",
                hint,
            );
            continue;
        }
        for endpoint in spec.items(endpoints) {
            let Some(port) = endpoint.text("port") else { continue };
            if !watched.iter().any(|ports| ports.contains(&port)) {
                let message = format!("nothing that the monitor selects has a port `{port}`");
                found.of(subject.index).add(&CODE, (endpoint, "port"), message);
            }
        }
    }
}

/// The namespaces that a monitor looks into: its own, or those that it names; `None` stands for all.
fn namespaces<'a>(monitor: &Subject<'a>) -> Option<BTreeSet<&'a str>> {
    match monitor.spec().and_then(|spec| spec.child("namespaceSelector")) {
        Some(selector) if selector.is_true("any") => None,
        Some(selector) if !selector.items("matchNames").is_empty() => {
            Some(selector.texts("matchNames").collect())
        }
        _ => Some([monitor.namespace()].into()),
    }
}

/// Whether what a monitor watches would stand in the tree: the namespaces are its own, and no program of theirs makes it.
fn is_all_in_the_tree(scene: &Scene<'_>, monitor: &Subject<'_>) -> bool {
    let is_ours = |namespace: &str| {
        scene.is_ours(monitor.namespace(), namespace)
            && !scene.may_make("Service", namespace)
            && !scene.may_make("Pod", namespace)
    };
    match namespaces(monitor) {
        Some(names) => names.into_iter().all(is_ours),
        None => scene.is_ours(monitor.namespace(), "*"),
    }
}

fn services_of<'a>(scene: &Scene<'a>, monitor: &Subject<'a>, wanted: &Value) -> Vec<Vec<&'a str>> {
    let near: Vec<&Subject<'a>> = match namespaces(monitor) {
        None => scene.of_kind("Service").collect(),
        Some(names) => names.into_iter().flat_map(|name| scene.of_kind_in("Service", name)).collect(),
    };
    let chosen = near.into_iter().filter(|service| {
        let labels: LabelMap<'_> = selector::labels(service.metadata().and_then(|it| it.child("labels")));
        selector::matches(wanted, &labels)
    });
    let names = |ports: &'a [Value]| ports.iter().filter_map(|port| port.text("name")).collect();
    chosen.map(|it| names(it.spec().map_or(&[], |spec| spec.items("ports")))).collect()
}

fn pods_of<'a>(scene: &Scene<'a>, monitor: &Subject<'a>, wanted: &Value) -> Vec<Vec<&'a str>> {
    let chosen: Vec<&Pods<'a>> = match namespaces(monitor) {
        None => scene.pods().iter().filter(|pods| selector::matches(wanted, &pods.labels)).collect(),
        Some(names) => names.into_iter().flat_map(|name| scene.selected(name, wanted)).collect(),
    };
    chosen.into_iter().map(|it| it.template.ports().map(|port| port.name).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    const MONITOR: &str = "{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, metadata: {name: a, namespace: core}, spec: {selector: {matchLabels: {app: APP}}, podMetricsEndpoints: [{port: PORT}]}}";

    #[test]
    fn monitors_find_what_they_watch() {
        let tree = |app: &str, port: &str| {
            format!("{}\n---\n{{fixture: Deployment}}", MONITOR.replace("APP", app).replace("PORT", port))
        };
        finds_of(&CODE, &tree("api", "metrics"), &[]);
        finds_of(&CODE, &tree("apy", "metrics"), &[("PodMonitor core/a", "spec.selector")]);
        finds_of(&CODE, &tree("api", "metric"), &[("PodMonitor core/a", "spec.podMetricsEndpoints[0].port")]);
    }
}
