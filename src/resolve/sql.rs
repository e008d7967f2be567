//! SQL as far as bayplan looks into it: whether a statement may run again.
//!
//! Takes a script for PostgreSQL; gives the statements that fail or add rows when they run a second time. It knows strings,
//! quoted names, dollar quotes and comments, and nothing of SQL's grammar beyond the first words of a statement.

/// How much of a statement a message repeats.
const SHOWN: usize = 60;

/// The statements that must not run twice, each on one line.
pub(super) fn not_idempotent(script: &str) -> Vec<String> {
    let statements = statements(script);
    statements
        .into_iter()
        .filter(|statement| !may_run_again(&words(statement)))
        .map(|text| shown(&text))
        .collect()
}

/// The edit that makes a statement harmless.
pub(super) const fn remedy(statement: &str) -> &'static str {
    match statement.as_bytes().first() {
        Some(b'I' | b'i') => "end it in `ON CONFLICT (…) DO NOTHING`",
        Some(b'A' | b'a') => "write `ADD COLUMN IF NOT EXISTS`",
        Some(b'D' | b'd') => "write `IF EXISTS`",
        _ => "write `IF NOT EXISTS`, or `OR REPLACE` where there is no such form",
    }
}

fn shown(statement: &str) -> String {
    let text = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn words(statement: &str) -> Vec<String> {
    let parts = statement.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    parts.filter(|word| !word.is_empty()).map(str::to_ascii_uppercase).collect()
}

fn may_run_again(words: &[String]) -> bool {
    let has = |wanted: &[&str]| words.windows(wanted.len()).any(|found| found.iter().eq(wanted.iter()));
    match words.first().map(String::as_str) {
        Some("CREATE") => has(&["IF", "NOT", "EXISTS"]) || has(&["OR", "REPLACE"]),
        Some("INSERT") => has(&["ON", "CONFLICT"]) || has(&["WHERE", "NOT", "EXISTS"]),
        Some("ALTER") if has(&["ADD", "COLUMN"]) => has(&["IF", "NOT", "EXISTS"]),
        Some("ALTER") if has(&["ADD", "CONSTRAINT"]) => false,
        Some("DROP") => has(&["IF", "EXISTS"]),
        _ => true,
    }
}

/// What a text is inside of.
enum Inside {
    Nothing,
    /// A quoted text or name, up to this character.
    Quote(char),
    LineComment,
    /// A comment in this many others.
    Comment(usize),
    /// Between two of these tags.
    Dollar(String),
}

/// The statements of a script without comments, and with nothing between the quotes of texts.
fn statements(script: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut inside = Inside::Nothing;
    let mut rest = script;
    while let Some(c) = rest.chars().next() {
        let (taken, next) = step(&inside, rest, c);
        let code = matches!((&inside, &next), (Inside::Nothing, None));
        match (code && c == ';', found.last_mut()) {
            (true, _) => found.push(String::new()),
            (false, Some(last)) if code => last.push(c),
            (false, Some(last)) => last.push_str(if c == '\n' { "\n" } else { "" }),
            (false, None) => {}
        }
        inside = next.unwrap_or(inside);
        rest = rest.get(taken..).unwrap_or_default();
    }
    found.retain(|statement| !statement.trim().is_empty());
    found
}

/// How many bytes are taken, and what the text is inside of from there on where that changes.
fn step(inside: &Inside, rest: &str, c: char) -> (usize, Option<Inside>) {
    let one = c.len_utf8();
    match inside {
        Inside::Nothing if rest.starts_with("--") => (2, Some(Inside::LineComment)),
        Inside::Nothing if rest.starts_with("/*") => (2, Some(Inside::Comment(1))),
        Inside::Nothing if c == '\'' || c == '"' => (one, Some(Inside::Quote(c))),
        Inside::Nothing => match dollar_tag(rest) {
            Some(tag) => (tag.len(), Some(Inside::Dollar(tag.to_owned()))),
            None => (one, None),
        },
        // A doubled quote ends one text and begins the next, which comes to the same.
        Inside::Quote(end) if c == *end => (one, Some(Inside::Nothing)),
        Inside::LineComment if c == '\n' => (one, Some(Inside::Nothing)),
        Inside::Comment(depth) if rest.starts_with("/*") => (2, Some(Inside::Comment(depth + 1))),
        Inside::Comment(1) if rest.starts_with("*/") => (2, Some(Inside::Nothing)),
        Inside::Comment(depth) if rest.starts_with("*/") => (2, Some(Inside::Comment(depth - 1))),
        Inside::Dollar(tag) if rest.starts_with(tag.as_str()) => (tag.len(), Some(Inside::Nothing)),
        _ => (one, None),
    }
}

/// `$$` or `$word$` at the beginning of a text.
fn dollar_tag(text: &str) -> Option<&str> {
    let after = text.strip_prefix('$')?;
    let end = after.find('$')?;
    let plain = |c: char| c.is_alphanumeric() || c == '_';
    after.get(..end)?.chars().all(plain).then(|| text.get(..end + 2)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_may_run_twice_is_no_finding() {
        let script = "CREATE TABLE IF NOT EXISTS a (b text); -- INSERT INTO x;\n/* ; DROP TABLE /* y */ z; */\n\
                      INSERT INTO a VALUES ('it''s; fine') ON CONFLICT DO NOTHING;\n\
                      CREATE OR REPLACE FUNCTION f() RETURNS void AS $body$ INSERT INTO a VALUES (1); $body$ LANGUAGE sql;\n\
                      DROP INDEX IF EXISTS i; UPDATE a SET b = ';';";
        assert_eq!(not_idempotent(script), Vec::<String>::new());
    }

    #[test]
    fn a_statement_that_must_not_run_twice_is_named() {
        let script = "create table a (b text);\nINSERT INTO a\n  VALUES ('ON CONFLICT');\nALTER TABLE a ADD COLUMN c int; DROP TABLE d";
        let found = not_idempotent(script);
        assert_eq!(
            found,
            [
                "create table a (b text)",
                "INSERT INTO a VALUES ()",
                "ALTER TABLE a ADD COLUMN c int",
                "DROP TABLE d"
            ]
        );
        assert_eq!(remedy(&found[1]), "end it in `ON CONFLICT (…) DO NOTHING`");
    }

    #[test]
    fn an_end_inside_of_anything_is_an_end() {
        for script in ["'", "\"", "/*", "--", "$$", "$tag$", "$", ";", "CREATE"] {
            let _ = not_idempotent(script);
        }
        assert_eq!(not_idempotent("CREATE TABLE a /*"), ["CREATE TABLE a"]);
    }
}
