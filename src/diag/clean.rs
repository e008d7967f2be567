//! Text from outside, made safe for a terminal: no control characters, nothing that turns the writing direction.
//!
//! A manifest or a platform file can hold escape sequences that move the cursor, recolour the screen or answer for the
//! user; what is shown of it must not work as one.

use std::borrow::Cow;

/// Whether a terminal may act on the character instead of showing it.
pub(super) fn is_hazard(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Directional marks and other characters that are there without being seen ("Trojan Source", CVE-2021-42574).
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text on one line, with hazards as `\n` or `\u{1b}`.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    escape(text, is_hazard)
}

/// The text with its line breaks, all other hazards as `\u{1b}`.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && is_hazard(c))
}

/// The text with every hazard replaced by a mark of the same length in bytes, so that spans stay where they are. Tabs
/// and line breaks stay, and so do the ASCII control characters, which the renderer draws as pictures (`␛`).
pub(super) fn source(text: &str) -> Cow<'_, str> {
    let hazard = |c: char| !c.is_ascii() && is_hazard(c);
    if !text.chars().any(hazard) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if hazard(c) { mark_of_length(c.len_utf8()) } else { c }).collect()
}

/// A visible character that takes `length` bytes. No hazard beyond ASCII is shorter than two.
const fn mark_of_length(length: usize) -> char {
    match length {
        0..=2 => '¿',
        3 => '\u{fffd}',
        _ => '\u{1f6ab}',
    }
}

fn escape(text: &str, hazard: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hazard) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            _ if !hazard(c) => out.push(c),
            '\n' | '\t' | '\r' => out.extend(c.escape_default()),
            _ => out.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazards_are_spelled_out() {
        assert_eq!(line("a\u{1b}[2J\n\u{9b}\u{202e}b"), "a\\u{1b}[2J\\n\\u{9b}\\u{202e}b");
        assert_eq!(lines("a\nb\u{7}"), "a\nb\\u{7}");
        assert!(matches!(line("Grüße, 世界 🚢"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_source_keeps_its_length() {
        let text = "a\u{9b}\u{202e}\u{e0001}\tz";
        let clean = source(text);
        assert_eq!(clean.len(), text.len());
        assert_eq!(clean, "a¿\u{fffd}\u{1f6ab}\tz");
    }
}
