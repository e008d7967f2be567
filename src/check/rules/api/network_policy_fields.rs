//! `network-policy-fields`: the peers, ports and types of a `NetworkPolicy`.

use super::port_number::{is_port, is_protocol};
use super::probe_handler::port_problem;
use crate::check::finding::Findings;
use crate::check::network::{Cidr, cidr_problem};
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, as_integer};
use crate::value::Value;

code! {
    "network-policy-fields", Error,
    means: "A peer of a NetworkPolicy is empty or mixes `ipBlock` with selectors, a range is none or an exception is not within it, a port is none, or `endPort` is before `port` or beside a name.",
    matters: "The API server refuses the object.",
    example: "from: [{ ipBlock: { cidr: 10.0.0.0/8 }, podSelector: {} }]",
    instead: "from: [{ ipBlock: { cidr: 10.0.0.0/8 } }, { podSelector: {} }]",
    source: "ValidateNetworkPolicySpec in pkg/apis/networking/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("NetworkPolicy") else { return };
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.items(rules) {
            rule.items(peers).iter().for_each(|it| peer(subject, it, found));
            rule.items("ports").iter().for_each(|it| port(it, found));
        }
    }
    let types = spec.items("policyTypes");
    if types.len() > 2 {
        found.add(&CODE, (spec, "policyTypes"), "there are only two policy types");
        return;
    }
    for kind in types
        .iter()
        .filter(|kind| kind.is_null() || kind.as_str().is_some_and(|it| !matches!(it, "Ingress" | "Egress")))
    {
        found.add(&CODE, kind, format!("{kind} is no policy type; there are Ingress and Egress"));
    }
}

fn peer<'a>(subject: &Subject<'a>, peer: &'a Value, found: &mut Findings<'a>) {
    let selects = ["podSelector", "namespaceSelector"].iter().any(|key| peer.child(key).is_some());
    match peer.child("ipBlock") {
        None if !selects => {
            found.add(&CODE, peer, "the peer is empty; leave out the list to allow everybody");
        }
        None => {}
        Some(_) if selects => found.add(&CODE, peer, "a peer is an `ipBlock` or selectors, not both"),
        Some(block) => ip_block(subject, block, found),
    }
}

fn ip_block<'a>(subject: &Subject<'a>, block: &'a Value, found: &mut Findings<'a>) {
    let Some(text) = block.text("cidr") else { return };
    if let Some(problem) = cidr_problem(text, subject.version()) {
        found.add(&CODE, (block, "cidr"), format!("`{text}` is {problem}"));
    }
    let Some(range) = Cidr::parse(text) else { return };
    for exception in block.items("except") {
        // A null is an empty text to the decoder, and no range.
        let text = if exception.is_null() { Some("") } else { exception.as_str() };
        let Some(text) = text else { continue };
        if let Some(problem) = cidr_problem(text, subject.version()) {
            found.add(&CODE, exception, format!("`{text}` is {problem}"));
        } else if Cidr::parse(text).is_some_and(|it| !range.strictly_contains(&it)) {
            found.add(&CODE, exception, format!("the exception {text} is not within the range"));
        }
    }
}

fn port<'a>(port: &'a Value, found: &mut Findings<'a>) {
    if let Some(protocol) = port.text("protocol").filter(|protocol| !is_protocol(protocol)) {
        found.add(
            &CODE,
            (port, "protocol"),
            format!("`{protocol}` is no protocol; there are TCP, UDP and SCTP"),
        );
    }
    let first = port.child("port");
    if let Some(first) = first
        && let Some(problem) = port_problem(first)
    {
        found.add(&CODE, first, problem);
    }
    let Some(last) = port.integer("endPort") else { return };
    let problem = match first {
        None => Some("`endPort` needs `port`".to_owned()),
        Some(Value::String(_)) => Some("`endPort` needs a `port` that is a number".to_owned()),
        Some(first) => {
            let first = as_integer(first).unwrap_or(0);
            (last < first || !is_port(last)).then(|| format!("the ports from {first} to {last} are no range"))
        }
    };
    if let Some(problem) = problem {
        found.add(&CODE, (port, "endPort"), problem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn peers_ports_and_types() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "NetworkPolicy", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("ingress[0].from[0]: {}", "ingress[0].from[0]");
        refused("egress[0].to[0].podSelector: {}", "egress[0].to[0]");
        refused("egress[0].to[0].ipBlock.cidr: 10.0.0.0", "egress[0].to[0].ipBlock.cidr");
        refused("egress[0].to[0].ipBlock.except: [11.0.0.0/16]", "egress[0].to[0].ipBlock.except[0]");
        refused("egress[0].to[0].ipBlock.except: [10.0.0.0/8]", "egress[0].to[0].ipBlock.except[0]");
        refused("ingress[0].ports[0].protocol: HTTP", "ingress[0].ports[0].protocol");
        refused("ingress[0].ports[0].port: 0", "ingress[0].ports[0].port");
        refused("ingress[0].ports[0].endPort: 90", "ingress[0].ports[0].endPort");
        refused("egress[0].ports[0].endPort: 1", "egress[0].ports[0].endPort");
        refused("policyTypes: [ingress]", "policyTypes[0]");
        refused("policyTypes: [Ingress, Egress, Ingress]", "policyTypes");
        accepts("NetworkPolicy", "spec.egress: [{}]");
        accepts("NetworkPolicy", "spec.ingress[0].ports: [{ protocol: UDP }]");
    }
}
