//! Namespaces that environments call by other names: one value each, wherever a text holds the name.
//!
//! They stand below `global`, where Helm hands them to sub-charts too.

use std::collections::{BTreeMap, BTreeSet};

use super::names::camel;
use super::template::{Piece, ValuePath};
use super::values::{Meaning, Values};
use crate::value::{Value, json};

/// The namespaces whose names differ.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    /// By key: the name in each variant.
    renamed: BTreeMap<String, Vec<Option<String>>>,
    /// The keys that some template of the chart at hand has looked at.
    used: BTreeSet<String>,
}

impl Namespaces {
    /// From the names by key of each variant.
    pub(super) fn of(variants: &[&BTreeMap<String, String>]) -> Self {
        let keys: BTreeSet<&String> = variants.iter().flat_map(|names| names.keys()).collect();
        let each = |key: &String| variants.iter().map(|names| names.get(key).cloned()).collect::<Vec<_>>();
        let mut renamed: BTreeMap<String, Vec<Option<String>>> =
            keys.into_iter().map(|key| (camel(key), each(key))).collect();
        renamed.retain(|_, names| names.iter().flatten().collect::<BTreeSet<_>>().len() > 1);
        Self { renamed, used: BTreeSet::new() }
    }

    /// What stands for `name` in the variant `at`, whatever the namespace is called there.
    pub(super) fn neutral(&self, at: usize, name: &str) -> String {
        let mut called = self.renamed.iter().filter(|(_, names)| is(names, at, name)).map(|(key, _)| key);
        match (called.next(), called.next()) {
            (Some(key), None) => format!("\0{key}"),
            _ => name.to_owned(),
        }
    }

    /// The parts of a text that differs in nothing but names of namespaces.
    pub(super) fn parts(&mut self, texts: &[Option<&str>]) -> Option<Vec<Piece>> {
        let words: Vec<Option<Vec<&str>>> = texts.iter().map(|text| text.map(words)).collect();
        let length = words.iter().flatten().next()?.len();
        if words.iter().flatten().any(|words| words.len() != length) {
            return None;
        }
        let each = |at: usize| {
            words.iter().map(move |words| words.as_ref().and_then(|words| words.get(at)).copied())
        };
        let pieces: Option<Vec<Piece>> =
            (0..length).map(|at| self.part(&each(at).collect::<Vec<_>>())).collect();
        let pieces = joined(pieces?);
        for piece in &pieces {
            if let Piece::Value(path) = piece {
                self.used.extend(path.last().cloned());
            }
        }
        Some(pieces)
    }

    /// A text that is nothing but the name of a namespace, which may be the same in every variant that has the text.
    pub(super) fn name(&mut self, texts: &[Option<&str>]) -> Option<Vec<Piece>> {
        let key = self.key(texts)?.to_owned();
        self.used.insert(key.clone());
        Some(vec![Piece::Value(place(&key))])
    }

    /// The namespace that every text is the name of.
    fn key(&self, texts: &[Option<&str>]) -> Option<&str> {
        let fits = |names: &Vec<Option<String>>| {
            texts.iter().enumerate().all(|(at, text)| text.is_none_or(|text| is(names, at, text)))
        };
        self.renamed.iter().find(|(_, names)| fits(names)).map(|(key, _)| key.as_str())
    }

    fn part(&self, words: &[Option<&str>]) -> Option<Piece> {
        let first = words.iter().flatten().next()?;
        if words.iter().flatten().all(|word| word == first) {
            return Some(Piece::Literal((*first).to_owned()));
        }
        Some(Piece::Value(place(self.key(words)?)))
    }

    /// Adds the values of all namespaces that were looked at since the last time.
    pub(super) fn settle(&mut self, values: &mut Values) {
        for key in std::mem::take(&mut self.used) {
            let names = self.renamed.get(&key).into_iter().flatten();
            let each = names.map(|name| name.as_deref().map(Value::from)).collect();
            let meaning = Meaning {
                schema: json!({"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63}),
                sets: "the name of the namespace, wherever it occurs".to_owned(),
            };
            values.put(place(&key), each, meaning);
        }
    }
}

fn place(key: &str) -> ValuePath {
    vec!["global".to_owned(), "namespaces".to_owned(), key.to_owned()]
}

fn is(names: &[Option<String>], at: usize, name: &str) -> bool {
    names.get(at).is_some_and(|other| other.as_deref() == Some(name))
}

/// The text cut into runs of what a name is made of, and what stands between them.
fn words(text: &str) -> Vec<&str> {
    let of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| of_name(c) != of_name(first)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect()
    }

    #[test]
    fn a_name_is_found_within_a_text() {
        let (base, production) =
            (names(&[("infra", "staging-infra")]), names(&[("infra", "production-infra")]));
        let mut namespaces = Namespaces::of(&[&base, &production]);
        let texts = [Some("db.staging-infra.svc:5432"), Some("db.production-infra.svc:5432")];
        let expected = [
            Piece::Literal("db.".to_owned()),
            Piece::Value(place("infra")),
            Piece::Literal(".svc:5432".to_owned()),
        ];
        assert_eq!(namespaces.parts(&texts).as_deref(), Some(&expected[..]));
    }

    #[test]
    fn a_part_of_a_longer_name_is_none() {
        let (base, production) = (names(&[("a", "dev")]), names(&[("a", "prod")]));
        let mut namespaces = Namespaces::of(&[&base, &production]);
        assert_eq!(namespaces.parts(&[Some("dev-x"), Some("prod-x")]), None);
        assert_eq!(namespaces.parts(&[Some("dev.x"), Some("prod.y")]), None);
    }
}
