//! Diagnostics as SARIF 2.1.0, for code scanning.
//!
//! One run; a rule for each code that occurs, with its documentation; a result for each diagnostic. The object is a logical
//! location, and a fingerprint of rule, object and field lets a scanner follow a finding while lines move.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::json::ascii_hazards;
use crate::diag::{Code, Diagnostic, Severity};
use crate::source::{Sources, Span};
use crate::value::{Value, json};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log, ending in a newline.
#[must_use]
pub fn sarif(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let codes: BTreeMap<&str, &'static Code> = diagnostics.iter().map(|it| (it.code.name, it.code)).collect();
    let index: BTreeMap<&str, usize> = codes.keys().enumerate().map(|(index, name)| (*name, index)).collect();
    let rules: Vec<Value> = codes.values().map(|code| rule(code)).collect();
    let results: Vec<Value> = diagnostics.iter().map(|it| result(it, index[it.code.name], sources)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bayplan",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    ascii_hazards(&format!("{log:#}"))
}

fn rule(code: &Code) -> Value {
    let meaning =
        code.docs.lines().find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or(code.name);
    json!({
        "id": code.name,
        "shortDescription": { "text": meaning },
        "help": { "text": code.docs, "markdown": code.docs },
        "defaultConfiguration": { "level": level(code.severity) },
    })
}

fn result(diagnostic: &Diagnostic, rule: usize, sources: &Sources) -> Value {
    let mut text = diagnostic.message.clone();
    for hint in &diagnostic.hints {
        text.push_str("\nhelp: ");
        text.push_str(hint);
    }
    let place = diagnostic.labels.first().map(|label| physical(label.span, sources));
    let mut location = crate::value::Map::new();
    location.extend(place.map(|place| ("physicalLocation".to_owned(), place)));
    if let Some(object) = &diagnostic.object {
        let name = match &diagnostic.field {
            Some(field) => format!("{object} {field}"),
            None => object.clone(),
        };
        location
            .insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": name, "kind": "object" }]));
    }
    let locations = if location.is_empty() { json!([]) } else { json!([location]) };
    json!({
        "ruleId": diagnostic.code.name,
        "ruleIndex": rule,
        "level": level(diagnostic.severity),
        "message": { "text": text },
        "locations": locations,
        "partialFingerprints": { "bayplan/v1": fingerprint(diagnostic, sources) },
    })
}

fn physical(span: Span, sources: &Sources) -> Value {
    let (start, end) = (sources.locate(span.file, span.start), sources.locate(span.file, span.end));
    json!({
        "artifactLocation": { "uri": uri(sources.name(span.file)) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

/// The same for the same finding wherever it stands in its file.
fn fingerprint(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut digest = Sha256::new();
    let file = diagnostic.labels.first().map_or("", |label| sources.name(label.span.file));
    let object = diagnostic.object.as_deref().unwrap_or_default();
    let field = diagnostic.field.as_deref().unwrap_or_default();
    for part in [diagnostic.code.name, file, object, field, &diagnostic.message] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let mut text = String::with_capacity(32);
    for byte in digest.finalize().iter().take(16) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a relative reference: what is no letter or digit of a path is written as `%20`.
fn uri(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            other => {
                // Writing to a string cannot fail.
                let _ = write!(text, "%{other:02X}");
            }
        }
    }
    text
}
