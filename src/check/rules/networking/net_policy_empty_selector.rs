//! `net-policy-empty-selector`: a policy that allows everything is meant to.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-policy-empty-selector", Note,
    means: "A rule of a NetworkPolicy is empty: it allows every peer and every port.",
    matters: "It is what is left of a rule whose peers somebody deleted, more often than what somebody wanted.",
    example: "ingress: [{}]",
    instead: "ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("NetworkPolicy") else { return };
    for (list, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.items(list) {
            if rule.items(peers).is_empty() && rule.items("ports").is_empty() {
                found.add(&CODE, rule, "the rule allows every peer and every port");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn everything_is_meant() {
        advises(&CODE, "NetworkPolicy", "spec.egress: [{}]", "spec.egress[0]");
        passes(&CODE, "NetworkPolicy", "");
    }
}
