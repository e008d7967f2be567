//! `node-port-range`: a node port is in the range that clusters set aside by default.

use super::service_type_fields::service_type;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "node-port-range", Warning,
    means: "A node port is outside 30000-32767.",
    matters: "The API server refuses the object, unless it runs with another `--service-node-port-range`.",
    example: "ports: [{ port: 80, nodePort: 8080 }]",
    instead: "ports: [{ port: 80, nodePort: 30080 }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Service") else { return };
    if !matches!(service_type(spec), "NodePort" | "LoadBalancer") {
        return;
    }
    for port in spec.items("ports") {
        let number =
            port.integer("nodePort").filter(|number| *number != 0 && !(30000..=32767).contains(number));
        if let Some(number) = number {
            found.add(&CODE, (port, "nodePort"), format!("the node port {number} is outside 30000-32767"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn node_ports_are_in_range() {
        refuses(
            &CODE,
            "Service",
            "spec.type: NodePort\nspec.ports[0].nodePort: 8080",
            "spec.ports[0].nodePort",
        );
        accepts("Service", "spec.type: NodePort\nspec.ports[0].nodePort: 0");
    }
}
