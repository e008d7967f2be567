//! `${NAME}` in a Compose file: interpolation as <https://docs.docker.com/reference/compose-file/interpolation/> has it, and the
//! `.env` file that gives values.

use std::collections::BTreeMap;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// A text as it is.
    Text(String),
    /// A variable.
    Variable {
        /// Its name.
        name: String,
        /// What stands for it where it has no value: a text that may hold variables.
        default: Option<String>,
        /// What stands for it where it has a value.
        replacement: Option<String>,
    },
}

/// The parts of a text. What looks like a variable and is none stays as it is.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix('$') {
            plain.push('$');
            rest = after;
        } else if let Some((piece, behind)) = variable(after) {
            if !plain.is_empty() {
                found.push(Piece::Text(std::mem::take(&mut plain)));
            }
            found.push(piece);
            rest = behind;
        } else {
            plain.push('$');
            rest = after;
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        found.push(Piece::Text(plain));
    }
    found
}

/// The variable that `text` begins with, behind its `$`, and what follows it.
fn variable(text: &str) -> Option<(Piece, &str)> {
    let Some(inner) = text.strip_prefix('{') else {
        let end = name_end(text);
        return (end > 0).then(|| (bare(&text[..end]), &text[end..]));
    };
    let end = closing(inner)?;
    let (body, behind) = (&inner[..end], &inner[end + 1..]);
    let name = &body[..name_end(body)];
    if name.is_empty() {
        return None;
    }
    let operator = &body[name.len()..];
    let argument = |prefix: &str| operator.strip_prefix(prefix).map(str::to_owned);
    let default = argument(":-").or_else(|| argument("-"));
    let replacement = argument(":+").or_else(|| argument("+"));
    let known = operator.is_empty() || default.is_some() || replacement.is_some();
    let demanded = operator.starts_with(":?") || operator.starts_with('?');
    (known || demanded).then(|| (Piece::Variable { name: name.to_owned(), default, replacement }, behind))
}

fn bare(name: &str) -> Piece {
    Piece::Variable { name: name.to_owned(), default: None, replacement: None }
}

/// Where the name ends that a text begins with.
fn name_end(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// Where the brace closes that was opened before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The variables of a file such as `.env`: `NAME=value` a line. A name without a value is left out: whoever starts Compose has it.
#[must_use]
pub fn env_file(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), unquoted(value.trim()).to_owned())).collect()
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|rest| rest.rsplit_once(quote)) {
            return inner;
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end()
}

/// The text with the values of its variables; the names of those that have none are added to `unset`.
pub(super) fn plain(text: &str, values: &BTreeMap<String, String>, unset: &mut Vec<String>) -> String {
    plain_to(text, values, unset, 0)
}

/// Defaults may hold variables, whose defaults may: nobody nests them deeper than this.
const DEEPEST: usize = 16;

fn plain_to(text: &str, values: &BTreeMap<String, String>, unset: &mut Vec<String>, depth: usize) -> String {
    if depth > DEEPEST {
        return String::new();
    }
    let mut whole = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => whole.push_str(&text),
            Piece::Variable { name, default, replacement } => {
                let value = values.get(&name).filter(|value| !value.is_empty());
                match (value, replacement, default) {
                    (None, Some(_), _) => {}
                    (Some(_), Some(text), _) | (None, None, Some(text)) => {
                        whole.push_str(&plain_to(&text, values, unset, depth + 1));
                    }
                    (Some(value), None, _) => whole.push_str(value),
                    (None, None, None) => unset.push(name),
                }
            }
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> (String, Vec<String>) {
        let values = BTreeMap::from([("A".to_owned(), "1".to_owned()), ("E".to_owned(), String::new())]);
        let mut unset = Vec::new();
        (plain(text, &values, &mut unset), unset)
    }

    #[test]
    fn variables_are_filled_in_as_compose_does() {
        for (text, expected) in [
            ("$A-${A}", "1-1"),
            ("$$A ${A", "$A ${A"),
            ("${B:-x${A}y}", "x1y"),
            ("${E:-empty}", "empty"),
            ("${A:+set}${B:+set}", "set"),
            ("${A:?must be there}", "1"),
            ("cost: $5 and ${1}", "cost: $5 and ${1}"),
        ] {
            assert_eq!(filled(text), (expected.to_owned(), vec![]), "{text}");
        }
        assert_eq!(filled("${B}:$C"), (":".to_owned(), vec!["B".to_owned(), "C".to_owned()]));
        let endless = "${B:-".repeat(40) + "x" + &"}".repeat(40);
        assert_eq!(filled(&endless).0, "");
    }

    #[test]
    fn a_file_of_variables_is_read() {
        let text = "# a comment\nA=1 # one\nexport B=\"two # words\"\nC='3'\nD\nE=\n";
        let found: Vec<(String, String)> = env_file(text).into_iter().collect();
        let pairs = [("A", "1"), ("B", "two # words"), ("C", "3"), ("E", "")];
        assert_eq!(found, pairs.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
