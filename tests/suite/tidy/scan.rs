//! A source file with its comments and literals blanked out, so that rules can look for words.
//!
//! It is a scanner for code that rustfmt has formatted, not a parser: enough to find words, braces and paths.

/// One Rust file.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The path from the root of the repository, with `/`.
    pub(super) path: String,
    /// The lines as they are.
    pub(super) lines: Vec<String>,
    /// The lines with comments, strings and characters blanked out.
    pub(super) code: Vec<String>,
    /// Whether a line belongs to a test module.
    pub(super) test: Vec<bool>,
}

impl SourceFile {
    /// The code lines with their numbers from 1.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.iter().enumerate().map(|(index, line)| (index + 1, line.as_str()))
    }

    /// The code lines outside test modules, with their numbers from 1.
    pub(super) fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        self.numbered().filter(|(line, _)| !self.test[line - 1])
    }

    /// The path below `src/`.
    pub(super) fn below_src(&self) -> &str {
        self.path.strip_prefix("src/").unwrap_or(&self.path)
    }
}

/// Scans files, given by path and text, together: a file can be declared a test module by another.
pub(super) fn read(texts: Vec<(String, String)>) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = texts.into_iter().map(|(path, text)| scan(path, &text)).collect();
    let tests: Vec<String> = files.iter().flat_map(test_files).collect();
    for file in files.iter_mut().filter(|file| tests.contains(&file.path)) {
        file.test.fill(true);
    }
    files
}

fn scan(path: String, text: &str) -> SourceFile {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let code: Vec<String> = blank(text).lines().map(str::to_owned).collect();
    let test = test_lines(&code);
    SourceFile { path, lines, code, test }
}

/// The files that `#[cfg(test)] mod name;` lines of this file declare.
fn test_files(file: &SourceFile) -> Vec<String> {
    let base =
        file.path.strip_suffix("/mod.rs").or_else(|| file.path.strip_suffix(".rs")).unwrap_or(&file.path);
    let declared = file.code.windows(2).filter(|pair| pair[0].trim() == "#[cfg(test)]");
    let names = declared.filter_map(|pair| pair[1].trim().strip_prefix("mod ")?.strip_suffix(';'));
    names.map(|name| format!("{base}/{name}.rs")).collect()
}

/// Which lines lie inside a `#[cfg(test)] mod … { … }`.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut inside = vec![false; code.len()];
    for start in 0..code.len() {
        let opens = |line: &str| line.trim_start().starts_with("mod ") && line.ends_with('{');
        if code[start].trim() == "#[cfg(test)]" && code.get(start + 1).is_some_and(|line| opens(line)) {
            let end = closing_line(code, start + 1);
            inside[start..=end].fill(true);
        }
    }
    inside
}

/// The line that closes the first brace opened from line `start` on; the last line where none does.
pub(super) fn closing_line(code: &[String], start: usize) -> usize {
    let mut depth = 0_usize;
    for (index, line) in code.iter().enumerate().skip(start) {
        for c in line.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 1 => return index,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    code.len().saturating_sub(1)
}

/// The text with every comment, string and character literal replaced by spaces; line breaks stay.
pub(super) fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = literal_length(rest, out.chars().next_back());
        let (taken, after) = rest.split_at(if length == 0 { c.len_utf8() } else { length });
        if length == 0 {
            out.push_str(taken);
        } else {
            out.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        rest = after;
    }
    out
}

/// The bytes of the comment or literal that `text` starts with; 0 where it starts with code.
fn literal_length(text: &str, before: Option<char>) -> usize {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return text.find("*/").map_or(text.len(), |end| end + 2);
    }
    match text.as_bytes()[0] {
        b'"' => 1 + quoted(&text[1..]),
        b'\'' => character(text),
        b'r' if !in_word => raw(text),
        b'b' if !in_word && text.starts_with("b\"") => 2 + quoted(&text[2..]),
        _ => 0,
    }
}

/// The bytes up to and with the closing quote.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A character literal is a quote, one character or an escape, and a quote; a lifetime has no second quote.
fn character(text: &str) -> usize {
    let inner = &text[1..];
    if let Some(escape) = inner.strip_prefix('\\') {
        let skipped = escape.chars().next().map_or(0, char::len_utf8);
        return escape[skipped..].find('\'').map_or(0, |end| end + skipped + 3);
    }
    let Some(c) = inner.chars().next() else { return 0 };
    if inner[c.len_utf8()..].starts_with('\'') { c.len_utf8() + 2 } else { 0 }
}

/// `r"…"` and `r#"…"#`, with any number of `#`.
fn raw(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|b| *b == b'#').count();
    if !text[1 + hashes..].starts_with('"') {
        return 0;
    }
    let start = hashes + 2;
    let end = format!("\"{}", "#".repeat(hashes));
    text[start..].find(&end).map_or(text.len(), |at| start + at + end.len())
}

/// Where `word` stands in `line` and is no part of a longer word.
pub(super) fn word_at<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let joins = |left: Option<char>, right: Option<char>| {
        let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        in_word(left) && in_word(right)
    };
    line.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (&line[..*at], &line[at + word.len()..]);
        let runs_on = joins(before.chars().next_back(), word.chars().next())
            || joins(word.chars().next_back(), after.chars().next());
        !runs_on
    })
}

#[test]
fn literals_and_comments_are_blanked() {
    let text = "let a = \"x\\\"y\"; // note\nlet b = r#\"q\"z\"#; let c = '\\''; fn f<'a>(s: &'a str) {} /* z\n */ let d = 'é';";
    let code = blank(text);
    for gone in ["x", "y", "note", "q", "z", "é", "\""] {
        assert!(!code.contains(gone), "{gone} is still in {code}");
    }
    for kept in ["let a =", "let b =", "let c =", "<'a>", "&'a str", "let d ="] {
        assert!(code.contains(kept), "{kept} is gone from {code}");
    }
    assert_eq!(code.lines().count(), text.lines().count());
}

#[test]
fn test_modules_are_told_from_shipped_code() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod more;\n";
    let more = ("src/x/more.rs".to_owned(), "fn d() {}\n".to_owned());
    let files = read(vec![("src/x/mod.rs".to_owned(), text.to_owned()), more]);
    let shipped: Vec<usize> = files[0].shipped().map(|(line, _)| line).collect();
    assert_eq!(shipped, [1, 6, 7, 8]);
    assert_eq!(files[1].shipped().count(), 0);
}

#[test]
fn words_are_whole() {
    assert_eq!(word_at("HashMap MyHashMap HashMaps", "HashMap").collect::<Vec<_>>(), [0]);
    assert_eq!(word_at("a.unwrap() b.unwrap_or(1)", ".unwrap()").collect::<Vec<_>>(), [1]);
    assert_eq!(word_at("eprintln!(x); println!(y)", "println!").collect::<Vec<_>>(), [14]);
}
