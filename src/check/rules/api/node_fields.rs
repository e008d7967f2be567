//! `node-fields`: the taints and ranges of a `Node`.

use std::collections::BTreeSet;

use super::ask::Ask;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::network::{Cidr, cidr_problem};
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, decoded};
use crate::value::Value;

code! {
    "node-fields", Error,
    means: "A taint of a Node has no key, a value that is no label's, an unknown effect, or stands twice; or a range for its pods is none.",
    matters: "The API server refuses the object.",
    example: "spec: { taints: [{ key: dedicated, value: db, effect: Never }] }",
    instead: "spec: { taints: [{ key: dedicated, value: db, effect: NoSchedule }] }",
    source: "ValidateNode in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Node") else { return };
    let mut ask = Ask::new(&CODE, found);
    let mut seen = BTreeSet::new();
    for taint in spec.items("taints") {
        ask.form(taint, "key", format::qualified_name);
        ask.form(taint, "value", format::label_value);
        ask.word(taint, "effect", &["NoExecute", "NoSchedule", "PreferNoSchedule"]);
        if !seen.insert(["key", "effect"].map(|key| taint.text_or_empty(key))) {
            ask.refuse(taint, "another taint has that key and effect");
        }
    }
    ranges(subject, spec, &mut ask);
}

/// `podCIDR` is the first of `podCIDRs`, and stands for all of them where they begin with another.
fn ranges<'a>(subject: &Subject<'a>, spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    let (listed, single) = (spec.items("podCIDRs"), spec.child("podCIDR"));
    let own = single.filter(|it| it.as_str() != Some("") && listed.first() != Some(*it));
    let ranges: Vec<&Value> = own.map_or_else(|| listed.iter().collect(), |own| vec![own]);
    for range in &ranges {
        let Some(text) = decoded(range) else { continue };
        if let Some(problem) = cidr_problem(text, subject.version()) {
            ask.refuse(*range, format!("`{text}` is {problem}"));
        }
    }
    let families: Vec<_> = ranges.iter().copied().filter_map(decoded).filter_map(Cidr::parse).collect();
    let are_two = matches!(families.as_slice(), [first, second] if !first.is_of_the_family_of(second));
    if ranges.len() > 1 && !are_two && families.len() == ranges.len() {
        ask.refuse((spec, "podCIDRs"), "there is one range of IPv4 at most, and one of IPv6");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn taints_and_ranges() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "Node", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("taints[0].key: a b", "taints[0].key");
        refused("taints[0].effect: Never", "taints[0].effect");
        refused("taints: [{ key: a, effect: NoExecute }, { key: a, effect: NoExecute }]", "taints[1]");
        refused("podCIDR: 10.1.0.0", "podCIDR");
        refused("podCIDRs: [10.1.0.0/24, 10.2.0.0/24]", "podCIDRs");
        accepts("Node", "spec.podCIDRs: [10.1.0.0/24, '2001:db8::/64']");
    }
}
