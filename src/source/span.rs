//! Files and byte ranges within them, and the line and column of a byte.

use std::ops::Range;

/// One file of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A half-open byte range of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file that the bytes are in.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A place as a person counts: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

#[derive(Debug, Clone)]
struct SourceFile {
    name: String,
    text: String,
    line_starts: Vec<usize>,
}

/// The texts that a compilation read, by [`FileId`].
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and returns its id. `name` is what diagnostics print: a path relative to the platform's folder.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.files.push(SourceFile { name: name.into(), text, line_starts });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The name that the file was added under; empty for an id of another `Sources`.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("", |f| &f.name)
    }

    /// The whole text of the file; empty for an id of another `Sources`.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", |f| &f.text)
    }

    /// The text under a span, clamped to the file and to character boundaries.
    #[must_use]
    pub fn snippet(&self, span: Span) -> &str {
        &self.text(span.file)[self.range(span)]
    }

    /// The bytes of a span, clamped to the file and to character boundaries: safe to cut the file's text with.
    #[must_use]
    pub fn range(&self, span: Span) -> Range<usize> {
        let text = self.text(span.file);
        let start = floor_boundary(text, span.start);
        start..floor_boundary(text, span.end).max(start)
    }

    /// The line and column of a byte.
    #[must_use]
    pub fn locate(&self, file: FileId, byte: usize) -> LineColumn {
        let Some(source) = self.file(file) else {
            return LineColumn { line: 1, column: 1 };
        };
        let byte = floor_boundary(&source.text, byte);
        let line = source.line_starts.partition_point(|&start| start <= byte).max(1);
        let column = source.text[source.line_starts[line - 1]..byte].chars().count() + 1;
        LineColumn { line, column }
    }

    fn file(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.0 as usize)
    }
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_not_bytes() {
        let mut sources = Sources::default();
        let file = sources.add("a", "one\nüx = 1\n");
        assert_eq!(sources.locate(file, 6), LineColumn { line: 2, column: 2 });
    }

    #[test]
    fn places_outside_the_text_are_clamped() {
        let mut sources = Sources::default();
        let file = sources.add("a", "é");
        assert_eq!(sources.locate(file, 1), LineColumn { line: 1, column: 1 });
        assert_eq!(sources.locate(file, 99), LineColumn { line: 1, column: 2 });
        assert_eq!(sources.snippet(Span { file, start: 1, end: 50 }), "é");
    }
}
