//! The functions that expressions of definitions may call, read from a table of signatures.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::Type;

/// One signature of a function. Its variables are numbered from zero.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    /// The minor version of the first server that takes it.
    pub since: u32,
    pub takes: Vec<Form>,
    pub gives: Form,
}

/// A type as the table writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    Plain(Plain),
    Any(u8),
    List(Box<Self>),
    Map(Box<[Self; 2]>),
    Optional(Box<Self>),
    Of(Box<Self>),
}

/// A type that is made of no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Dyn,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Time,
    Opaque(&'static str),
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
fn forms(text: &str) -> Vec<Form> {
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

fn form(text: &str) -> Form {
    let text = text.trim();
    if let [letter @ b'A'..=b'Z'] = text.as_bytes() {
        return Form::Any(letter - b'A');
    }
    let within = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(inner) = within("list") {
        return Form::List(Box::new(form(inner)));
    }
    if let Some(inner) = within("optional") {
        return Form::Optional(Box::new(form(inner)));
    }
    if let Some(inner) = within("type") {
        return Form::Of(Box::new(form(inner)));
    }
    if let Some(inner) = within("map")
        && let Ok(both) = <[Form; 2]>::try_from(forms(inner))
    {
        return Form::Map(Box::new(both));
    }
    Form::Plain(plain(text))
}

fn plain(text: &str) -> Plain {
    match text {
        "bool" => Plain::Bool,
        "int" => Plain::Int,
        "uint" => Plain::Uint,
        "double" => Plain::Double,
        "string" => Plain::Text,
        "bytes" => Plain::Bytes,
        "duration" => Plain::Duration,
        "timestamp" => Plain::Time,
        other => OPAQUE.into_iter().find(|it| *it == other).map_or(Plain::Dyn, Plain::Opaque),
    }
}

impl Form {
    /// The type, its variables numbered from `first`.
    pub fn from(&self, first: u32) -> Type {
        match self {
            Self::Plain(plain) => plain.typed(),
            Self::Any(letter) => Type::Variable(first + u32::from(*letter)),
            Self::List(inner) => Type::list(inner.from(first)),
            Self::Map(both) => Type::map(both[0].from(first), both[1].from(first)),
            Self::Optional(inner) => Type::optional(inner.from(first)),
            Self::Of(inner) => Type::Of(std::rc::Rc::new(inner.from(first))),
        }
    }
}

impl Plain {
    const fn typed(self) -> Type {
        match self {
            Self::Dyn => Type::Dyn,
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::Uint => Type::Uint,
            Self::Double => Type::Double,
            Self::Text => Type::Text,
            Self::Bytes => Type::Bytes,
            Self::Duration => Type::Duration,
            Self::Time => Type::Time,
            Self::Opaque(name) => Type::Opaque(name),
        }
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
            Plain::Dyn | Plain::Duration | Plain::Time | Plain::Opaque(_) => return None,
            known => known.typed(),
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
                assert!(is_form || word.len() == 1 || plain(word) != Plain::Dyn, "`{word}` in {line}");
            }
        }
        assert_eq!(signatures(".max").map(<[Signature]>::len), Some(8));
        assert!(signatures("cel.bind").is_none());
    }
}
