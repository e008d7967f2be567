//! `service-range-fields`: the ranges of a `ServiceCIDR`, and the owner of an `IPAddress`.

use super::ask::Ask;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::network::{Cidr, strict_address_problem, strict_cidr_problem};
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, decoded};
use crate::value::Value;

code! {
    "service-range-fields", Error,
    means: "A ServiceCIDR has no range, more than one of a family, or one that is not written in its plain form; or an IPAddress is not named by an address, or does not say whose it is.",
    matters: "The API server refuses the object.",
    example: "kind: ServiceCIDR\nspec: { cidrs: [10.112.1.0/16] }",
    instead: "kind: ServiceCIDR\nspec: { cidrs: [10.112.0.0/16] }",
    source: "ValidateServiceCIDR and ValidateIPAddress in pkg/apis/networking/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let mut ask = Ask::new(&CODE, found);
    if let Some(spec) = subject.spec_of("ServiceCIDR") {
        ranges(spec, &mut ask);
    }
    if subject.kind == "IPAddress" {
        address(subject, &mut ask);
    }
}

fn ranges<'a>(spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.needed_list(spec, "cidrs");
    if !ask.most(spec, "cidrs", 2) {
        return;
    }
    ask.forms(spec, "cidrs", strict_cidr_problem);
    let families: Vec<_> = spec.items("cidrs").iter().filter_map(decoded).filter_map(Cidr::parse).collect();
    if let [first, second] = families.as_slice()
        && first.is_of_the_family_of(second)
    {
        ask.refuse((spec, "cidrs"), "two ranges are one of IPv4 and one of IPv6");
    }
}

fn address<'a>(subject: &Subject<'a>, ask: &mut Ask<'_, 'a>) {
    if let Some(metadata) = subject.metadata() {
        ask.form_if_any(metadata, "name", strict_address_problem);
        ask.form_if_any(metadata, "generateName", strict_address_problem);
    }
    let Some(parent) = subject.spec().and_then(|spec| spec.child("parentRef")) else { return };
    ask.form_if_any(parent, "group", format::dns_subdomain);
    ask.needed(parent, "resource");
    ask.needed(parent, "name");
    for key in ["resource", "name", "namespace"] {
        ask.form_if_any(parent, key, format::path_segment);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn ranges_are_plain() {
        refuses(&CODE, "ServiceCIDR", "spec.cidrs: []", "spec.cidrs");
        refuses(&CODE, "ServiceCIDR", "spec.cidrs: [10.0.0.1/8]", "spec.cidrs[0]");
        refuses(&CODE, "ServiceCIDR", "spec.cidrs: [10.0.0.0/8, 11.0.0.0/8]", "spec.cidrs");
        accepts("ServiceCIDR", "spec.cidrs: [10.0.0.0/8, '2001:db8::/64']");
    }

    #[test]
    fn addresses_have_an_owner() {
        refuses(&CODE, "IPAddress", "metadata.name: 10.96.1", "metadata.name");
        refuses(&CODE, "IPAddress", "spec.parentRef.name: ''", "spec.parentRef.name");
        refuses(&CODE, "IPAddress", "spec.parentRef.resource: a/b", "spec.parentRef.resource");
        accepts("IPAddress", "spec.parentRef.namespace: ~absent");
    }
}
