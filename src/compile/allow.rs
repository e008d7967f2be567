//! `[[allow]]`: findings that are meant. Errors cannot be excused; an exception that excuses nothing is a finding.

use super::practice::is_practice;
use crate::check::Profile;
use crate::check::exceptions::{Exception, UNKNOWN_RULE};
use crate::diag::{Diagnostic, Severity};
use crate::source::{KeyPath, Node, NodeValue};
use crate::spec;

/// Leaves out the findings that the document allows, and adds one for each exception that excused nothing, gives no reason
/// or has run out on the day `today`.
pub(super) fn apply(
    document: &Node,
    diagnostics: Vec<Diagnostic>,
    (today, advice): (&str, Option<Profile>),
) -> Vec<Diagnostic> {
    let exceptions = exceptions(document);
    let mut used = vec![false; exceptions.len()];
    let mut kept: Vec<Diagnostic> = diagnostics
        .into_iter()
        .filter(|diagnostic| {
            let mut excused = false;
            for (exception, used) in exceptions.iter().zip(&mut used) {
                if exception.holds_on(today) && matches(exception, diagnostic) {
                    (*used, excused) = (true, true);
                }
            }
            !excused
        })
        .collect();
    // Where the platform does not compile, whatever the exception is about may not have been reached.
    if kept.iter().any(Diagnostic::is_error) {
        return kept;
    }
    for (exception, used) in exceptions.iter().zip(used) {
        let mut flaws = exception.flaws(today, &[]);
        // Codes of every stage can be excused here, and that there is none of that name shows in that it is not used.
        flaws.retain(|flaw| flaw.code != &UNKNOWN_RULE);
        // An exception for advice that nobody asked for waits for those who do.
        let waits = advice.is_none() && is_practice(&exception.rule);
        if flaws.is_empty() && !used && !waits {
            flaws.push(exception.unused());
        }
        kept.append(&mut flaws);
    }
    kept
}

fn exceptions(document: &Node) -> Vec<Exception> {
    let Some(NodeValue::Array(items)) = document.get("allow").map(|node| &node.value) else {
        return Vec::new();
    };
    let read = |node: &Node| {
        let spec::Allow { rule, on, because, until } = spec::read(node).ok()?;
        Some(Exception { rule, on, because, until, span: node.origin.span })
    };
    items.iter().filter_map(read).collect()
}

fn matches(exception: &Exception, diagnostic: &Diagnostic) -> bool {
    if diagnostic.severity == Severity::Error {
        return false;
    }
    let about_entity = exception.on.as_deref().is_some_and(|on| {
        let entity = diagnostic.entity.as_ref();
        exception.rule == diagnostic.code.name && entity.is_some_and(|entity| is_within(entity, on))
    });
    about_entity || exception.covers(diagnostic)
}

/// Whether `entity` is the part of the platform that `on` names, or lies within it.
fn is_within(entity: &KeyPath, on: &str) -> bool {
    let text = entity.to_string();
    text.strip_prefix(on).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
