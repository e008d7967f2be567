//! What people are shown of a Compose file: its text with stars in place of what is secret, byte for byte.
//!
//! Findings show the lines that they are about, and a Compose file is where passwords stand. This is done to the text, before
//! anything of it is understood, so that it holds for a file that turns out to be none.

use super::secrets::{can_be_secret, is_secret_name, login};

/// The text, in which no line holds the value of a secret.
pub(super) fn hide(text: &str, is_token: fn(&str) -> bool) -> String {
    let mut in_key = false;
    let lines = text.split_inclusive('\n').map(|line| {
        in_key |= line.contains("-----BEGIN ");
        let hidden = if in_key { stars(line) } else { hide_line(line, is_token) };
        in_key &= !line.contains("-----END ");
        hidden
    });
    lines.collect()
}

fn hide_line(line: &str, is_token: fn(&str) -> bool) -> String {
    let mut line = line.to_owned();
    if let Some(start) = value_of_secret(&line) {
        line = format!("{}{}", &line[..start], stars(&line[start..]));
    }
    if let Some(found) = login(&line) {
        let start = found.before.len();
        let hidden = format!("{}{}{}", found.before, stars(found.password), found.behind);
        if !found.password.starts_with('$') && hidden.is_char_boundary(start) {
            line = hidden;
        }
    }
    if is_token(&line) && !line.contains("${") {
        let word = |word: &str| if is_token(word) { stars(word) } else { word.to_owned() };
        line = line.split_inclusive([' ', '\n', '=']).map(word).collect();
    }
    if is_token(&line) && !line.contains("${") { stars(&line) } else { line }
}

/// Where the first value begins that belongs to the name of a secret: `NAME: value`, `NAME=value`, `--password value`.
fn value_of_secret(line: &str) -> Option<usize> {
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut begun = None;
    for (at, c) in line.char_indices() {
        if part_of_name(c) {
            begun = begun.or(Some(at));
            continue;
        }
        let Some(start) = begun.take() else { continue };
        let name = &line[start..at];
        let option =
            name.starts_with('-') && (is_secret_name(name.trim_start_matches('-')) || name.ends_with("pass"));
        let rest = line[at..].trim_start_matches(['"', '\'', ' ', ',']);
        let value = match rest.strip_prefix([':', '=']) {
            Some(value) if option || is_secret_name(name) => value,
            None if option => rest,
            _ => continue,
        };
        let value = value.trim_start_matches([' ', '"', '\'']);
        let shown = value.starts_with('$')
            || !can_be_secret(value.trim_end_matches(['"', '\'', ' ', '\n', '\r', ']', '}']));
        if !shown {
            return Some(line.len() - value.len());
        }
    }
    None
}

/// As many bytes of stars as there are bytes, lines kept.
fn stars(text: &str) -> String {
    let star = |c: char| if c == '\n' || c == '\r' { c.to_string() } else { "*".repeat(c.len_utf8()) };
    text.chars().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secrets_are_not_shown_and_nothing_moves() {
        let is_token = |text: &str| text.contains("sk_live_");
        for (line, kept) in [
            ("  JWT_SECRET: hunter2\n", "  JWT_SECRET: *******\n"),
            ("- \"DB_PASSWORD=hunter2\"", "- \"DB_PASSWORD=********"),
            ("- URL=postgres://u:hunter2@db/x\n", "- URL=postgres://u:*******@db/x\n"),
            ("command: redis-server --requirepass hunter2", "command: redis-server --requirepass *******"),
            ("- STRIPE=sk_live_x\n", "- STRIPE=*********\n"),
            ("DB_PASSWORD: ${DB_PASSWORD}\n", "DB_PASSWORD: ${DB_PASSWORD}\n"),
            ("secrets: [api_token]\n", "secrets: [api_token]\n"),
            ("TOKEN_TTL: 30\n", "TOKEN_TTL: 30\n"),
            (
                "k: |\n -----BEGIN KEY-----\n abc\n -----END KEY-----\nb: c\n",
                "k: |\n********************\n****\n******************\nb: c\n",
            ),
        ] {
            let shown = hide(line, is_token);
            assert_eq!(shown, kept);
            assert_eq!(shown.len(), line.len());
        }
    }
}
