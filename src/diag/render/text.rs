//! Diagnostics for people: the offending text underlined, with its file, line and column.
//!
//! ```text
//! error[unknown-key]: unknown key `replica` in a workload
//!  --> platform.toml:3:1
//!   |
//! 3 | replica = 3
//!   | ^^^^^^^ no such key
//!   |
//!   = help: did you mean `replicas`?
//! ```

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Renderer, Snippet};

use crate::diag::{Diagnostic, Label, Severity, clean};
use crate::source::{FileId, Sources};

/// Narrower than this nothing of a line would be left beside its number.
const LEAST_WIDTH: usize = 40;

/// Whether the text is coloured. Whoever prints it knows whether it goes to a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// Plain text.
    #[default]
    Never,
    /// With ANSI escape sequences.
    Always,
}

/// How the text is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether it is coloured.
    pub color: Color,
    /// The width of the terminal in columns: longer source lines are cut round the underlined part.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: Color::Never, width: 120 }
    }
}

/// The diagnostics one after the other with an empty line between, ending in a newline; empty where there are none.
#[must_use]
pub fn text(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = renderer(style);
    let reports = diagnostics.iter().map(|diagnostic| {
        let report = renderer.render(&[group(diagnostic, sources)]);
        format!("{}\n", report.trim_end())
    });
    reports.collect::<Vec<_>>().join("\n")
}

const fn renderer(style: Style) -> Renderer {
    let renderer = match style.color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    renderer.term_width(if style.width < LEAST_WIDTH { LEAST_WIDTH } else { style.width })
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let title =
        level(diagnostic.severity).primary_title(clean::line(&diagnostic.message)).id(diagnostic.code.name);
    Group::with_title(title).elements(snippets(&diagnostic.labels, sources)).elements(remarks(diagnostic))
}

const fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// One snippet a file: that of the first label first, the others as they come.
fn snippets<'a>(labels: &'a [Label], sources: &'a Sources) -> Vec<Element<'a>> {
    let mut files: Vec<FileId> = Vec::new();
    for label in labels {
        if !files.contains(&label.span.file) && !sources.name(label.span.file).is_empty() {
            files.push(label.span.file);
        }
    }
    files.into_iter().map(|file| snippet(file, labels, sources).into()).collect()
}

fn snippet<'a>(file: FileId, labels: &'a [Label], sources: &'a Sources) -> Snippet<'a, Annotation<'a>> {
    let kinds = std::iter::once(AnnotationKind::Primary).chain(std::iter::repeat(AnnotationKind::Context));
    let here = kinds.zip(labels).filter(|(_, label)| label.span.file == file);
    let here: Vec<_> = here.map(|(kind, label)| (kind, label, sources.range(label.span))).collect();
    let shown = whole_lines(sources.text(file), hull(here.iter().map(|(_, _, range)| range)));
    let annotations = here.into_iter().map(|(kind, label, range)| {
        let text = (!label.text.is_empty()).then(|| clean::line(&label.text));
        kind.span(range.start - shown.start..range.end - shown.start).label(text)
    });
    Snippet::source(clean::source(&sources.text(file)[shown.clone()]))
        .line_start(sources.locate(file, shown.start).line)
        .path(clean::line(sources.name(file)))
        .annotations(annotations.collect::<Vec<_>>())
}

/// The smallest range that holds all of them.
fn hull<'a>(ranges: impl Iterator<Item = &'a Range<usize>>) -> Range<usize> {
    ranges.cloned().reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(0..0)
}

/// The lines that hold the range. A renderer that saw the whole file would number all its lines for each diagnostic.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
    // The carriage return of a Windows line break is no part of the line.
    let end = if text[range.end..line_end].ends_with('\r') { line_end - 1 } else { line_end };
    start..end
}

/// The object, the environments, and the remedies.
fn remarks(diagnostic: &Diagnostic) -> Vec<Element<'_>> {
    let notes = [concerned(diagnostic), environments(diagnostic)].into_iter().flatten();
    let notes = notes.map(|text| Level::NOTE.message(text).into());
    let hints = diagnostic.hints.iter().map(|hint| Level::HELP.message(clean::lines(hint)).into());
    notes.chain(hints).collect()
}

fn concerned(diagnostic: &Diagnostic) -> Option<Cow<'_, str>> {
    match (&diagnostic.object, &diagnostic.field) {
        (Some(object), Some(field)) => {
            Some(format!("{}, field `{}`", clean::line(object), clean::line(field)).into())
        }
        (Some(object), None) => Some(clean::line(object)),
        (None, Some(field)) => Some(format!("field `{}`", clean::line(field)).into()),
        (None, None) => None,
    }
}

fn environments(diagnostic: &Diagnostic) -> Option<Cow<'_, str>> {
    let names: Vec<Cow<'_, str>> = diagnostic.environments.iter().map(|name| clean::line(name)).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("in environment {one}").into()),
        several => Some(format!("in environments {}", several.join(", ")).into()),
    }
}
