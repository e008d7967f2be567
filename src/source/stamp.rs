//! The header line by which bayplan knows its own files again.
//!
//! Takes the finished text of a file and gives it a first line that carries a digest of all the rest; takes the
//! bytes of any file and tells whether bayplan wrote it and whether a hand has changed it since. Pure: both the
//! stage that writes YAML and the one that replaces files on disk use it, and neither knows the other.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

/// How the format of a text file writes a comment of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StampStyle {
    /// `# …`
    Hash,
    /// `<!-- … -->`
    Html,
    /// `{{- /* … */ -}}`, which Helm leaves out of what it prints.
    Template,
    /// `"$comment": "…"`, as the first member of the object that the file is.
    Json,
}

/// What the header of a file says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stamp {
    /// Bayplan did not write this file.
    Absent,
    /// Bayplan wrote it, and it is as it was written.
    Intact,
    /// Bayplan wrote it, and it has been changed since.
    Broken,
}

/// What stands after the digest. It may change between versions: [`read`] does not look at it.
const REMARK: &str = "generated from platform.toml, do not edit";

/// What stands before the digest, in the comments of each style.
const OPENINGS: [&str; 4] = ["# bayplan ", "<!-- bayplan ", "{{- /* bayplan ", "  \"$comment\": \"bayplan "];

/// The hexadecimal digits of the digest that the header carries: 64 bits guard against accidents, not attackers.
const DIGITS: usize = 16;

/// How many lines [`read`] searches for a header. A merge conflict or a licence comment pushes it down.
const SEARCHED_LINES: usize = 8;

/// `text` with the header as its first line, or as its second where the first is a `#!` line or opens a JSON object.
#[must_use]
pub fn seal(text: &str, style: StampStyle) -> String {
    let (first, after) = text.split_at(first_line_of_script(text.as_bytes()));
    let before = if first.is_empty() { String::new() } else { format!("{}\n", first.trim_end()) };
    let digest = digest(before.as_bytes(), after.as_bytes());
    let header = match style {
        StampStyle::Hash => format!("# bayplan {digest}: {REMARK}\n"),
        StampStyle::Html => format!("<!-- bayplan {digest}: {REMARK} -->\n"),
        StampStyle::Template => format!("{{{{- /* bayplan {digest}: {REMARK} */ -}}}}\n"),
        StampStyle::Json => format!("  \"$comment\": \"bayplan {digest}: {REMARK}\",\n"),
    };
    [&before, &header, after].concat()
}

/// Whether `bytes` are a sealed file, and whether they are unchanged. Line endings do not count as a change, since
/// a checkout on Windows may rewrite them.
#[must_use]
pub fn read(bytes: &[u8]) -> Stamp {
    let start = first_line_of_script(bytes);
    if let Some((claimed, rest)) = header(&bytes[start..]) {
        let intact = digest(&bytes[..start], rest).as_bytes() == claimed;
        return if intact { Stamp::Intact } else { Stamp::Broken };
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let moved = bytes.split(|&byte| byte == b'\n').take(SEARCHED_LINES).any(|line| header(line).is_some());
    if moved { Stamp::Broken } else { Stamp::Absent }
}

/// The digest that the first line of `bytes` claims, and what comes after that line.
fn header(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = match bytes.iter().position(|&byte| byte == b'\n') {
        Some(end) => bytes.split_at(end + 1),
        None => (bytes, &[][..]),
    };
    let words = OPENINGS.iter().find_map(|opening| line.strip_prefix(opening.as_bytes()))?;
    let (claimed, remark) = words.split_at_checked(DIGITS)?;
    let ours = claimed.iter().all(u8::is_ascii_hexdigit) && remark.starts_with(b": ");
    ours.then_some((claimed, rest))
}

/// The length of a leading line that has to be the first, its end included; 0 where there is none: `#!` of a script,
/// and the brace that opens a JSON object.
fn first_line_of_script(bytes: &[u8]) -> usize {
    let end = || bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| at + 1);
    let is_first = [&b"#!"[..], b"{\n", b"{\r\n"].iter().any(|start| bytes.starts_with(start));
    if is_first { end() } else { 0 }
}

/// The first digits of the SHA-256 of `before` and `after` together, with CRLF taken for LF.
fn digest(before: &[u8], after: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(unix_lines(before));
    hasher.update(unix_lines(after));
    let hash = hasher.finalize();
    let first = hash.iter().take(DIGITS / 2).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    format!("{first:0DIGITS$x}")
}

/// `bytes` with every CRLF made an LF.
#[must_use]
pub fn unix_lines(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let ends_line = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    (0..bytes.len()).filter(|&at| !ends_line(at)).map(|at| bytes[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_one_line_and_never_changes_its_form() {
        assert_eq!(
            seal("a: 1\n", StampStyle::Hash),
            "# bayplan 37b128c59f1f5097: generated from platform.toml, do not edit\na: 1\n"
        );
        assert!(seal("# Title\n", StampStyle::Html).ends_with("do not edit -->\n# Title\n"));
    }

    #[test]
    fn a_script_keeps_its_first_line() {
        let sealed = seal("#!/bin/sh\necho\n", StampStyle::Hash);
        assert!(sealed.starts_with("#!/bin/sh\n# bayplan "));
        assert_eq!(read(sealed.as_bytes()), Stamp::Intact);
        assert_eq!(read(sealed.replace("/bin/sh", "/bin/bash").as_bytes()), Stamp::Broken);
    }

    #[test]
    fn a_json_object_carries_its_seal_as_its_first_member() {
        let sealed = seal("{\n  \"type\": \"object\"\n}\n", StampStyle::Json);
        assert!(sealed.starts_with("{\n  \"$comment\": \"bayplan "));
        assert!(serde_json::from_str::<crate::value::Value>(&sealed).is_ok());
        assert_eq!(read(sealed.as_bytes()), Stamp::Intact);
        assert_eq!(read(sealed.replace("object", "array").as_bytes()), Stamp::Broken);
        assert_eq!(read(b"{\n  \"type\": \"object\"\n}\n"), Stamp::Absent);
    }

    #[test]
    fn every_seal_reads_back_intact() {
        for text in ["", "\n", "a", "a\n", "a\r\nb\n", "#!", "#!/bin/sh", "# bayplan\n", "é\u{85}\n"] {
            for style in [StampStyle::Hash, StampStyle::Html, StampStyle::Template] {
                assert_eq!(read(seal(text, style).as_bytes()), Stamp::Intact, "{text:?}");
            }
        }
    }

    #[test]
    fn line_endings_are_no_change() {
        let sealed = seal("a: 1\nb: 2\n", StampStyle::Hash);
        assert_eq!(read(sealed.replace('\n', "\r\n").as_bytes()), Stamp::Intact);
        let script = seal("#!/bin/sh\necho\n", StampStyle::Hash);
        assert_eq!(read(script.replace('\n', "\r\n").as_bytes()), Stamp::Intact);
    }

    #[test]
    fn any_other_change_shows() {
        let sealed = seal("a: 1\nb: 2\n", StampStyle::Hash);
        let changes = [
            sealed.replace("b: 2", "b: 3"),
            format!("{sealed}c: 3\n"),
            sealed.trim_end().to_owned(),
            format!("# Copyright\n{sealed}"),
            format!("<<<<<<< HEAD\n{sealed}"),
            format!("\u{FEFF}{sealed}"),
        ];
        for changed in changes {
            assert_eq!(read(changed.as_bytes()), Stamp::Broken, "{changed}");
        }
    }

    #[test]
    fn files_of_others_are_not_ours() {
        let foreign: [&[u8]; 6] =
            [b"", b"a: 1\n", b"# bayplan: a note\n", b"# bayplan 123: x\n", b"\xFF\xFE\n", b"#!/bin/sh\n"];
        for bytes in foreign {
            assert_eq!(read(bytes), Stamp::Absent, "{bytes:?}");
        }
    }
}
