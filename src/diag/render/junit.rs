//! Diagnostics as a JUnit report: a suite a file and a failed case a finding. Notes are cases that pass.
//!
//! A report without a single case looks to CI servers as if nothing had run, so where there is nothing to say one case
//! says that.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diag::{Diagnostic, Severity, clean};
use crate::source::Sources;

/// The report, ending in a newline.
#[must_use]
pub fn junit(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut suites: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let file = diagnostic.labels.first().map_or("bayplan", |label| sources.name(label.span.file));
        suites.entry(file).or_default().push(diagnostic);
    }
    let failures = failures(diagnostics.iter());
    let tests = diagnostics.len().max(1);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bayplan\" tests=\"{tests}\" failures=\"{failures}\">\n"
    );
    if suites.is_empty() {
        text.push_str("  <testsuite name=\"bayplan\" tests=\"1\" failures=\"0\">\n");
        text.push_str("    <testcase classname=\"bayplan\" name=\"nothing to mend\"/>\n  </testsuite>\n");
    }
    for (file, found) in suites {
        suite(&mut text, file, &found, sources);
    }
    text.push_str("</testsuites>\n");
    text
}

fn failures<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> usize {
    diagnostics.filter(|diagnostic| diagnostic.severity != Severity::Note).count()
}

fn suite(text: &mut String, file: &str, found: &[&Diagnostic], sources: &Sources) {
    let failures = failures(found.iter().copied());
    let file = escaped(file);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{failures}\">", found.len());
    for diagnostic in found {
        let name: Vec<&str> =
            [Some(diagnostic.code.name), diagnostic.object.as_deref(), diagnostic.field.as_deref()]
                .into_iter()
                .flatten()
                .collect();
        let name = escaped(&name.join(" "));
        let _ = write!(text, "    <testcase classname=\"{file}\" name=\"{name}\"");
        if diagnostic.severity == Severity::Note {
            text.push_str("/>\n");
        } else {
            let (message, body) = (escaped(&diagnostic.message), escaped(&body(diagnostic, sources)));
            let severity = diagnostic.severity.as_str();
            let _ = writeln!(
                text,
                ">\n      <failure message=\"{message}\" type=\"{severity}\">{body}</failure>"
            );
            text.push_str("    </testcase>\n");
        }
    }
    text.push_str("  </testsuite>\n");
}

fn body(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.labels.first().map(|label| {
        let at = sources.locate(label.span.file, label.span.start);
        format!("{}:{}:{}", sources.name(label.span.file), at.line, at.column)
    });
    let hints = diagnostic.hints.iter().map(|hint| format!("help: {hint}"));
    place.into_iter().chain(hints).collect::<Vec<_>>().join("\n")
}

/// The text within XML, which has no control characters but the line break, not even as references.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean::lines(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
