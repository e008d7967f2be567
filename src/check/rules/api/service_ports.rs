//! `service-ports`: the ports of a Service.

use std::collections::BTreeSet;

use super::port_number::{is_port, is_protocol};
use super::probe_handler::port_problem;
use super::service_type_fields::{is_headless, service_type};
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::{Subject, protocol};
use crate::check::values::{Fields, as_integer};
use crate::value::Value;

code! {
    "service-ports", Error,
    means: "A Service has no port though it needs one, several of which one has no name, two of one name or of one number and protocol, a number outside 1-65535, or a node port on a type without node ports.",
    matters: "The API server refuses the object.",
    example: "ports:\n  - { port: 80 }\n  - { port: 443 }",
    instead: "ports:\n  - { name: http, port: 80 }\n  - { name: https, port: 443 }",
    source: "validateService and validateServicePort in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Service") else { return };
    let ports = spec.items("ports");
    if ports.is_empty() && !is_headless(spec) && service_type(spec) != "ExternalName" {
        found.add(&CODE, (spec, "ports"), "the service has no port");
    }
    let (mut names, mut numbers, mut node_ports) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for port in ports {
        check_port(port, found);
        let name = port.text_or_empty("name");
        if name.is_empty() && ports.len() > 1 {
            found.add(&CODE, (port, "name"), "a service with several ports names each of them");
        } else if !name.is_empty() && !names.insert(name) {
            found.add(&CODE, (port, "name"), format!("the service has two ports named `{name}`"));
        }
        if let Some(number) = port.integer("port").filter(|number| !numbers.insert((protocol(port), *number)))
        {
            found.add(&CODE, port, format!("the service has port {number}/{} twice", protocol(port)));
        }
        let Some(node_port) = port.integer("nodePort").filter(|number| *number != 0) else { continue };
        if service_type(spec) == "ClusterIP" {
            found.add(&CODE, (port, "nodePort"), "a service of type ClusterIP has no node ports");
        }
        if !node_ports.insert((protocol(port), node_port)) {
            found.add(&CODE, (port, "nodePort"), format!("the service has node port {node_port} twice"));
        }
    }
}

fn check_port<'a>(port: &'a Value, found: &mut Findings<'a>) {
    let name = port.text_or_empty("name");
    if !name.is_empty()
        && let Some(problem) = format::dns_label(name)
    {
        found.add(&CODE, (port, "name"), format!("the port name `{name}` is {problem}"));
    }
    if let Some(number) = port.integer("port").filter(|number| !is_port(*number)) {
        found.add(&CODE, (port, "port"), format!("the port {number} is outside 1-65535"));
    }
    if !is_protocol(protocol(port)) {
        let message = format!("`{}` is no protocol; there are TCP, UDP and SCTP", protocol(port));
        found.add(&CODE, (port, "protocol"), message);
    }
    // 0 and the empty name mean the port itself.
    let is_own = |target: &&Value| as_integer(target) == Some(0) || target.as_str() == Some("");
    let target = port.child("targetPort").filter(|target| !is_own(target));
    if let Some(target) = target
        && let Some(problem) = port_problem(target)
    {
        found.add(&CODE, target, problem);
    }
    if let Some(problem) = port.text("appProtocol").and_then(format::qualified_name) {
        found.add(&CODE, (port, "appProtocol"), format!("the protocol {} is {problem}", port["appProtocol"]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn ports_of_services() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "Service", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("ports: []", "ports");
        refused("ports[0].name: ~absent", "ports[0].name");
        refused("ports[1].name: http", "ports[1].name");
        refused("ports[1].name: Metrics", "ports[1].name");
        refused("ports[1].port: 80", "ports[1]");
        refused("ports[0].port: 0", "ports[0].port");
        refused("ports[0].protocol: HTTP", "ports[0].protocol");
        refused("ports[0].targetPort: 70000", "ports[0].targetPort");
        refused("ports[0].targetPort: http_alt", "ports[0].targetPort");
        refused("ports[0].nodePort: 30080", "ports[0].nodePort");
        refused("ports[0].appProtocol: a b", "ports[0].appProtocol");
        accepts("Service", "spec.ports[1].port: 80\nspec.ports[1].protocol: UDP");
        accepts("Service", "spec.ports: [{ port: 80 }]");
        accepts("Service", "spec.type: NodePort\nspec.ports[0].nodePort: 30080");
        accepts("Service", "spec.ports: ~absent\nspec.clusterIP: None");
    }
}
