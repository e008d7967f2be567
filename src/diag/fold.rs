//! Many findings to few: each once, in the order of their places, with all environments that it holds in.

use std::cmp::Ordering;

use super::{Diagnostic, Label, Severity};
use crate::source::Span;

/// Sorts diagnostics by place and then by code, and merges those that differ in their environments alone.
///
/// What has no place comes last. A finding that one copy reports without an environment holds regardless of them, and
/// so does the merged one; the environments are sorted by name otherwise.
#[must_use]
pub fn fold(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut sorted = diagnostics;
    sorted.sort_by(order);
    let mut folded: Vec<Diagnostic> = Vec::with_capacity(sorted.len());
    for diagnostic in sorted {
        match folded.last_mut() {
            Some(last) if order(last, &diagnostic).is_eq() => absorb(last, diagnostic),
            _ => folded.push(diagnostic),
        }
    }
    folded.into_iter().map(with_sorted_environments).collect()
}

fn absorb(kept: &mut Diagnostic, twin: Diagnostic) {
    if kept.environments.is_empty() || twin.environments.is_empty() {
        kept.environments.clear();
    } else {
        kept.environments.extend(twin.environments);
    }
}

fn with_sorted_environments(mut diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.environments.sort_unstable();
    diagnostic.environments.dedup();
    diagnostic
}

/// The order that findings are read in; two are equal that are one finding.
fn order(one: &Diagnostic, other: &Diagnostic) -> Ordering {
    let by_labels = || one.labels.iter().map(pair).cmp(other.labels.iter().map(pair));
    let by_key = Key::of(one).cmp(&Key::of(other));
    by_key.then_with(by_labels).then_with(|| one.hints.cmp(&other.hints))
}

fn pair(label: &Label) -> (Span, &str) {
    (label.span, &label.text)
}

/// What findings are ordered by before anything else.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'d> {
    unplaced: bool,
    place: Option<Span>,
    code: &'static str,
    severity: Severity,
    message: &'d str,
    object: Option<&'d str>,
    field: Option<&'d str>,
}

impl<'d> Key<'d> {
    fn of(diagnostic: &'d Diagnostic) -> Self {
        Self {
            unplaced: diagnostic.labels.is_empty(),
            place: diagnostic.labels.first().map(|label| label.span),
            code: diagnostic.code.name,
            severity: diagnostic.severity,
            message: &diagnostic.message,
            object: diagnostic.object.as_deref(),
            field: diagnostic.field.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::source::{FileId, Sources};

    static EARLY: Code = Code { name: "a-code", severity: Severity::Error, docs: "" };
    static LATE: Code = Code { name: "b-code", severity: Severity::Warning, docs: "" };

    fn file() -> FileId {
        Sources::default().add("platform.toml", "one two")
    }

    fn finding(code: &'static Code, start: usize, environments: &[&str]) -> Diagnostic {
        let span = Span { file: file(), start, end: start + 1 };
        let mut diagnostic = Diagnostic::new(code, "a finding").at(Some(span), "");
        diagnostic.environments = environments.iter().map(ToString::to_string).collect();
        diagnostic
    }

    #[test]
    fn one_finding_of_several_environments_becomes_one() {
        let folded = fold(vec![
            finding(&EARLY, 0, &["staging"]),
            finding(&EARLY, 0, &["production"]),
            finding(&EARLY, 0, &["staging"]),
        ]);
        assert_eq!(folded.len(), 1);
        assert_eq!(folded[0].environments, ["production", "staging"]);
    }

    #[test]
    fn a_finding_that_holds_regardless_swallows_its_environments() {
        for order in [["", "staging"], ["staging", ""]] {
            let copies = order.map(|name| {
                if name.is_empty() { finding(&EARLY, 0, &[]) } else { finding(&EARLY, 0, &[name]) }
            });
            let folded = fold(copies.to_vec());
            assert_eq!(folded.len(), 1);
            assert!(folded[0].environments.is_empty(), "{order:?}");
        }
    }

    #[test]
    fn findings_come_by_place_then_code_and_the_unplaced_last() {
        let unplaced = Diagnostic::new(&EARLY, "nowhere");
        let folded =
            fold(vec![unplaced, finding(&LATE, 4, &[]), finding(&LATE, 0, &[]), finding(&EARLY, 4, &[])]);
        let order: Vec<_> =
            folded.iter().map(|d| (d.labels.first().map(|l| l.span.start), d.code.name)).collect();
        let expected = [(Some(0), "b-code"), (Some(4), "a-code"), (Some(4), "b-code"), (None, "a-code")];
        assert_eq!(order, expected);
    }

    #[test]
    fn findings_that_differ_stay_apart() {
        let near = finding(&EARLY, 0, &["staging"]);
        let other = finding(&EARLY, 0, &["production"]).hint("do this instead");
        assert_eq!(fold(vec![near, other]).len(), 2);
    }
}
