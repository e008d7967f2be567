//! `net-service-nodeport`: a Service opens no port on every node.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-service-nodeport", Warning,
    means: "A Service is of type NodePort.",
    matters: "The port is open on every node, to whoever reaches one, past the Ingress and its TLS.",
    example: "type: NodePort",
    instead: "type: ClusterIP   # behind an Ingress",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport; kube-linter exposed-services"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if let Some(spec) = subject.spec_of("Service").filter(|spec| spec.text("type") == Some("NodePort")) {
        found.add(&CODE, (spec, "type"), "the Service opens a port on every node");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn nodes_are_closed() {
        advises(&CODE, "Service", "spec.type: NodePort", "spec.type");
        passes(&CODE, "Service", "");
    }
}
