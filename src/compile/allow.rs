//! `[[allow]]`: findings that are meant. Errors cannot be excused; an exception that excuses nothing is a finding.

use crate::diag::{Diagnostic, Severity};
use crate::resolve::codes::UNUSED_ALLOW;
use crate::source::{KeyPath, Node, NodeValue, Span};
use crate::spec;

struct Exception {
    allow: spec::Allow,
    span: Option<Span>,
    used: bool,
}

/// Leaves out the findings that the document allows, and adds one for each exception that excused nothing.
pub(super) fn apply(document: &Node, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut exceptions = exceptions(document);
    let mut kept: Vec<Diagnostic> = diagnostics
        .into_iter()
        .filter(|diagnostic| {
            let mut excused = false;
            for exception in exceptions.iter_mut().filter(|exception| matches(&exception.allow, diagnostic)) {
                exception.used = true;
                excused = true;
            }
            !excused
        })
        .collect();
    // Where the platform does not compile, whatever the exception is about may not have been reached.
    if kept.iter().any(Diagnostic::is_error) {
        return kept;
    }
    kept.extend(exceptions.iter().filter(|exception| !exception.used).map(|exception| {
        let subject = exception.allow.on.as_ref().map(|on| format!(" on `{on}`")).unwrap_or_default();
        let message = format!("nothing here needs the exception for `{}`{subject}", exception.allow.rule);
        Diagnostic::new(&UNUSED_ALLOW, message)
            .at(exception.span, "")
            .hint("remove it, or correct `rule` and `on`")
    }));
    kept
}

fn exceptions(document: &Node) -> Vec<Exception> {
    let Some(NodeValue::Array(items)) = document.get("allow").map(|node| &node.value) else {
        return Vec::new();
    };
    let read = |node: &Node| {
        spec::read(node).ok().map(|allow| Exception { allow, span: node.origin.span, used: false })
    };
    items.iter().filter_map(read).collect()
}

fn matches(allow: &spec::Allow, diagnostic: &Diagnostic) -> bool {
    let excusable = diagnostic.severity != Severity::Error && diagnostic.code.name == allow.rule;
    let Some(on) = allow.on.as_deref() else { return excusable };
    let about_entity = diagnostic.entity.as_ref().is_some_and(|entity| is_within(entity, on));
    let about_object = diagnostic.object.as_deref().is_some_and(|object| names_object(object, on));
    excusable && (about_entity || about_object)
}

/// Whether `entity` is the part of the platform that `on` names, or lies within it.
fn is_within(entity: &KeyPath, on: &str) -> bool {
    let text = entity.to_string();
    text.strip_prefix(on).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Whether `on` is `Kind/name`, or the object exactly as diagnostics print it.
fn names_object(object: &str, on: &str) -> bool {
    if object == on {
        return true;
    }
    let name = object.rsplit([' ', '/']).next().unwrap_or_default();
    let kind = object.split(' ').next().unwrap_or_default();
    on.split_once('/').is_some_and(|(on_kind, on_name)| on_kind == kind && on_name == name)
}
