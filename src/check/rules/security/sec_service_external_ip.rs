//! `sec-service-external-ip`: no Service claims addresses.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-service-external-ip", Error,
    means: "A Service has `externalIPs`.",
    matters: "Whoever makes it draws the traffic to those addresses from the whole cluster (CVE-2020-8554). The field is deprecated since 1.36.",
    example: "externalIPs: [203.0.113.7]",
    instead: "type: LoadBalancer",
    source: "CVE-2020-8554; KEP-5707"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Service") else { return };
    if !spec.items("externalIPs").is_empty() {
        found.add(
            &CODE,
            (spec, "externalIPs"),
            "the Service draws the traffic to addresses that it names itself",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn addresses_are_given() {
        advises(&CODE, "Service", "spec.externalIPs: [203.0.113.7]", "spec.externalIPs");
        passes(&CODE, "Service", "");
    }
}
