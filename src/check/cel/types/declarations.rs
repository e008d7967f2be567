//! The functions that expressions of definitions may call, read from a table of signatures.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::Type;

/// One signature of a function. Its variables are numbered from zero.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    /// The minor version of the first server that takes it.
    pub since: u32,
    pub takes: Vec<Type>,
    pub gives: Type,
}

const ORDERED: [&str; 8] = ["int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"];
const SUMMED: [&str; 4] = ["int", "uint", "double", "duration"];
const OPAQUE: [&str; 11] = [
    "kubernetes.URL",
    "kubernetes.Quantity",
    "kubernetes.Semver",
    "kubernetes.NamedFormat",
    "net.IP",
    "net.CIDR",
    "kubernetes.authorization.Authorizer",
    "kubernetes.authorization.Decision",
    "kubernetes.authorization.GroupCheck",
    "kubernetes.authorization.PathCheck",
    "kubernetes.authorization.ResourceCheck",
];

/// The signatures of a function; methods have a dot in front. `None` where there is no such function.
pub(super) fn signatures(name: &str) -> Option<&'static [Signature]> {
    static TABLE: OnceLock<BTreeMap<&'static str, Vec<Signature>>> = OnceLock::new();
    TABLE.get_or_init(|| read(include_str!("declarations.txt"))).get(name).map(Vec::as_slice)
}

fn read(text: &'static str) -> BTreeMap<&'static str, Vec<Signature>> {
    let mut table: BTreeMap<&str, Vec<Signature>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let since = line.strip_prefix("1.").and_then(|rest| rest.split_once(' '));
        let (since, line) =
            since.and_then(|(minor, rest)| Some((minor.parse().ok()?, rest))).unwrap_or((0, line));
        let Some((name, rest)) = line.split_once('(') else { continue };
        let Some((takes, gives)) = rest.rsplit_once(") -> ") else { continue };
        for (takes, gives) in written_out(takes, gives) {
            let signature = Signature { since, takes: forms(&takes), gives: form(&gives) };
            table.entry(name).or_default().push(signature);
        }
    }
    table
}

/// A signature for each type that a word for several stands for.
fn written_out(takes: &str, gives: &str) -> Vec<(String, String)> {
    let words: [(&str, &[&str]); 2] = [("ordered", &ORDERED), ("summed", &SUMMED)];
    match words.into_iter().find(|(word, _)| takes.contains(word)) {
        Some((word, types)) => {
            types.iter().map(|name| (takes.replace(word, name), gives.replace(word, name))).collect()
        }
        None => vec![(takes.to_owned(), gives.to_owned())],
    }
}

/// Types between commas that stand in no brackets.
fn forms(text: &str) -> Vec<Type> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push(form(&text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        found.push(form(&text[start..]));
    }
    found
}

/// A letter is a variable.
fn form(text: &str) -> Type {
    let text = text.trim();
    if let [letter @ b'A'..=b'Z'] = text.as_bytes() {
        return Type::Variable(u32::from(letter - b'A'));
    }
    let within = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(inner) = within("list") {
        return Type::list(form(inner));
    }
    if let Some(inner) = within("optional") {
        return Type::optional(form(inner));
    }
    if let Some(inner) = within("type") {
        return Type::Of(Arc::new(form(inner)));
    }
    if let Some(inner) = within("map")
        && let [key, value] = forms(inner).as_slice()
    {
        return Type::map(key.clone(), value.clone());
    }
    plain(text)
}

/// The type that is made of no others and has that name.
fn plain(text: &str) -> Type {
    match text {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::Text,
        "bytes" => Type::Bytes,
        "duration" => Type::Duration,
        "timestamp" => Type::Time,
        other => OPAQUE.into_iter().find(|it| *it == other).map_or(Type::Dyn, Type::Opaque),
    }
}

/// The type that a word names: `string` in `type(self.a) == string`.
pub(super) fn type_named(word: &str) -> Option<Type> {
    Some(match word {
        "null_type" => Type::Null,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "type" | "dyn" | "google.protobuf.Timestamp" | "google.protobuf.Duration" | "optional_type" => {
            Type::Dyn
        }
        other => match plain(other) {
            // These are values of types, whose names are longer.
            Type::Dyn | Type::Duration | Type::Time | Type::Opaque(_) => return None,
            known => known,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_table_is_known() {
        for line in include_str!("declarations.txt").lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (_, rest) = line.split_once('(').unwrap_or_else(|| panic!("no bracket: {line}"));
            assert!(rest.contains(") -> "), "no result: {line}");
            for word in rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '.') {
                let is_form =
                    matches!(word, "" | "dyn" | "ordered" | "summed" | "list" | "map" | "optional" | "type");
                assert!(is_form || word.len() == 1 || plain(word) != Type::Dyn, "`{word}` in {line}");
            }
        }
        assert_eq!(signatures(".max").map(<[Signature]>::len), Some(8));
        assert!(signatures("cel.bind").is_none());
    }
}
