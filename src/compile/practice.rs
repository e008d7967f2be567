//! What the rules of practice mean for a platform: they advise, and never keep it from being written.
//!
//! A cluster takes a privileged pod, so a platform may hold one. In a tree from elsewhere such a finding is an error, for
//! a gate that is meant to be closed; here it is a note, and a warning for who asks for the strict profile. `[[allow]]` can
//! excuse either with a reason.

use crate::check::{Finding, Profile, Rule, rule};
use crate::diag::Severity;

/// Weighs the findings of practice as a platform has them; the others pass as they are.
pub(super) fn weigh(found: Vec<Finding>, profile: Profile) -> impl Iterator<Item = Finding> {
    found.into_iter().map(move |mut finding| {
        if let Some(rule) = practice(finding.diagnostic.code.name) {
            // What is off unless asked for is a matter of taste, and some of it contradicts the rest.
            let weighs = profile == Profile::Strict && rule.profile < Profile::Strict;
            let heaviest = if weighs { Severity::Warning } else { Severity::Note };
            finding.diagnostic.severity = finding.diagnostic.severity.max(heaviest);
        }
        finding
    })
}

/// Whether a rule says how something should be done, and not that it cannot work.
pub(super) fn is_practice(code: &str) -> bool {
    practice(code).is_some()
}

/// The rule of practice that reports under a code. The platform's own rules are not advice: they weigh what it says.
fn practice(code: &str) -> Option<&'static Rule> {
    rule(code).filter(|rule| rule.family.is_practice() && rule.code.name != "custom-rule")
}
