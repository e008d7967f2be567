//! What the parser of TOML says, in words that mend it: what stands there, and the edit.

use crate::diag::Diagnostic;
use crate::source::{FileId, Sources, Span};

use super::codes::TOML_SYNTAX;

/// The errors of a text, the first of each line: what follows it on the line is mostly its consequence.
pub(super) fn report(sources: &Sources, file: FileId, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let text = sources.text(file);
    let mut reported: Vec<usize> = Vec::new();
    let mut problems = Vec::new();
    for error in errors {
        let range = error.span().unwrap_or_default();
        let line = sources.locate(file, range.start).line;
        if reported.contains(&line) {
            continue;
        }
        reported.push(line);
        let span = Span { file, start: range.start, end: range.end };
        let found = Found { text, span, written: sources.snippet(span), message: error.message() };
        problems.push(found.describe());
    }
    problems
}

/// One error of the parser, and where it stands.
struct Found<'a> {
    text: &'a str,
    span: Span,
    written: &'a str,
    message: &'a str,
}

impl Found<'_> {
    fn describe(&self) -> Diagnostic {
        let message = self.message.lines().collect::<Vec<_>>().join(", ");
        let (message, hint) = match message.as_str() {
            "duplicate key" => return self.duplicate(),
            "recursion limit" => {
                ("it is nested too deeply".to_owned(), "nest fewer than 80 levels deep".to_owned())
            }
            _ => self.reword(&message),
        };
        Diagnostic::new(&TOML_SYNTAX, message).at(Some(self.span), "").hint(hint)
    }

    /// The message and the edit, where the parser's own words are about its grammar more than about the mistake.
    fn reword(&self, message: &str) -> (String, String) {
        let line = self.line();
        if let Some((key, value)) = yaml(line) {
            let value = if value.is_empty() { "…".to_owned() } else { quoted(value) };
            return ("a key and its value are joined by `=`".to_owned(), format!("write `{key} = {value}`"));
        }
        if message.starts_with("string values must be quoted") {
            return match self.written.trim() {
                "" => (
                    "a value is missing".to_owned(),
                    "write a value behind `=`, or remove the key".to_owned(),
                ),
                word => (format!("the text `{word}` is not in quotes"), format!("write `{}`", quoted(word))),
            };
        }
        let hint = match message {
            _ if message.contains("expected `]`") => "close it with `]`",
            _ if message.contains("expected `}`") => "close it with `}`",
            _ if message.contains("expected `,`") => "write `,` here, between the two",
            _ if message.contains("expected `\"`") || message.contains("expected `'`") => {
                "close the text with the quote that it begins with"
            }
            _ if message.contains("expected `=`") => "write `= …` behind the key",
            _ => "the grammar is at https://toml.io/en/v1.0.0",
        };
        (message.to_owned(), hint.to_owned())
    }

    fn duplicate(&self) -> Diagnostic {
        let header = self.line().trim_start().starts_with('[');
        let message = if header {
            format!("the table `{}` is there twice", self.line().trim())
        } else {
            format!("the key `{}` is there twice", self.written)
        };
        Diagnostic::new(&TOML_SYNTAX, message)
            .at(Some(self.span), "")
            .at(self.first(), "first written here")
            .hint(if header { "merge the two" } else { "remove one of them" })
    }

    /// Where the line that this one repeats was written first: the same header, or the same key below one header.
    fn first(&self) -> Option<Span> {
        let own = self.line().trim();
        let before = self.text.get(..self.line_start())?;
        let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
        let mut end = before.len();
        for line in before.split_inclusive('\n').rev() {
            let start = end - line.len();
            end = start;
            let trimmed = line.trim();
            let same = if own.starts_with('[') { trimmed == own } else { key(trimmed) == key(own) };
            if same {
                let indent = line.len() - line.trim_start().len();
                let length = if own.starts_with('[') { trimmed.len() } else { key(trimmed).len() };
                return Some(Span {
                    file: self.span.file,
                    start: start + indent,
                    end: start + indent + length,
                });
            }
            if trimmed.starts_with('[') && !own.starts_with('[') {
                return None;
            }
        }
        None
    }

    fn line_start(&self) -> usize {
        let before = self.text.get(..self.span.start).unwrap_or_default();
        before.rfind('\n').map_or(0, |at| at + 1)
    }

    fn line(&self) -> &str {
        self.text.get(self.line_start()..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }
}

/// The key and the value of a line that looks like YAML.
fn yaml(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().split_once(':')?;
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_key = !key.is_empty() && key.chars().all(bare);
    (is_key && (value.is_empty() || value.starts_with(' '))).then_some((key, value.trim()))
}

/// A word as a TOML value: as it is where it is a number or a boolean, else in quotes.
fn quoted(word: &str) -> String {
    let plain = word.parse::<f64>().is_ok() || matches!(word, "true" | "false");
    if plain || word.starts_with(['"', '\'', '[', '{']) { word.to_owned() } else { format!("\"{word}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_yaml_is_told_from_toml() {
        assert_eq!(yaml("  image: registry.example/api:1"), Some(("image", "registry.example/api:1")));
        assert_eq!(yaml("ports:"), Some(("ports", "")));
        assert_eq!(yaml("image = \"registry.example/api:1\""), None);
        assert_eq!(yaml("http://localhost"), None);
    }

    #[test]
    fn words_are_quoted_and_numbers_are_not() {
        assert_eq!(quoted("core"), "\"core\"");
        assert_eq!(quoted("3"), "3");
        assert_eq!(quoted("[1]"), "[1]");
    }
}
