//! What is wrong with a name: one line that states the rule, and the name that was probably meant.

use std::fmt;

/// The characters of a faulty name that a message repeats; more would hide the message.
const SHOWN: usize = 64;

/// A text that breaks the rule of its type.
///
/// The message is one line in lower case that stands alone; control characters in the text are escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    message: String,
    position: Option<usize>,
    suggestion: Option<String>,
}

impl NameError {
    /// `text` is not `what` ("a DNS label"), because of `fault`.
    pub(super) fn new(text: &str, what: &str, fault: Fault) -> Self {
        let Fault { reason, position } = fault;
        let message = if text.is_empty() {
            format!("{what} may not be empty")
        } else {
            format!("`{}` is not {what}: {reason}", shown(text))
        };
        Self { message, position, suggestion: None }
    }

    /// Adds the text that was meant, if there is one.
    #[must_use]
    pub(super) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }

    /// The sentence, as `Display` prints it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The first offending byte of the text, where one can be told.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        self.position
    }

    /// A text that keeps the rule and is near enough to be what was meant.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NameError {}

/// Why a text breaks its rule, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    reason: String,
    position: Option<usize>,
}

impl Fault {
    /// A reason that concerns the text as a whole.
    pub(super) fn of(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), position: None }
    }

    /// A reason that concerns the text from byte `position` on.
    pub(super) fn at(position: usize, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), position: Some(position) }
    }

    /// A character at byte `position` of `text` that is not `allowed` ("a digit or `-`").
    pub(super) fn character(text: &str, position: usize, allowed: &str) -> Self {
        let ordinal = text.get(..position).map_or(0, |before| before.chars().count()) + 1;
        let found = text.get(position..).and_then(|rest| rest.chars().next()).unwrap_or('\0');
        let reason = format!("character {ordinal}, `{}`, is not {allowed}", escaped(found));
        Self { reason, position: Some(position) }
    }

    /// A text of `length` where `most` are allowed.
    pub(super) fn too_long(length: usize, most: usize) -> Self {
        Self::of(format!("it has {length} characters, and {most} is the most"))
    }

    /// The same fault, found in a part of the text that starts at byte `start` and is called `part`.
    pub(super) fn within(self, part: &str, start: usize) -> Self {
        Self {
            reason: format!("in {part}, {}", self.reason),
            position: self.position.map(|position| position + start),
        }
    }
}

/// Text as a message repeats it: on one line, without control characters, not too long.
pub(super) fn shown(text: &str) -> String {
    let mut out: String = text.chars().take(SHOWN).map(escaped).collect();
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// One character as a message repeats it. Invisible and direction-changing characters become `\u{…}`.
fn escaped(c: char) -> String {
    let direction =
        matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    match c {
        '\'' | '"' | '\\' => c.to_string(),
        _ if direction => c.escape_unicode().to_string(),
        _ => c.escape_debug().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_whatever_the_text_holds() {
        let text = "a\nb\u{1b}[31m\u{202e}";
        let error = NameError::new(text, "a DNS label", Fault::character(text, 1, "a digit"));
        assert_eq!(
            error.message(),
            "`a\\nb\\u{1b}[31m\\u{202e}` is not a DNS label: character 2, `\\n`, is not a digit"
        );
    }

    #[test]
    fn a_long_text_is_cut_in_the_message() {
        let error = NameError::new(&"x".repeat(500), "a DNS label", Fault::too_long(500, 63));
        assert!(error.message().chars().count() < 140, "{error}");
    }

    #[test]
    fn a_position_counts_characters_for_people_and_bytes_for_programs() {
        let fault = Fault::character("éa", 2, "a digit");
        assert_eq!(fault.position, Some(2));
        assert!(fault.reason.starts_with("character 2, `a`"), "{}", fault.reason);
    }
}
