//! What every builder of the model works in: the merged document, the typed spec, and the list of problems.
//!
//! A builder never stops at a mistake. It reports it here, with the place where the value was written, and gives `None`.
//! What is only the consequence of a mistake that was reported is dropped here, so that one mistake gives one problem.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::{CONFLICTING_KEYS, UNKNOWN_PORT, UNKNOWN_REFERENCE};
use super::examples::example;
use super::layers::LAYERED;
use crate::diag::{Diagnostic, did_you_mean};
use crate::names::{DnsLabel, NameError};
use crate::source::{Damage, KeyPath, Layer, Node, Segment, Span};
use crate::spec;
use crate::spec::codes::{BAD_VALUE, MISSING_KEY};

/// How many names a hint lists: nobody reads more.
const LISTED: usize = 12;

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
    damage: Damage,
}

impl<'a> Scope<'a> {
    /// A scope over a merged document and its typed view, of which `damage` is missing.
    pub(super) const fn new(document: &'a Node, spec: &'a spec::Platform, damage: Damage) -> Self {
        Self {
            spec,
            problems: Vec::new(),
            namespaces: BTreeMap::new(),
            secret_readers: BTreeMap::new(),
            document,
            damage,
        }
    }

    /// Where the value at `path` was written, or the key of the nearest table round it where it was not.
    pub(super) fn span(&self, path: &KeyPath) -> Option<Span> {
        self.document.place_of(path)
    }

    /// Where the key at the end of `path` was written.
    pub(super) fn key_span(&self, path: &KeyPath) -> Option<Span> {
        self.document.at(path).and_then(|node| node.origin.key).or_else(|| self.span(path))
    }

    /// Where the value at `path` was written, if the user wrote it at all.
    pub(super) fn written_span(&self, path: &KeyPath) -> Option<Span> {
        self.document.at(path).and_then(Node::place)
    }

    /// Which layer wrote the value at `path`.
    pub(super) fn layer(&self, path: &KeyPath) -> Option<&Layer> {
        self.document.at(path).map(|node| &node.origin.layer)
    }

    /// Where the weaker value was written that the value at `path` keeps a part of.
    pub(super) fn kept(&self, path: &KeyPath) -> Option<Span> {
        self.document.at(path).and_then(|node| node.origin.kept)
    }

    /// The path of a value in the user's file: a default stands in `[defaults]`, however many entities it reaches.
    pub(super) fn written(&self, path: &KeyPath) -> KeyPath {
        let written = self.document.written(path);
        match (self.layer(path), path.segments()) {
            (Some(Layer::Defaults), [noun, _, ..]) => {
                let rest = written.segments().iter().skip(2).cloned();
                let key = |word: &str| Segment::Key(word.to_owned());
                let table = if *noun == key("tenants") {
                    vec![key("tenant")]
                } else {
                    vec![key("defaults"), noun.clone()]
                };
                table.into_iter().chain(rest).collect()
            }
            (Some(Layer::Group(group)), [noun, _, rest @ ..]) => {
                let direct =
                    matches!(rest.first(), Some(Segment::Key(key)) if key == "namespace" || key == "labels");
                let group = ["groups", group].map(|key| Segment::Key(key.to_owned()));
                let table =
                    if direct { None } else { Some([Segment::Key("defaults".to_owned()), noun.clone()]) };
                let rest = written.segments().iter().skip(2).cloned();
                group.into_iter().chain(table.into_iter().flatten()).chain(rest).collect()
            }
            _ => written,
        }
    }

    /// Adds a problem, unless it is the consequence of one that was reported.
    pub(super) fn report(&mut self, problem: Diagnostic) {
        let place = problem.labels.first().map(|label| label.span);
        let lost = place.is_some_and(|span| self.damage.touches(span));
        let emptied = place.is_some_and(|span| self.damage.is_within(span));
        let explained = emptied && problem.code == &CONFLICTING_KEYS;
        if !lost && !explained {
            self.problems.push(problem);
        }
    }

    /// Whether something called `word` was lost to a mistake that was reported.
    pub(super) fn is_lost(&self, word: &str) -> bool {
        self.damage.mentions(word)
    }

    /// The value, or a report that the entity at `path` lacks `key`.
    pub(super) fn required<T>(&mut self, path: &KeyPath, key: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            let edit = format!("add `{key} = {}`", example(key).unwrap_or("…"));
            let hint = match path.segments() {
                [Segment::Key(noun), _] if noun == "tenants" => edit,
                [Segment::Key(noun), _] if LAYERED.contains(&noun.as_str()) => {
                    format!("{edit} here, or in `[defaults.{noun}]` for all of them")
                }
                _ => edit,
            };
            self.missing(path, key, &hint);
        }
        value
    }

    /// Reports that the entity at `path` lacks `key`.
    pub(super) fn missing(&mut self, path: &KeyPath, key: &str, hint: &str) {
        if !self.is_lost(key) {
            let problem = Diagnostic::new(&MISSING_KEY, format!("`{}` lacks `{key}`", self.written(path)));
            self.report(problem.at(self.span(path), "").hint(hint));
        }
    }

    /// The parsed text, or a report that the value at `path` breaks the rule of its kind.
    pub(super) fn parse<T>(
        &mut self,
        path: &KeyPath,
        text: &str,
        parse: impl Fn(&str) -> Result<T, NameError>,
    ) -> Option<T> {
        let place = self.span(path);
        let wanted = path.last_key().and_then(example).map(|example| format!("write it as in `{example}`"));
        let result = parse(text);
        self.checked(path, place, result, wanted.as_deref().unwrap_or("write it in the form that is named"))
    }

    /// The parsed key at the end of `path`, or a report that it breaks the rule of its kind.
    pub(super) fn parse_key<T>(
        &mut self,
        path: &KeyPath,
        parse: impl Fn(&str) -> Result<T, NameError>,
    ) -> Option<T> {
        let place = self.key_span(path);
        let result = parse(path.last_key().unwrap_or_default());
        self.checked(path, place, result, "choose another name")
    }

    fn checked<T>(
        &mut self,
        path: &KeyPath,
        place: Option<Span>,
        result: Result<T, NameError>,
        fallback: &str,
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let hint = error
                    .suggestion()
                    .map_or_else(|| fallback.to_owned(), |better| format!("did you mean `{better}`?"));
                let message = format!("`{}`: {}", self.written(path), error.message());
                self.report(Diagnostic::new(&BAD_VALUE, message).at(place, "").hint(hint));
                None
            }
        }
    }

    /// The name in the cluster of the entity at `path`: its own, or its key.
    pub(super) fn name<T>(
        &mut self,
        path: &KeyPath,
        own: Option<&str>,
        parse: impl Fn(&str) -> Result<T, NameError>,
    ) -> Option<T> {
        match own {
            Some(own) => self.parse(&path.key("name"), own, parse),
            None => self.parse_key(path, parse),
        }
    }

    /// The component of the entity at `path`: its own, or its key. Where the key was refused as a name already, nothing
    /// more is said of it.
    pub(super) fn component(&mut self, path: &KeyPath, own: Option<&str>) -> Option<DnsLabel> {
        if let Some(own) = own {
            return self.parse(&path.key("component"), own, DnsLabel::parse);
        }
        let error = match DnsLabel::parse(path.last_key().unwrap_or_default()) {
            Ok(component) => return Some(component),
            Err(error) => error,
        };
        let place = self.key_span(path);
        let refused = |problem: &Diagnostic| problem.labels.first().map(|label| label.span) == place;
        if !self.problems.iter().any(refused) {
            let message = format!("`{path}` has a key that cannot be its component: {}", error.message());
            let hint = format!("add `component = \"{}\"`", error.suggestion().unwrap_or("…"));
            self.report(Diagnostic::new(&BAD_VALUE, message).at(place, "").hint(hint));
        }
        None
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
        let declared = self.spec.namespaces.as_ref();
        if let Some(found) = key.and_then(|key| self.namespaces.get(key)) {
            return Some(found.clone());
        }
        let known: Vec<String> = declared.into_iter().flatten().map(|(key, _)| key.clone()).collect();
        let Some(key) = key else {
            let hint = match known.as_slice() {
                [] => "declare one as `[namespaces.core]`, and add `namespace = \"core\"`".to_owned(),
                [only] => format!("add `namespace = \"{only}\"`"),
                several => format!("add `namespace = \"…\"`, one of {}", listed(several)),
            };
            self.missing(path, "namespace", &hint);
            return None;
        };
        let disabled = declared
            .and_then(|namespaces| namespaces.get(key))
            .is_some_and(|namespace| namespace.enabled == Some(false));
        if disabled {
            self.disabled_namespace(path, key);
        } else if !known.iter().any(|known| known == key) {
            // One that is declared and has no name was reported where it stands.
            self.unknown(&path.key("namespace"), &format!("namespace `{key}`"), key, &known);
        }
        None
    }

    fn disabled_namespace(&mut self, path: &KeyPath, key: &str) {
        let path = path.key("namespace");
        let message = format!("`{}`: namespace `{key}` is not enabled", self.written(&path));
        let problem = Diagnostic::new(&UNKNOWN_REFERENCE, message)
            .at(self.span(&path), "")
            .at(self.span(&KeyPath::of(["namespaces", key, "enabled"])), "not enabled here");
        self.report(problem.hint("enable it, or set `enabled = false` for what is in it, too"));
    }

    /// Reports a name that refers to nothing.
    pub(super) fn unknown(&mut self, path: &KeyPath, what: &str, word: &str, known: &[String]) {
        if self.is_lost(word) {
            return;
        }
        let hint = did_you_mean(word, known.iter().map(String::as_str)).map_or_else(
            || match known {
                [] => "there is none to name yet: declare it".to_owned(),
                known => format!("there is {}", listed(known)),
            },
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("`{}`: there is no {what}", self.written(path));
        self.report(Diagnostic::new(&UNKNOWN_REFERENCE, message).at(self.span(path), "").hint(hint));
    }

    /// Reports a table at `path` that has several of `keys`, of which only one can hold, or none of them.
    pub(super) fn one_of(&mut self, path: &KeyPath, keys: &[&str]) {
        let given: Vec<&str> =
            keys.iter().copied().filter(|key| self.document.at(&path.key(*key)).is_some()).collect();
        let quoted = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
        let message = match given.as_slice() {
            [] => format!("`{}` needs one of {}", self.written(path), quoted(keys).join(", ")),
            given => {
                format!(
                    "`{}` has {}, of which only one can hold",
                    self.written(path),
                    quoted(given).join(" and ")
                )
            }
        };
        let hint = match given.as_slice() {
            [] => format!("add {}", quoted(keys).join(" or ")),
            given => format!("remove {}", quoted(given).join(" or ")),
        };
        let place = self.span(path);
        let mut problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(place, "");
        for key in given {
            problem = problem.at(self.key_span(&path.key(key)).filter(|span| Some(*span) != place), "");
        }
        self.report(problem.hint(hint));
    }

    /// Reports a port that its owner does not have.
    pub(super) fn unknown_port(&mut self, path: &KeyPath, (owner, port): (&str, &str), known: &[&str]) {
        if self.is_lost(port) || self.is_lost("ports") {
            return;
        }
        let near = did_you_mean(port, known.iter().copied());
        let hint = match (near, known) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => format!("it has no ports: add `ports = {{ {port} = 3000 }}` to `{owner}`"),
            (None, known) => {
                let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                format!("it has {}", listed(&known))
            }
        };
        let message = format!("`{}`: `{owner}` has no port `{port}`", self.written(path));
        self.report(Diagnostic::new(&UNKNOWN_PORT, message).at(self.span(path), "").hint(hint));
    }
}

/// Names for a hint, each in backquotes.
pub(super) fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(LISTED);
    if more == 0 { shown.join(", ") } else { format!("{}, and {more} more", shown.join(", ")) }
}

/// The entities of a noun that are enabled, by key.
pub(super) fn enabled<T>(
    noun: Option<&BTreeMap<String, T>>,
    is_enabled: impl Fn(&T) -> Option<bool>,
) -> Vec<(&str, &T)> {
    let all = noun.into_iter().flatten();
    all.filter(|(_, entity)| is_enabled(entity) != Some(false))
        .map(|(key, entity)| (key.as_str(), entity))
        .collect()
}

/// Whether the workload, database or external of that key is enabled; `None` where there is none.
pub(super) fn is_enabled(spec: &spec::Platform, key: &str) -> Option<bool> {
    let workload = spec.workloads.as_ref().and_then(|all| all.get(key)).map(|found| found.enabled);
    let database = spec.databases.as_ref().and_then(|all| all.get(key)).map(|found| found.enabled);
    let external = spec.externals.as_ref().and_then(|all| all.get(key)).map(|found| found.enabled);
    let enabled = workload.or(database).or(external)?;
    Some(enabled != Some(false))
}
