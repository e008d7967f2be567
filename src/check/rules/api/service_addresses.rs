//! `service-addresses`: the addresses and address ranges of a Service.

use std::net::IpAddr;

use super::service_type_fields::service_type;
use crate::check::finding::Findings;
use crate::check::network::{address_problem, cidr_problem, parse_address};
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "service-addresses", Error,
    means: "An address or an address range of a Service cannot be read, is not allowed there (loopback, link-local), or `clusterIP` and `clusterIPs` contradict each other.",
    matters: "The API server refuses the object.",
    example: "loadBalancerSourceRanges: [10.0.0.0]",
    instead: "loadBalancerSourceRanges: [10.0.0.0/8]",
    source: "ValidateServiceClusterIPsRelatedFields, ValidateEndpointIP and validateService in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Service") else { return };
    if service_type(spec) != "ExternalName" {
        cluster_addresses(subject, spec, found);
    }
    for address in spec.items("externalIPs") {
        external_address(subject, address, found);
    }
    if service_type(spec) == "LoadBalancer" {
        for range in spec.items("loadBalancerSourceRanges") {
            if let Some(problem) =
                range.as_str().and_then(|text| cidr_problem(text.trim(), subject.version()))
            {
                found.add(&CODE, range, format!("the range {range} is {problem}"));
            }
        }
    }
}

fn cluster_addresses<'a>(subject: &Subject<'a>, spec: &'a Value, found: &mut Findings<'a>) {
    let (one, all) = (spec.text_or_empty("clusterIP"), spec.items("clusterIPs"));
    if !one.is_empty()
        && one != "None"
        && let Some(problem) = address_problem(one, subject.version())
    {
        found.add(&CODE, (spec, "clusterIP"), format!("the address `{one}` is {problem}"));
    }
    if all.first().and_then(Value::as_str).is_some_and(|first| !one.is_empty() && first != one) {
        found.add(&CODE, (spec, "clusterIPs"), "the first of `clusterIPs` must be `clusterIP`");
    }
    let families: Vec<_> =
        all.iter().filter_map(|it| parse_address(it.as_str()?)).map(|it| it.is_ipv4()).collect();
    if families.len() == 2 && families[0] == families[1] {
        found.add(&CODE, (spec, "clusterIPs"), "`clusterIPs` holds two addresses of one family");
    }
    let headless = all.iter().any(|address| address == "None");
    if all.len() > 2 || headless && all.len() > 1 {
        found.add(&CODE, (spec, "clusterIPs"), "`clusterIPs` holds `None`, or one address of each family");
    }
    for address in all.iter().skip(usize::from(!one.is_empty())).filter(|address| **address != "None") {
        if let Some(problem) = address.as_str().and_then(|text| address_problem(text, subject.version())) {
            found.add(&CODE, address, format!("the address {address} is {problem}"));
        }
    }
}

fn external_address<'a>(subject: &Subject<'a>, address: &'a Value, found: &mut Findings<'a>) {
    let Some(text) = address.as_str() else { return };
    let problem = address_problem(text, subject.version())
        .or_else(|| parse_address(text).filter(is_special).map(|_| "one that no service can have outside"));
    if let Some(problem) = problem {
        found.add(&CODE, address, format!("the address `{text}` is {problem}"));
    }
}

fn is_special(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            it.is_unspecified() || it.is_loopback() || it.is_link_local() || it.octets()[..3] == [224, 0, 0]
        }
        IpAddr::V6(it) => {
            let link_local_multicast = it.segments()[0] & 0xff0f == 0xff02;
            it.is_unspecified() || it.is_loopback() || it.is_unicast_link_local() || link_local_multicast
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn addresses_can_be_read() {
        let refused = |edits: &str, field: &str| refuses(&CODE, "Service", edits, &format!("spec.{field}"));
        refused("spec.clusterIP: none", "clusterIP");
        refused("spec.clusterIP: 10.0.0.1\nspec.clusterIPs: [10.0.0.2]", "clusterIPs");
        refused("spec.clusterIP: None\nspec.clusterIPs: [None, 10.0.0.1]", "clusterIPs");
        refused("spec.externalIPs: [127.0.0.1]", "externalIPs[0]");
        refused("spec.externalIPs: [a]", "externalIPs[0]");
        refused(
            "spec.type: LoadBalancer\nspec.loadBalancerSourceRanges: [10.0.0.0]",
            "loadBalancerSourceRanges[0]",
        );
        accepts("Service", "spec.externalIPs: [192.0.2.1]\nspec.clusterIP: 10.0.0.1");
    }
}
