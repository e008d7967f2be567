//! `sec-endpointslice-local`: no endpoint is the node itself.

use std::net::IpAddr;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "sec-endpointslice-local", Error,
    means: "An address of an EndpointSlice or of Endpoints is a loopback or link-local address.",
    matters: "Traffic is led to services of the node, or to the metadata of the cloud (CVE-2021-25737).",
    example: "endpoints: [{ addresses: [169.254.169.254] }]",
    instead: "endpoints: [{ addresses: [10.2.3.4] }]",
    source: "CVE-2021-25737; datree 34"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let addresses: Vec<&'a Value> = match subject.kind {
        "EndpointSlice" => {
            subject.value.items("endpoints").iter().flat_map(|it| it.items("addresses")).collect()
        }
        "Endpoints" => {
            let subsets = subject.value.items("subsets").iter();
            let lists = subsets.flat_map(|it| [it.items("addresses"), it.items("notReadyAddresses")]);
            lists.flatten().filter_map(|it| it.child("ip")).collect()
        }
        _ => return,
    };
    for address in addresses {
        if let Some(text) = address.as_str().filter(|text| is_local(text)) {
            found.add(&CODE, address, format!("{text} is an address of the node itself"));
        }
    }
}

fn is_local(text: &str) -> bool {
    match text.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    const SLICE: &str = "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a, namespace: kube-system}, addressType: IPv4, endpoints: [{addresses: [ADDRESS]}]}";

    #[test]
    fn endpoints_are_elsewhere() {
        let at = [("EndpointSlice kube-system/a", "endpoints[0].addresses[0]")];
        finds(&CODE, &SLICE.replace("ADDRESS", "127.0.0.1"), &at);
        finds(&CODE, &SLICE.replace("ADDRESS", "169.254.169.254"), &at);
        finds(&CODE, &SLICE.replace("ADDRESS", "10.0.0.1"), &[]);
    }
}
