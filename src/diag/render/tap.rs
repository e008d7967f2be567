//! Diagnostics in the Test Anything Protocol, version 13: a failed point a finding. Notes are points that pass.

use std::fmt::Write as _;

use crate::diag::{Diagnostic, Severity, clean};
use crate::source::Sources;

/// The stream, ending in a newline. Where there is nothing to say one point says that.
#[must_use]
pub fn tap(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    if diagnostics.is_empty() {
        return "TAP version 13\n1..1\nok 1 - nothing to mend\n".to_owned();
    }
    let mut text = format!("TAP version 13\n1..{}\n", diagnostics.len());
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        let result = if diagnostic.severity == Severity::Note { "ok" } else { "not ok" };
        // A number sign begins a directive. Writing to a string cannot fail.
        let message = clean::line(&diagnostic.message).replace('#', "\\#");
        let _ = writeln!(text, "{result} {} - {}: {message}", index + 1, diagnostic.code.name);
        details(&mut text, diagnostic, sources);
    }
    text
}

/// The block of YAML under a point. Its texts are JSON strings, which YAML reads too.
fn details(text: &mut String, diagnostic: &Diagnostic, sources: &Sources) {
    let quoted = |text: &str| crate::value::Value::from(clean::line(text)).to_string();
    text.push_str("  ---\n");
    let _ = writeln!(text, "  severity: {}", diagnostic.severity.as_str());
    if let Some(label) = diagnostic.labels.first() {
        let at = sources.locate(label.span.file, label.span.start);
        let file = quoted(sources.name(label.span.file));
        let _ = writeln!(text, "  file: {file}\n  line: {}\n  column: {}", at.line, at.column);
    }
    for (key, value) in [("object", &diagnostic.object), ("field", &diagnostic.field)] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {key}: {}", quoted(value));
        }
    }
    if let Some(hint) = diagnostic.hints.first() {
        let _ = writeln!(text, "  help: {}", quoted(hint));
    }
    text.push_str("  ...\n");
}
