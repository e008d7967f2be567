//! One scalar: plain where no reader can take it for anything else, quoted otherwise, a literal block for lines.
//!
//! Takes a string or a number; gives the text that YAML 1.1 readers (Go's, which kubectl and most controllers use;
//! `PyYAML`) and YAML 1.2 readers alike read as that same string or number. Where they differ, the string is quoted:
//! the rules below are the union of what either would misread, and a little more.

use serde_json::Number;

/// Words that some reader takes for a null, a boolean, a number, a merge or a default, in any case.
///
/// Sources: YAML 1.1 types `null`, `bool`, `float`, `merge` and `value` (yaml.org/type), and YAML 1.2.2 section 10.3.
const RESERVED: &[&str] = &[
    "",
    "~",
    "null",
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    ".inf",
    "+.inf",
    "-.inf",
    ".nan",
    "inf",
    "+inf",
    "-inf",
    "infinity",
    "+infinity",
    "-infinity",
    "nan",
    "=",
    "<<",
];

/// Characters that mean something at the start of a plain scalar. `-` has a rule of its own, for the sake of flags.
const INDICATORS: &str = "?:,[]{}#&*!|>'\"%@`";

/// Whether `kustomize build` carries `text` through unchanged, as a key and as a value.
///
/// Kustomize reads and writes YAML several times over. Whatever the escapes, it refuses U+007F to U+009F, U+FFFE and
/// U+FFFF ("control characters are not allowed"), makes a blank of U+0085, and takes a key `<<` for a merge even in
/// quotes (measured with 5.5). Such a string is exact in what [`super::files`] gives, and lost as soon as an overlay
/// carries it.
#[must_use]
pub fn survives_kustomize(text: &str) -> bool {
    text != "<<" && !text.contains(|c| matches!(c, '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}'))
}

/// Writes `text` on the current line.
pub(super) fn inline(out: &mut String, text: &str) {
    if text.chars().any(needs_escape) {
        double_quoted(out, text);
    } else if is_plain(text) {
        out.push_str(text);
    } else if text.contains(['"', '\\']) {
        single_quoted(out, text);
    } else {
        double_quoted(out, text);
    }
}

/// Whether `text` has several lines and a literal block can hold them exactly.
///
/// A block whose first line starts with a tab would be exact too, but kustomize loses its indentation indicator.
pub(super) fn fits_block(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    let last = body.rsplit('\n').next().unwrap_or_default();
    text.contains('\n')
        && !text.trim_start_matches([' ', '\n']).starts_with('\t')
        && !last.trim_matches([' ', '\t']).is_empty()
        && !text.chars().any(|c| !matches!(c, '\n' | '\t') && needs_escape(c))
}

/// Writes `text` as a literal block whose lines stand at column `indent`, without the newline after the last.
pub(super) fn block(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    out.push_str(chomping(text));
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
}

/// Writes a number. YAML 1.1 knows a float only by its dot and by the sign of its exponent: `1.0e+21`.
pub(super) fn number(out: &mut String, number: &Number) {
    let text = number.to_string();
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        out.push_str(&text);
        return;
    };
    out.push_str(mantissa);
    if !mantissa.contains('.') {
        out.push_str(".0");
    }
    out.push('e');
    if !exponent.starts_with(['-', '+']) {
        out.push('+');
    }
    out.push_str(exponent);
}

/// What becomes of the newlines at the end: none, one, or all of them are kept.
fn chomping(text: &str) -> &'static str {
    match text.bytes().rev().take_while(|&byte| byte == b'\n').take(2).count() {
        0 => "-",
        1 => "",
        _ => "+",
    }
}

/// Characters that cannot stand for themselves: line breaks of either version, what is not printable in one of
/// them, and what a reviewer could not see or would see in the wrong place (bidirectional overrides).
fn needs_escape(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(code, 0x200B | 0x200E | 0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFEFF)
        || matches!(code, 0xFDD0..=0xFDEF)
        || code & 0xFFFE == 0xFFFE
}

/// Whether `text`, which needs no escapes, is read as itself without quotes.
fn is_plain(text: &str) -> bool {
    !text.starts_with(' ')
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && starts_plain(text)
        && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text))
        && !looks_numeric(text)
}

/// Whether the first characters open no other kind of node. `--flag` and `-c` stay plain; `- x`, `---` do not.
fn starts_plain(text: &str) -> bool {
    match text.strip_prefix('-') {
        Some(rest) => rest.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic()),
        None => !text.starts_with(|c| INDICATORS.contains(c)) && !text.starts_with("..."),
    }
}

/// Whether some reader could take `text` for a number, a time or a date.
///
/// Wider than any one grammar on purpose: the YAML 1.1 float takes any number of dots (`1.2.3`), its integer takes
/// `_`, `:` and once `,`; Go takes `0o14`. Kubernetes' quantities and versions with a letter (`250m`, `1.2.3-alpine`)
/// are not touched.
fn looks_numeric(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some(first) = unsigned.chars().next().filter(|c| c.is_ascii_digit() || *c == '.') else {
        return false;
    };
    let all = |alphabet: &str| unsigned.chars().all(|c| c.is_ascii_digit() || alphabet.contains(c));
    let hexadecimal = |c: char| c.is_ascii_hexdigit() || "xXpP_.+-".contains(c);
    all("_.,:+-eE")
        || (first == '0' && all("oObB_"))
        || (first == '0' && unsigned[1..].starts_with(['x', 'X']) && unsigned.chars().all(hexadecimal))
        || (is_dated(unsigned) && all("tTzZ:.+- "))
}

/// Whether `text` starts like `2001-1`.
fn is_dated(text: &str) -> bool {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    (0..4).all(digit) && text.as_bytes().get(4) == Some(&b'-') && digit(5)
}

fn single_quoted(out: &mut String, text: &str) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

pub(super) fn double_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) => out.push_str(&escape(u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn escape(code: u32) -> String {
    match code {
        0..=0xFF => format!("\\x{code:02X}"),
        0x100..=0xFFFF => format!("\\u{code:04X}"),
        _ => format!("\\U{code:08X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        inline(&mut out, text);
        out
    }

    #[test]
    fn what_reviewers_read_every_day_is_plain() {
        let everyday = [
            "250m",
            "10Gi",
            "1.2.3-alpine",
            "v1",
            "apps/v1",
            "10.0.0.0/8",
            "8080:http",
            "registry.example/api:1.2",
            "--web.listen-address=:9090",
            "-c",
            "$(DB_HOST)",
            "postgres://app@db:5432/app",
            "a, b [c] {d}",
            "it's",
            "5s",
            "ClusterFirst",
            "日本語 🚢",
        ];
        for text in everyday {
            assert_eq!(written(text), text);
        }
    }

    #[test]
    fn what_a_reader_would_take_for_something_else_is_quoted() {
        for text in RESERVED {
            assert_eq!(written(text), format!("\"{text}\""));
            assert_eq!(written(&text.to_uppercase()), format!("\"{}\"", text.to_uppercase()));
        }
        let numbers =
            ["1e3", "0o14", "014", "0x1F", "1_000", "12:30:45", "+1", "1.", "0b1", "2001-01-01", "1.2.3"];
        for text in numbers {
            assert_eq!(written(text), format!("\"{text}\""));
        }
        for text in
            ["- a", "-", "---", "a: b", "a #b", " a", "a ", "a:", "{{ x }}", "*a", "&a", "!a", "%a", "@a"]
        {
            assert_eq!(written(text), format!("\"{text}\""));
        }
    }

    #[test]
    fn quotes_and_backslashes_are_single_quoted() {
        assert_eq!(written(r#"{"a": 1}"#), r#"'{"a": 1}'"#);
        assert_eq!(written(r": '\d'"), r"': ''\d'''");
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(written("a\u{85}\u{2028}\u{FEFF}\u{1}"), r#""a\x85\u2028\uFEFF\x01""#);
        assert_eq!(written("\u{1FFFE}\t\r\n\"\\"), r#""\U0001FFFE\t\r\n\"\\""#);
        assert_eq!(written("abc\u{202E}def"), r#""abc\u202Edef""#);
    }

    #[test]
    fn lines_become_a_literal_block_that_says_how_it_ends() {
        let written = |text: &str| {
            assert!(fits_block(text), "{text:?}");
            let mut out = String::new();
            block(&mut out, text, 2);
            out
        };
        assert_eq!(written("a\nb"), "|-\n  a\n  b");
        assert_eq!(written("a\n\nb\n"), "|\n  a\n\n  b");
        assert_eq!(written("a\n\n"), "|+\n  a\n");
        assert_eq!(written(" a\nb"), "|2-\n   a\n  b");
    }

    #[test]
    fn a_block_that_would_not_be_exact_is_not_chosen() {
        for text in ["a", "\n", "a\n  ", "\ta\nb", "\n \ta", "a\r\nb\n", "a\n\u{85}b", "a\n\u{FEFF}b", "  \n"]
        {
            assert!(!fits_block(text), "{text:?}");
        }
    }

    #[test]
    fn numbers_have_the_form_that_both_versions_know() {
        let written = |value: crate::value::Value| {
            let mut out = String::new();
            number(&mut out, value.as_number().expect("the test passes numbers"));
            out
        };
        assert_eq!(written(crate::value::json!(u64::MAX)), "18446744073709551615");
        assert_eq!(written(crate::value::json!(-5)), "-5");
        assert_eq!(written(crate::value::json!(1.0)), "1.0");
        assert_eq!(written(crate::value::json!(1e21)), "1.0e+21");
        assert_eq!(written(crate::value::json!(1.5e-9)), "1.5e-9");
    }

    #[test]
    fn kustomize_damages_some_characters_and_one_key() {
        for text in ["<<", "a\u{7F}", "\u{80}", "\u{85}", "\u{9F}", "\u{FFFE}", "\u{FFFF}"] {
            assert!(!survives_kustomize(text), "{text:?}");
        }
        for text in ["<<x", "a\u{A0}", "\u{1F}", "🚢", "on", "\u{FEFF}", "\u{1FFFE}"] {
            assert!(survives_kustomize(text), "{text:?}");
        }
    }
}
