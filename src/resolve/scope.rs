//! What every builder of the model works in: the merged document, the typed spec, and the list of problems.
//!
//! A builder never stops at a mistake. It reports it here, with the place where the value was written, and gives `None`.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::UNKNOWN_REFERENCE;
use crate::diag::{Diagnostic, did_you_mean};
use crate::names::{DnsLabel, NameError};
use crate::source::{KeyPath, Node, Span};
use crate::spec;
use crate::spec::codes::{BAD_VALUE, MISSING_KEY};

/// The place where a builder stands.
pub(super) struct Scope<'a> {
    /// The typed view of the document.
    pub(super) spec: &'a spec::Platform,
    /// What was found so far.
    pub(super) problems: Vec<Diagnostic>,
    /// The names in the cluster of the namespaces, by key.
    pub(super) namespaces: BTreeMap<String, DnsLabel>,
    /// Who reads which secret in which namespace: (key of the secret, namespace) to entities.
    pub(super) secret_readers: BTreeMap<(String, DnsLabel), BTreeSet<String>>,
    document: &'a Node,
}

impl<'a> Scope<'a> {
    /// A scope over a merged document and its typed view.
    pub(super) const fn new(document: &'a Node, spec: &'a spec::Platform) -> Self {
        Self {
            spec,
            problems: Vec::new(),
            namespaces: BTreeMap::new(),
            secret_readers: BTreeMap::new(),
            document,
        }
    }

    /// Where the value at `path` was written; the nearest value round it where it was not.
    pub(super) fn span(&self, path: &KeyPath) -> Option<Span> {
        if let Some(node) = self.document.at(path) {
            return node.origin.span;
        }
        self.entity_span(path)
    }

    /// Where the key of the nearest table round `path` was written: the place for what is missing.
    pub(super) fn entity_span(&self, path: &KeyPath) -> Option<Span> {
        let node = self.document.nearest(path);
        node.origin.key.or(node.origin.span)
    }

    /// Adds a problem.
    pub(super) fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// The value, or a report that the entity at `path` lacks `key`.
    pub(super) fn required<T>(&mut self, path: &KeyPath, key: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            let problem = Diagnostic::new(&MISSING_KEY, format!("`{path}` lacks `{key}`"))
                .at(self.entity_span(path), "")
                .hint(format!(
                    "add `{key} = …` here, in `[defaults]` or in the environment; bayplan invents none"
                ));
            self.report(problem);
        }
        value
    }

    /// The parsed text, or a report that the value at `path` breaks the rule of its kind.
    pub(super) fn parse<T>(
        &mut self,
        path: &KeyPath,
        text: &str,
        parse: impl Fn(&str) -> Result<T, NameError>,
    ) -> Option<T> {
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let problem = Diagnostic::new(&BAD_VALUE, format!("`{path}`: {}", error.message()))
                    .at(self.span(path), "")
                    .maybe_hint(error.suggestion().map(|better| format!("did you mean `{better}`?")));
                self.report(problem);
                None
            }
        }
    }

    /// As [`Scope::parse`], for a text that may be absent.
    pub(super) fn optional<T>(
        &mut self,
        path: &KeyPath,
        text: Option<&str>,
        parse: impl Fn(&str) -> Result<T, NameError>,
    ) -> Option<T> {
        text.and_then(|text| self.parse(path, text, parse))
    }

    /// As [`Scope::parse`], for a text under `key` that must be there.
    pub(super) fn parse_required<T>(
        &mut self,
        path: &KeyPath,
        key: &str,
        text: Option<&str>,
        parse: impl Fn(&str) -> Result<T, NameError>,
    ) -> Option<T> {
        let text = self.required(path, key, text)?;
        self.parse(&path.key(key), text, parse)
    }

    /// The name in the cluster of the namespace that an entity names.
    pub(super) fn namespace(&mut self, path: &KeyPath, key: Option<&str>) -> Option<DnsLabel> {
        let key = self.required(path, "namespace", key)?;
        let found = self.namespaces.get(key).cloned();
        if found.is_none() && self.spec.namespaces.iter().flatten().any(|(known, _)| known == key) {
            return None; // It exists, and what is wrong with it was reported there.
        }
        if found.is_none() {
            let known: Vec<String> = self.namespaces.keys().cloned().collect();
            self.unknown(&path.key("namespace"), &format!("namespace `{key}`"), key, &known);
        }
        found
    }

    /// Reports a name that refers to nothing.
    pub(super) fn unknown(&mut self, path: &KeyPath, what: &str, word: &str, known: &[String]) {
        let hint = did_you_mean(word, known.iter().map(String::as_str)).map_or_else(
            || match known {
                [] => "there is none to name yet".to_owned(),
                known => format!("there is: {}", known.join(", ")),
            },
            |near| format!("did you mean `{near}`?"),
        );
        let problem = Diagnostic::new(&UNKNOWN_REFERENCE, format!("`{path}`: there is no {what}"));
        self.report(problem.at(self.span(path), "").hint(hint));
    }
}

/// The entities of a noun that are enabled, by key.
pub(super) fn enabled<'a, T>(
    noun: Option<&'a BTreeMap<String, T>>,
    is_enabled: impl Fn(&T) -> Option<bool>,
) -> Vec<(&'a str, &'a T)> {
    let all = noun.into_iter().flatten();
    all.filter(|(_, entity)| is_enabled(entity) != Some(false))
        .map(|(key, entity)| (key.as_str(), entity))
        .collect()
}
