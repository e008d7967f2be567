//! Diagnostics as commands of GitHub Actions, which show them beside the lines of a pull request.
//!
//! ```text
//! ::error file=k8s/api.yaml,line=3,endLine=3,col=9,endColumn=10,title=schema-type::`spec.replicas` must be an integer
//! ```

use std::fmt::Write as _;

use crate::diag::{Diagnostic, Severity, clean};
use crate::source::Sources;

/// A command a diagnostic, each on a line of its own; empty where there is none.
#[must_use]
pub fn github(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "::{command} {}::{}", properties(diagnostic, sources), message(diagnostic));
    }
    text
}

fn properties(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let title = format!("title={}", diagnostic.code.name);
    let Some(span) = diagnostic.labels.first().map(|label| label.span) else { return title };
    let (start, end) = (sources.locate(span.file, span.start), sources.locate(span.file, span.end));
    let file = property(sources.name(span.file));
    // Columns are only understood where a finding ends on its first line.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    format!("file={file},line={},endLine={}{columns},{title}", start.line, end.line)
}

fn message(diagnostic: &Diagnostic) -> String {
    let mut parts = vec![diagnostic.message.clone()];
    parts.extend(diagnostic.object.clone());
    parts.extend(diagnostic.hints.iter().map(|hint| format!("help: {hint}")));
    data(&clean::lines(&parts.join("\n")))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&clean::line(text)).replace(':', "%3A").replace(',', "%2C")
}
