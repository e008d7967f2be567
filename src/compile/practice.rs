//! What the rules of practice mean for a platform: they advise, and never keep it from being written.
//!
//! A cluster takes a privileged pod, so a platform may hold one. In a tree from elsewhere such a finding is an error, for
//! a gate that is meant to be closed; here it is a warning, which `[[allow]]` can excuse with a reason.

use crate::check::{Finding, rule};
use crate::diag::{Diagnostic, Severity};

/// Whether the objects run as they are, or only as environments change them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Practice {
    Weighed,
    /// The base of a platform with environments: what it lacks is theirs to add.
    LeftOut,
}

/// Weighs the findings of practice as a platform has them; the others pass as they are.
pub(super) fn weigh(found: Vec<Finding>, practice: Practice) -> impl Iterator<Item = Finding> {
    let kept = found
        .into_iter()
        .filter(move |finding| practice == Practice::Weighed || !is_practice(&finding.diagnostic));
    kept.map(|mut finding| {
        if is_practice(&finding.diagnostic) {
            finding.diagnostic.severity = finding.diagnostic.severity.max(Severity::Warning);
        }
        finding
    })
}

/// Whether a finding says how something should be done, and not that it cannot work.
#[must_use]
pub fn is_practice(diagnostic: &Diagnostic) -> bool {
    rule(diagnostic.code.name).is_some_and(|rule| rule.family.is_practice())
}
