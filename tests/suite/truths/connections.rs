//! Truth 4: a declared edge is allowed by the network policies from both ends, DNS included; an undeclared one is not.
//!
//! Every pod is tried against every port of every other. What should come of it is read off what the user declared
//! (`uses` and routes, in the merged document); what does come of it, off the NetworkPolicy objects. Neither the model's
//! edges nor the evaluator of `check/` has a part in it.

mod declared;
mod policies;

use bayplan::compile::Compiled;
use bayplan::object::{Object, ObjectSet};
use bayplan::value::Value;

use declared::Declared;
use policies::{Far, Policies};

/// The pods of one workload.
#[derive(Debug, Clone, PartialEq)]
struct Pod {
    /// What brought them about, as the language spells it: `databases.postgres`.
    source: String,
    namespace: String,
    labels: Value,
    ports: Vec<Port>,
}

/// A port of a pod.
#[derive(Debug, Clone, PartialEq)]
struct Port {
    name: String,
    number: u64,
    protocol: String,
}

#[test]
fn exactly_the_declared_connections_are_allowed() {
    super::hold(|compiled| {
        let (pods, policies) = (pods(&compiled.objects), Policies::of(&compiled.objects));
        let declared = Declared::of(&compiled.document);
        let pairs = pods.iter().flat_map(|from| pods.iter().map(move |to| (from, to)));
        let connections = pairs
            .filter(|(from, to)| from != to)
            .flat_map(|(from, to)| to.ports.iter().map(move |port| (from, to, port)));
        connections
            .filter_map(|(from, to, port)| {
                let free = !declared.isolates(&from.namespace) && !declared.isolates(&to.namespace);
                let wanted = free || declared.allows(from, to, port);
                let found = policies.let_out(from, &Far::Pod(to), port) && policies.let_in(from, to, port);
                let not = if wanted { "is not" } else { "is" };
                let text = format!("{} to {} on {port:?} {not} allowed", from.source, to.source);
                (wanted != found).then_some(text)
            })
            .collect()
    });
}

#[test]
fn what_runs_outside_is_reached_at_its_addresses_and_nowhere_else() {
    super::hold(|compiled| {
        let policies = Policies::of(&compiled.objects);
        let declared = Declared::of(&compiled.document);
        let mut breaches = Vec::new();
        for pod in pods(&compiled.objects) {
            for outside in declared.outside(&pod) {
                let port = Port { name: String::new(), number: outside.port, protocol: "TCP".to_owned() };
                if !policies.let_out(&pod, &Far::Address(outside.address), &port) {
                    breaches.push(format!("{} does not reach {outside:?}", pod.source));
                }
            }
            // An address that is reserved for documentation (RFC 5737), where nothing is declared to be.
            let nowhere = Far::Address([203, 0, 113, 9].into());
            let port = Port { name: String::new(), number: 5432, protocol: "TCP".to_owned() };
            if declared.isolates(&pod.namespace) && policies.let_out(&pod, &nowhere, &port) {
                breaches.push(format!("{} reaches any address", pod.source));
            }
        }
        breaches
    });
}

#[test]
fn every_pod_may_ask_for_names() {
    let dns = Pod {
        source: "the cluster's DNS".to_owned(),
        namespace: "kube-system".to_owned(),
        labels: bayplan::value::json!({"k8s-app": "kube-dns"}),
        ports: ["UDP", "TCP"]
            .map(|protocol| Port { name: "dns".to_owned(), number: 53, protocol: protocol.to_owned() })
            .into(),
    };
    super::hold(|compiled| {
        let policies = Policies::of(&compiled.objects);
        let pods = pods(&compiled.objects);
        let asks = pods.iter().flat_map(|pod| dns.ports.iter().map(move |port| (pod, port)));
        asks.filter(|(pod, port)| !policies.let_out(pod, &Far::Pod(&dns), port))
            .map(|(pod, port)| format!("{} may not reach DNS on {port:?}", pod.source))
            .collect()
    });
}

/// The tests above would hold for a platform that isolates nothing.
#[test]
fn the_subjects_have_something_to_show() {
    let compiled: Vec<&Compiled> =
        super::SUBJECTS.iter().flat_map(|subject| subject.compiled().map(|(_, compiled)| compiled)).collect();
    let count = |test: &dyn Fn(&Pod, &Declared) -> bool| {
        let all = compiled.iter().flat_map(|compiled| {
            let declared = Declared::of(&compiled.document);
            pods(&compiled.objects).into_iter().filter(|pod| test(pod, &declared)).collect::<Vec<_>>()
        });
        all.count()
    };
    assert!(count(&|pod, declared| declared.isolates(&pod.namespace)) > 30);
    assert!(count(&|pod, declared| !declared.outside(pod).is_empty()) > 3);
}

fn pods(objects: &ObjectSet) -> Vec<Pod> {
    objects.iter().filter_map(pod).collect()
}

fn pod(object: &Object) -> Option<Pod> {
    let template =
        object.pointer("/spec/template").or_else(|| object.pointer("/spec/jobTemplate/spec/template"))?;
    let containers = template.pointer("/spec/containers")?.as_array()?;
    let ports = containers.iter().filter_map(|container| container.get("ports")?.as_array()).flatten();
    let text = |port: &Value, key: &str| port[key].as_str().unwrap_or_default().to_owned();
    let ports = ports.map(|port| Port {
        name: text(port, "name"),
        number: port["containerPort"].as_u64().unwrap_or_default(),
        protocol: port["protocol"].as_str().unwrap_or("TCP").to_owned(),
    });
    Some(Pod {
        source: object.source.to_string(),
        namespace: object.id.namespace.clone()?,
        labels: template.pointer("/metadata/labels")?.clone(),
        ports: ports.collect(),
    })
}
