//! `endpoint-fields`: the addresses and ports of `Endpoints` and of an `EndpointSlice`.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::ask::Ask;
use crate::check::KubernetesVersion;
use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::network::{address_problem, parse_address, strict_address_problem};
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, decoded};
use crate::value::Value;

code! {
    "endpoint-fields", Error,
    means: "An endpoint has no address, one that is not of its type, or one that no pod can have (of the loop, of the link, unspecified), or a port, host, node or zone that there cannot be.",
    matters: "The API server refuses the object.",
    example: "addressType: IPv4\nendpoints: [{ addresses: [127.0.0.1] }]",
    instead: "addressType: IPv4\nendpoints: [{ addresses: [10.1.2.3] }]",
    source: "ValidateEndpoints in pkg/apis/core/validation; ValidateEndpointSlice in pkg/apis/discovery/validation"
}

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let (mut ask, version) = (Ask::new(&CODE, found), subject.version());
    match subject.kind {
        "Endpoints" => subject.value.items("subsets").iter().for_each(|it| subset(it, version, &mut ask)),
        "EndpointSlice" => slice(subject, version, &mut ask),
        _ => {}
    }
}

fn subset<'a>(subset: &'a Value, version: KubernetesVersion, ask: &mut Ask<'_, 'a>) {
    let lists = ["addresses", "notReadyAddresses"];
    if lists.iter().all(|key| subset.items(key).is_empty()) {
        ask.refuse(subset, "the subset has neither `addresses` nor `notReadyAddresses`");
    }
    for address in lists.iter().flat_map(|key| subset.items(key)) {
        let ip = address.text_or_empty("ip");
        if address.get("ip").is_some_and(Value::is_string)
            && let Some(problem) = address_problem(ip, version).or_else(|| unreachable(ip))
        {
            ask.refuse((address, "ip"), format!("`{ip}` is {problem}"));
        }
        ask.form_if_any(address, "hostname", format::dns_label);
        ask.form(address, "nodeName", format::dns_subdomain);
    }
    let ports = subset.items("ports");
    for port in ports {
        if ports.len() > 1 {
            ask.needed(port, "name");
        }
        ask.form_if_any(port, "name", format::dns_label);
        ask.number(port, "port", 1..=65535);
        if !port.text_or_empty("protocol").is_empty() {
            ask.word(port, "protocol", &PROTOCOLS);
        }
        ask.form(port, "appProtocol", format::qualified_name);
    }
}

fn slice<'a>(subject: &Subject<'a>, version: KubernetesVersion, ask: &mut Ask<'_, 'a>) {
    let slice = subject.value;
    ask.word(slice, "addressType", &["FQDN", "IPv4", "IPv6"]);
    let kind = slice.text_or_empty("addressType");
    if ask.most(slice, "endpoints", 1000) {
        for endpoint in slice.items("endpoints") {
            self::endpoint(endpoint, ask);
            if let Some(hints) = endpoint.child("hints") {
                self::hints(subject, hints, ask);
            }
            for address in endpoint.items("addresses") {
                let Some(text) = decoded(address) else { continue };
                if let Some(problem) = problem_of(text, kind, version) {
                    ask.refuse(address, format!("`{text}` is {problem}"));
                }
            }
        }
    }
    let mut names = BTreeSet::new();
    for port in slice.items("ports") {
        ask.form_if_any(port, "name", format::dns_label);
        if !names.insert(port.text_or_empty("name")) {
            ask.refuse((port, "name"), "another port has that name, or none either");
        }
        ask.word(port, "protocol", &PROTOCOLS);
        ask.form(port, "appProtocol", format::qualified_name);
    }
}

fn endpoint<'a>(endpoint: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.filled_list(endpoint, "addresses");
    ask.most(endpoint, "addresses", 100);
    ask.form(endpoint, "hostname", format::dns_label);
    ask.form(endpoint, "nodeName", format::dns_subdomain);
}

/// Where an endpoint is best reached from. Clusters look at `forNodes` since Kubernetes 1.34.
fn hints<'a>(subject: &Subject<'a>, hints: &'a Value, ask: &mut Ask<'_, 'a>) {
    let looks_at_nodes = subject.serves(Feature::PreferSameTrafficDistribution);
    for key in ["forZones", "forNodes"].into_iter().filter(|key| looks_at_nodes || *key == "forZones") {
        if !ask.most(hints, key, 8) {
            return;
        }
        ask.keyed_once(hints.items(key), "name");
        let form = if key == "forZones" { format::label_value } else { format::dns_subdomain };
        hints.items(key).iter().for_each(|it| ask.form(it, "name", form));
    }
}

/// What keeps a text from being the address of an endpoint, in a slice of that type.
fn problem_of(text: &str, kind: &str, version: KubernetesVersion) -> Option<&'static str> {
    let is_four = || parse_address(text).is_some_and(|it| it.to_canonical().is_ipv4());
    match kind {
        "IPv4" => address_problem(text, version)
            .or_else(|| (!is_four()).then_some("no IPv4 address"))
            .or_else(|| unreachable(text)),
        "IPv6" => strict_address_problem(text)
            .or_else(|| is_four().then_some("no IPv6 address"))
            .or_else(|| unreachable(text)),
        "FQDN" => format::fully_qualified_domain(text),
        _ => None,
    }
}

/// `ValidateEndpointIP`: an address that does not lead to another machine.
fn unreachable(text: &str) -> Option<&'static str> {
    let address = parse_address(text)?.to_canonical();
    let (link, link_group) = match address {
        IpAddr::V4(four) => (four.is_link_local(), four.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(six) => (six.is_unicast_link_local(), six.segments()[0] & 0xff0f == 0xff02),
    };
    if address.is_unspecified() {
        Some("no address of a machine: it is unspecified")
    } else if address.is_loopback() {
        Some("the address of each machine for itself")
    } else if link || link_group {
        Some("an address that holds on one link alone")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn subsets_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "Endpoints", &format!("subsets[0].{edit}"), &format!("subsets[0].{field}"));
        };
        refuses(&CODE, "Endpoints", "subsets[0]: { ports: [] }", "subsets[0]");
        refused("addresses[0].ip: 127.0.0.1", "addresses[0].ip");
        refused("addresses[0].ip: a", "addresses[0].ip");
        refused("addresses[0].hostname: a.b", "addresses[0].hostname");
        refused("notReadyAddresses[0].nodeName: A", "notReadyAddresses[0].nodeName");
        refused("ports[0].port: 0", "ports[0].port");
        refused("ports[0].name: ~absent", "ports[0].name");
        refused("ports[0].protocol: HTTP", "ports[0].protocol");
        accepts("Endpoints", "subsets: ~absent");
    }

    #[test]
    fn slices_are_well_formed() {
        let refused = |edit: &str, field: &str| refuses(&CODE, "EndpointSlice", edit, field);
        refused("addressType: IPv5", "addressType");
        refused("endpoints[0].addresses: ['::1']", "endpoints[0].addresses[0]");
        refused("endpoints[0].addresses: []", "endpoints[0].addresses");
        refused("endpoints[0].addresses: [169.254.0.1]", "endpoints[0].addresses[0]");
        refused("endpoints[0].hints.forZones[0].name: a b", "endpoints[0].hints.forZones[0].name");
        refused("ports[1].name: http", "ports[1].name");
        refused("ports[0].appProtocol: a b", "ports[0].appProtocol");
        refused("addressType: FQDN\nendpoints[0].addresses: [a]", "endpoints[0].addresses[0]");
        accepts("EndpointSlice", "addressType: IPv6\nendpoints[0].addresses: ['2001:db8::1']");
    }
}
