//! Patterns for the files that a platform includes: `products/*.toml`.

use super::{Entry, HostError, Kind};
use crate::source::wildcard::stars_and_marks;

/// The files that `pattern`, which is normal, matches; `children` lists the entries of one folder by their names.
///
/// A pattern has no `**`: what a platform consists of should be seen from its pattern.
pub(super) fn expand(
    pattern: &str,
    children: impl Fn(&str) -> Result<Vec<Entry>, HostError>,
) -> Result<Vec<String>, HostError> {
    let mut found = vec![String::new()];
    let mut segments = pattern.split('/').peekable();
    while let Some(segment) = segments.next() {
        let wanted = if segments.peek().is_none() { Kind::File } else { Kind::Folder };
        let mut next = Vec::new();
        for folder in &found {
            let entries = children(folder)?.into_iter();
            let matching = entries.filter(|entry| entry.kind == wanted && matches(segment, &entry.path));
            next.extend(matching.map(|entry| join(folder, &entry.path)));
        }
        found = next;
    }
    found.sort();
    Ok(found)
}

/// `name` within `folder`, which is empty for the folder that everything lies in.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Whether one segment of a pattern matches one name.
fn matches(segment: &str, name: &str) -> bool {
    let hidden = name.starts_with('.') && !segment.starts_with('.');
    !hidden && stars_and_marks(segment, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_match_within_a_name() {
        for (pattern, name) in [
            ("*.toml", "a.toml"),
            ("a", "a"),
            ("?", "é"),
            ("*a*b", "xaybzab"),
            ("**", "x"),
            (".*", ".x"),
            ("*", "x"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("*.toml", "a.toml~"), ("*", ".hidden"), ("?", ""), ("a?", "a"), ("*ab", "abx"), ("A", "a")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
