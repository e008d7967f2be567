//! Texts with places to fill in, and words as a shell reads them.
//!
//! A place is `{{name}}`. What is filled in is not looked at again, so no value can open a place of its own.

/// The template with each place filled in. A place without a value stays as it is; tests see to it that none does.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let place = after.split_once("}}");
        let value = place.and_then(|(name, _)| values.iter().find(|(known, _)| *known == name));
        if let (Some((_, after)), Some((_, value))) = (place, value) {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push_str("{{");
            rest = after;
        }
    }
    filled + rest
}

/// The text as one word of a POSIX shell.
pub(super) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The words of a command, as one line of a POSIX shell.
pub(super) fn command<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|text| word(text.as_ref())).collect::<Vec<_>>().join(" ")
}

/// The text on one line: what could end a line, or hide, becomes a blank.
pub(super) fn one_line(text: &str) -> String {
    let blank = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    text.trim().chars().map(|c| if blank(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once_and_unknown_ones_stay() {
        let values = [("a", "{{b}}"), ("b", "2")];
        assert_eq!(fill("{{a}} {{b}} {{c}} {{", &values), "{{b}} 2 {{c}} {{");
    }

    #[test]
    fn a_shell_reads_a_word_as_it_was() {
        assert_eq!(word("redis-cli"), "redis-cli");
        assert_eq!(word(""), "''");
        assert_eq!(word("\\l"), "'\\l'");
        assert_eq!(word("it's; rm -rf $HOME"), "'it'\\''s; rm -rf $HOME'");
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(one_line(" a\nb\u{85}c\u{2028}d "), "a b c d");
    }
}
