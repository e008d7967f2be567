//! `net-external-traffic-policy`: a Service that is open to the outside says how traffic reaches its pods.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-external-traffic-policy", Warning,
    means: "A Service of type NodePort or LoadBalancer leaves `externalTrafficPolicy` to its default.",
    matters: "By default a request hops over a second node, and the pod sees the address of that node instead of the client's. This rule is off by default.",
    example: "type: LoadBalancer",
    instead: "type: LoadBalancer\nexternalTrafficPolicy: Local",
    source: "https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let open = |spec: &&crate::value::Value| matches!(spec.text("type"), Some("NodePort" | "LoadBalancer"));
    if let Some(spec) = subject.spec_of("Service").filter(open)
        && spec.child("externalTrafficPolicy").is_none()
    {
        found.add(
            &CODE,
            (spec, "externalTrafficPolicy"),
            "the pods see the address of a node instead of the client's",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn clients_are_seen() {
        let at = "spec.externalTrafficPolicy";
        advises(&CODE, "Service", "spec.type: NodePort", at);
        passes(&CODE, "Service", &format!("spec.type: NodePort\n{at}: Local"));
    }
}
