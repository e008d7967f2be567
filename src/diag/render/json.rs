//! Diagnostics as JSON, for editors and pipelines.
//!
//! The shape is stable: fields may be added and are never renamed or taken away. The text is one array, in the order of
//! the diagnostics, of objects that have every field always:
//!
//! | field | type | what it is |
//! |---|---|---|
//! | `code` | string | the stable name: `unknown-key` |
//! | `severity` | string | `error`, `warning` or `note` |
//! | `message` | string | one line that stands alone |
//! | `file` | string or null | the file, relative to the platform's folder |
//! | `line`, `column` | number or null | the first character, both from 1, columns in characters |
//! | `end_line`, `end_column` | number or null | one past the last character |
//! | `labels` | array | all places, the first repeated: `file`, `line`, `column`, `end_line`, `end_column`, `text` |
//! | `object` | string or null | the Kubernetes object: `Deployment core/api` |
//! | `field` | string or null | the field of it: `spec.replicas` |
//! | `environments` | array of strings | where it holds; empty where it does not depend on one |
//! | `hints` | array of strings | edits or commands that mend it |

use std::fmt::Write as _;

use serde::Serialize;

use crate::diag::{Diagnostic, Label, clean};
use crate::source::Sources;

/// The diagnostics as one JSON array, ending in a newline.
#[must_use]
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let findings: Vec<Finding<'_>> = diagnostics.iter().map(|d| Finding::of(d, sources)).collect();
    // Plain structs of strings and numbers always serialise.
    let text = serde_json::to_string_pretty(&findings).unwrap_or_default();
    ascii_hazards(&text)
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    labels: Vec<PlacedLabel<'a>>,
    object: Option<&'a str>,
    field: Option<&'a str>,
    environments: &'a [String],
    hints: &'a [String],
}

#[derive(Serialize)]
struct PlacedLabel<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize, Default)]
struct Place<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl<'a> Finding<'a> {
    fn of(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let labels = diagnostic.labels.iter();
        Self {
            code: diagnostic.code.name,
            severity: diagnostic.severity.as_str(),
            message: &diagnostic.message,
            place: diagnostic.labels.first().map(|label| Place::of(label, sources)).unwrap_or_default(),
            labels: labels.map(|l| PlacedLabel { place: Place::of(l, sources), text: &l.text }).collect(),
            object: diagnostic.object.as_deref(),
            field: diagnostic.field.as_deref(),
            environments: &diagnostic.environments,
            hints: &diagnostic.hints,
        }
    }
}

impl<'a> Place<'a> {
    fn of(label: &Label, sources: &'a Sources) -> Self {
        let start = sources.locate(label.span.file, label.span.start);
        let end = sources.locate(label.span.file, label.span.end.max(label.span.start));
        Self {
            file: Some(sources.name(label.span.file)),
            line: Some(start.line),
            column: Some(start.column),
            end_line: Some(end.line),
            end_column: Some(end.column),
        }
    }
}

/// JSON leaves DEL, the C1 controls and directional marks as they are, and a terminal would act on them. They can only
/// stand inside strings here, where `\u` escapes mean the same.
pub(super) fn ascii_hazards(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c != '\n' && clean::is_hazard(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}
