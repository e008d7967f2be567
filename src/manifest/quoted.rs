//! Quoted scalars that stand on one line. What goes over several lines is left to the complete parser.

use std::borrow::Cow;

/// The scalar that is exactly `text`, quotes included.
pub(super) fn whole(text: &str) -> Option<Cow<'_, str>> {
    let (value, length) = match text.as_bytes().first()? {
        b'"' => double(text)?,
        b'\'' => single(text)?,
        _ => return None,
    };
    (length == text.len()).then_some(value)
}

/// The scalar in single quotes that `text` starts with, and its length.
pub(super) fn single(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    let mut at = 1;
    let mut doubled = false;
    loop {
        match bytes.get(at)? {
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => {
                doubled = true;
                at += 2;
            }
            b'\'' => break,
            b'\n' => return None,
            _ => at += 1,
        }
    }
    let inner = &text[1..at];
    let value = if doubled { Cow::Owned(inner.replace("''", "'")) } else { Cow::Borrowed(inner) };
    Some((value, at + 1))
}

/// The scalar in double quotes that `text` starts with, and its length. An escape that is not known here gives `None`.
pub(super) fn double(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some((Cow::Borrowed(&text[1..at]), at + 1)),
            b'\\' => return escaped(text, at),
            b'\n' => return None,
            _ => at += 1,
        }
    }
}

fn escaped(text: &str, first: usize) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    let mut value = text[1..first].to_owned();
    let mut at = first;
    loop {
        match bytes.get(at)? {
            b'"' => return Some((Cow::Owned(value), at + 1)),
            b'\\' => {
                let (c, length) = escape(&text[at + 1..])?;
                value.push(c);
                at += 1 + length;
            }
            b'\n' => return None,
            _ => {
                let end = bytes[at..].iter().position(|c| matches!(c, b'"' | b'\\' | b'\n'))?;
                value.push_str(&text[at..at + end]);
                at += end;
            }
        }
    }
}

/// The character that an escape stands for, and how many bytes it takes after the backslash.
fn escape(text: &str) -> Option<(char, usize)> {
    let hexadecimal = |digits: usize| {
        let code = text.get(1..=digits).filter(|text| text.bytes().all(|c| c.is_ascii_hexdigit()))?;
        Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, digits + 1))
    };
    let c = match text.as_bytes().first()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b'e' => '\u{1b}',
        b'f' => '\u{c}',
        b'v' => '\u{b}',
        b' ' => ' ',
        b'x' => return hexadecimal(2),
        b'u' => return hexadecimal(4),
        b'U' => return hexadecimal(8),
        _ => return None,
    };
    Some((c, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_taken_off() {
        for (text, expected) in [
            (r#""a""#, Some("a")),
            (r#""a\n\"\u00e9\x41\U0001F6A2""#, Some("a\n\"éA🚢")),
            (r#""""#, Some("")),
            ("'it''s'", Some("it's")),
            ("''", Some("")),
            ("'''", None),
            (r#""a"#, None),
            (r#""\q""#, None),
            (r#""\ud83d""#, None),
            ("'a\nb'", None),
            ("'a' ", None),
        ] {
            assert_eq!(whole(text).as_deref(), expected, "{text}");
        }
    }
}
