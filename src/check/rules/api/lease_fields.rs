//! `lease-fields`: the times of a `Lease`.

use super::ask::Ask;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;

code! {
    "lease-fields", Error,
    means: "A Lease lasts for no time, or has changed hands less than never.",
    matters: "The API server refuses the object.",
    example: "spec: { leaseDurationSeconds: 0 }",
    instead: "spec: { leaseDurationSeconds: 15 }",
    source: "ValidateLeaseSpec in pkg/apis/coordination/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Lease") else { return };
    let mut ask = Ask::new(&CODE, found);
    ask.number(spec, "leaseDurationSeconds", 1..=i64::MAX);
    ask.number(spec, "leaseTransitions", 0..=i64::MAX);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn leases_last() {
        refuses(&CODE, "Lease", "spec.leaseDurationSeconds: 0", "spec.leaseDurationSeconds");
        refuses(&CODE, "Lease", "spec.leaseTransitions: -1", "spec.leaseTransitions");
        accepts("Lease", "spec: ~absent");
    }
}
