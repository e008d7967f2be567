//! What an expression or a template got wrong, in words that mend it.

use std::ops::Range;

use minijinja::{Error, ErrorKind};

use super::codes::{TEMPLATE_ENDLESS, TEMPLATE_ERROR, UNDEFINED_VARIABLE};
use super::scope::listed;
use crate::diag::{Code, did_you_mean};
use crate::value::Value;

/// What went wrong, before it is given a place.
pub(super) struct Explained {
    /// The kind of the trouble.
    pub code: &'static Code,
    /// What is said.
    pub message: String,
    /// The edit that mends it.
    pub hint: String,
    /// The part of the text that is to blame; all of it where that is not known.
    pub range: Option<Range<usize>>,
    /// The path of what is undefined, where that is the trouble.
    pub undefined: Option<String>,
}

/// Explains the error that the text gave, with what expressions could use.
pub(super) fn explain(error: &Error, text: &str, known: &Value) -> Explained {
    let range = error.range().filter(|range| text.get(range.clone()).is_some());
    let named = range.as_ref().map(|range| name_round(text, range.start));
    if let Some(hyphenated) = named.clone().and_then(|name| with_hyphens(text, &name)) {
        return hyphen(text, hyphenated, known);
    }
    match (error.kind(), named) {
        (ErrorKind::UndefinedError, Some(name)) if !name.is_empty() => undefined(text, name, known),
        (ErrorKind::OutOfFuel, _) => endless(range),
        _ if error.detail().is_some_and(|detail| detail.contains("recursion limit")) => endless(range),
        (kind, _) => {
            let message =
                error.detail().map_or_else(|| kind.to_string(), |detail| format!("{kind}: {detail}"));
            let hint = remedy(kind, text).to_owned();
            Explained { code: &TEMPLATE_ERROR, message, hint, range, undefined: None }
        }
    }
}

fn endless(range: Option<Range<usize>>) -> Explained {
    Explained {
        code: &TEMPLATE_ENDLESS,
        message: "the template does not end".to_owned(),
        hint: "loop over less, and let no macro call itself".to_owned(),
        range,
        undefined: None,
    }
}

fn remedy(kind: ErrorKind, text: &str) -> &'static str {
    let open = |left: &str, right: &str| text.matches(left).count() > text.matches(right).count();
    match kind {
        ErrorKind::SyntaxError if open("{{", "}}") => "close the expression with `}}`",
        ErrorKind::SyntaxError if open("{%", "%}") => "close the statement with `%}`",
        ErrorKind::SyntaxError => "the syntax is at https://docs.rs/minijinja/latest/minijinja/syntax/",
        ErrorKind::UnknownFilter => "the filters are at https://docs.rs/minijinja/latest/minijinja/filters/",
        ErrorKind::UnknownTest => "the tests are at https://docs.rs/minijinja/latest/minijinja/tests/",
        ErrorKind::UnknownFunction => {
            "the functions are at https://docs.rs/minijinja/latest/minijinja/functions/"
        }
        ErrorKind::TemplateNotFound => "a template sees no other file: put the text here",
        _ => "correct the expression",
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

/// The dotted name that byte `at` of a text belongs to, or that follows it.
fn name_round(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].trim_end_matches(is_name).len();
    let skipped = text[start..].trim_start_matches(|c: char| !is_name(c)).len();
    let start = if text[start..].starts_with(is_name) { start } else { text.len() - skipped };
    let end = text.len() - text[start..].trim_start_matches(is_name).len();
    let dots = text[start..end].len() - text[start..end].trim_start_matches('.').len();
    start + dots..end
}

/// The name and what follows it behind hyphens, where the user wrote a key as TOML spells it.
fn with_hyphens(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let rest = text[name.end..].strip_prefix('-')?;
    let is_word = rest.starts_with(|c: char| c.is_alphabetic());
    let word = |c: char| is_name(c) || c == '-';
    let end = text.len() - text[name.end..].trim_start_matches(word).len();
    (is_word && text[name.clone()].contains('.')).then_some(name.start..end)
}

fn hyphen(text: &str, range: Range<usize>, known: &Value) -> Explained {
    let written = text[range.clone()].trim_end_matches('-');
    let meant = written.replace('-', "_");
    let hint = match missing(&meant, known) {
        None => format!("write `{meant}`: an expression reads a hyphen as minus"),
        Some(gap) => format!("write `_` for `-` in an expression; {}", gap.hint),
    };
    let message = format!("`{written}` is read as a subtraction");
    Explained { code: &UNDEFINED_VARIABLE, message, hint, range: Some(range), undefined: Some(meant) }
}

fn undefined(text: &str, range: Range<usize>, known: &Value) -> Explained {
    let name = &text[range.clone()];
    let (path, hint) = missing(name, known)
        .map_or_else(|| (name.to_owned(), "correct the expression".to_owned()), |gap| (gap.path, gap.hint));
    Explained {
        code: &UNDEFINED_VARIABLE,
        message: format!("`{path}` is undefined"),
        hint,
        range: Some(range),
        undefined: Some(path),
    }
}

/// The first part of a dotted name that does not exist.
struct Gap {
    path: String,
    hint: String,
}

fn missing(name: &str, known: &Value) -> Option<Gap> {
    let mut value = known;
    let mut seen = String::new();
    for part in name.split('.') {
        let fields = value.as_object()?;
        let path = if seen.is_empty() { part.to_owned() } else { format!("{seen}.{part}") };
        let Some(next) = fields.get(part) else {
            return Some(Gap { hint: suggest(part, &seen, fields), path });
        };
        value = next;
        seen = path;
    }
    None
}

fn suggest(part: &str, seen: &str, fields: &crate::value::Map) -> String {
    let choices: Vec<String> =
        fields.keys().filter(|key| !key.contains('-')).map(ToString::to_string).collect();
    match (did_you_mean(part, choices.iter().map(String::as_str)), choices.as_slice()) {
        (Some(near), _) if seen.is_empty() => format!("did you mean `{near}`?"),
        (Some(near), _) => format!("did you mean `{seen}.{near}`?"),
        (None, _) if seen == "vars" => format!("define it: `vars.{part} = \"…\"`"),
        (None, []) => format!("`{seen}` is empty"),
        (None, choices) if seen.is_empty() => format!("there is {}", listed(choices)),
        (None, choices) => format!("`{seen}` has {}", listed(choices)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn the_whole_name_is_found_from_any_of_its_bytes() {
        let text = "a {{ databases.pg.hostname }}";
        for at in [5, 14, 18, 25] {
            assert_eq!(&text[name_round(text, at)], "databases.pg.hostname", "{at}");
        }
        assert_eq!(&text[name_round(text, 4)], "databases.pg.hostname");
        assert_eq!(name_round("{{ }}", 5), 5..5);
        assert_eq!(&"é.ü"[name_round("é.ü", 0)], "é.ü");
    }

    #[test]
    fn the_first_part_that_is_missing_is_named() {
        let known = json!({"vars": {"host": "a", "auth-path": "/", "auth_path": "/"}});
        let gap = |name: &str| missing(name, &known).map(|gap| (gap.path, gap.hint));
        assert_eq!(gap("vars.host"), None);
        assert_eq!(gap("vars.hots.x"), Some(("vars.hots".into(), "did you mean `vars.host`?".into())));
        assert_eq!(gap("var.host"), Some(("var".into(), "did you mean `vars`?".into())));
    }

    #[test]
    fn a_hyphen_is_no_part_of_a_name_unless_a_word_follows() {
        let found = |text: &str| with_hyphens(text, &name_round(text, 0)).map(|range| text[range].to_owned());
        assert_eq!(found("vars.auth-path }}").as_deref(), Some("vars.auth-path"));
        assert_eq!(found("vars.a-1"), None);
        assert_eq!(found("vars.a - vars.b"), None);
    }
}
