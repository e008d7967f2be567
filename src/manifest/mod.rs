//! Manifests from anywhere: the bytes of a file become objects whose every value knows where it was written.
//!
//! Takes the bytes of a file and its name; gives the [`Object`]s in it, the places of their values, what was passed over
//! because it is no object, and what is wrong with the file itself. It reads YAML as kubectl and the API server do
//! (YAML 1.1 scalars, several documents, anchors and merge keys) and JSON, which is YAML; and it takes lists of objects
//! apart. It refuses what is no text, what is too large, what is nested too deep and what unfolds into too much. It opens
//! no file and knows no rule.
//!
//! ```
//! use bayplan::manifest;
//! use bayplan::source::KeyPath;
//!
//! let text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: Shop\n";
//! let reading = manifest::read("shop.yaml", text.as_bytes().to_vec());
//! assert_eq!(reading.objects[0].id.to_string(), "Namespace Shop");
//! let place = reading.locate(0, &KeyPath::of(["metadata", "name"]));
//! assert_eq!(&reading.text[place.shown(&reading.text)], "Shop");
//! ```

pub mod codes;
mod complete;
mod document;
mod fast;
mod file;
mod kustomization;
mod order;
mod quoted;
mod scalar;
mod sort;
mod spots;
#[cfg(test)]
mod tests;
mod tree;

use std::ops::Range;

use crate::diag::Code;
use crate::object::Object;
use crate::source::KeyPath;
use crate::value::Value;

pub use codes::CODES;
pub use document::Document;
pub use file::LARGEST;
pub use kustomization::{Kustomization, NewImage};
pub use sort::Reason;
pub use spots::{Place, Spots};
pub use tree::{NoYaml, tree};

use sort::Sort;

/// What is in a file.
#[derive(Debug, Default)]
pub struct Reading {
    /// The text, which all places point into.
    pub text: String,
    /// The objects, in the order of the file.
    pub objects: Vec<Object>,
    /// What is no object: the byte where it begins, and what it is instead.
    pub passed: Vec<(usize, Reason)>,
    /// What is wrong with the file.
    pub problems: Vec<Problem>,
    /// The document of each object, and where on its tape the object begins.
    roots: Vec<(usize, usize)>,
    spots: Vec<Spots>,
}

/// Something that is wrong with a file, whatever is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind of the trouble.
    pub code: &'static Code,
    /// One line in lower case that stands alone.
    pub message: String,
    /// The bytes of it in the text.
    pub at: Range<usize>,
    /// A remedy, if one is at hand.
    pub hint: Option<String>,
    /// The object that it stands in, by its index in [`Reading::objects`], and the field.
    pub within: Option<(usize, KeyPath)>,
}

/// Reads a file. `name` is looked at for what a file of that name is, and for nothing else.
#[must_use]
pub fn read(name: &str, bytes: Vec<u8>) -> Reading {
    let text = match file::text(bytes) {
        Ok(text) => text,
        Err(no_text) => return unreadable(name, no_text),
    };
    if let Some(reason) = sort::by_name(name) {
        return Reading { text, passed: vec![(0, reason)], ..Reading::default() };
    }
    let (documents, mistake) = documents(&text);
    let mut reading = Reading { text, ..Reading::default() };
    for document in documents {
        reading.add(name, document);
    }
    if let Some(mistake) = mistake {
        reading.add_mistake(&mistake);
    }
    reading
}

/// The documents of a text, empty ones left out: what a program needs that reads other YAML than manifests.
#[must_use]
pub fn values(text: &str) -> Vec<Value> {
    documents(text).0.into_iter().map(|document| document.value).collect()
}

fn documents(text: &str) -> (Vec<Document>, Option<complete::Mistake>) {
    match fast::read(text) {
        Some(documents) => (documents, None),
        None => complete::read(text),
    }
}

fn unreadable(name: &str, no_text: file::NoText) -> Reading {
    let problem = Problem {
        code: &codes::YAML_PARSE,
        message: format!("`{name}` cannot be read as a manifest: {}", no_text.message),
        at: no_text.at,
        hint: Some("save it as UTF-8, or keep it out of the folder that is checked".to_owned()),
        within: None,
    };
    Reading { text: no_text.readable, problems: vec![problem], ..Reading::default() }
}

impl Reading {
    /// A file that was not looked into.
    #[must_use]
    pub fn passed_over(reason: Reason) -> Self {
        Self { passed: vec![(0, reason)], ..Self::default() }
    }

    /// Where a field of an object stands, or the nearest one above it that is there. The object as a whole is shown at
    /// its kind.
    #[must_use]
    pub fn locate(&self, object: usize, field: &KeyPath) -> Place {
        let Some(&(document, root)) = self.roots.get(object) else { return Place::default() };
        let Some(spots) = self.spots.get(document) else { return Place::default() };
        let top = field
            .segments()
            .first()
            .map(|first| KeyPath::root().join(&[first.clone()].into_iter().collect()));
        let known = top.is_some_and(|top| spots.entry(&self.text, root, &top).is_some());
        if known {
            return spots.locate(&self.text, root, field);
        }
        let kind = spots.locate(&self.text, root, &KeyPath::of(["kind"]));
        if kind.exact { kind } else { spots.locate(&self.text, root, &KeyPath::root()) }
    }

    fn add(&mut self, name: &str, document: Document) {
        let Document { value, spots, ambiguous, twice } = document;
        let (index, before) = (self.spots.len(), self.objects.len());
        let start = spots.locate(&self.text, 0, &KeyPath::root()).value.start;
        match Sort::of(&value) {
            Sort::Other(Reason::NoObject) if sort::has_name_of_values(name) => {
                return self.passed.push((start, Reason::HelmValues));
            }
            Sort::Other(reason) => return self.passed.push((start, reason)),
            Sort::Object => self.push(value, index, 0),
            Sort::List => self.add_list(value, &spots, 0),
        }
        self.spots.push(spots);
        let items = before..self.objects.len();
        for at in twice {
            self.add_duplicate(at, items.clone());
        }
        for at in ambiguous {
            self.add_ambiguous(at, items.clone());
        }
    }

    /// Takes a list apart, and the lists in it. A typed list need not repeat the kind of its items.
    fn add_list(&mut self, mut list: Value, spots: &Spots, root: usize) {
        let text = |key: &str| list.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        let Some(Value::Array(values)) = list.get_mut("items").map(Value::take) else { return };
        let single = kind.strip_suffix("List").filter(|kind| !kind.is_empty());
        let items = spots.entry(&self.text, root, &KeyPath::of(["items"])).unwrap_or(root);
        for (index, mut value) in values.into_iter().enumerate() {
            let at = spots.entry(&self.text, items, &KeyPath::root().index(index)).unwrap_or(items);
            if let (Some(fields), Some(single)) = (value.as_object_mut(), single) {
                fields.entry("apiVersion").or_insert_with(|| Value::from(api_version.as_str()));
                fields.entry("kind").or_insert_with(|| Value::from(single));
            }
            match Sort::of(&value) {
                Sort::List => self.add_list(value, spots, at),
                // What stands in a list of objects is meant to be one.
                _ => self.push(value, self.spots.len(), at),
            }
        }
    }

    fn push(&mut self, value: Value, document: usize, root: usize) {
        self.objects.push(Object::from_value(value, "", KeyPath::root()));
        self.roots.push((document, root));
    }

    fn add_duplicate(&mut self, at: Range<usize>, items: Range<usize>) {
        let key = self.text.get(at.clone()).unwrap_or_default().to_owned();
        let within = self.within(&at, items);
        self.problems.push(Problem {
            code: &codes::YAML_DUPLICATE_KEY,
            message: format!("the key {key} stands twice in its mapping"),
            at,
            hint: Some("keep the one that is meant".to_owned()),
            within,
        });
    }

    fn add_ambiguous(&mut self, at: Range<usize>, items: Range<usize>) {
        let written = self.text.get(at.clone()).unwrap_or_default().to_owned();
        let within = self.within(&at, items);
        let field = within.as_ref().and_then(|(_, field)| field.last_key()).unwrap_or_default();
        if field.to_lowercase().ends_with("mode") && scalar::is_other_base(&written) {
            return;
        }
        let Some(meaning) = scalar::differs(&written) else { return };
        self.problems.push(Problem {
            code: &codes::YAML11_AMBIGUOUS_SCALAR,
            message: format!(
                "`{written}` without quotes is {meaning} to kubectl, and not to readers of YAML 1.2"
            ),
            at,
            hint: Some(format!("write \"{written}\" if it is a text, or {} if not", plainly(&meaning))),
            within,
        });
    }

    fn within(&self, at: &Range<usize>, mut items: Range<usize>) -> Option<(usize, KeyPath)> {
        items.find_map(|index| {
            let (document, root) = *self.roots.get(index)?;
            let path = self.spots.get(document)?.path_of(&self.text, root, at)?;
            Some((index, path))
        })
    }

    /// A text that is no manifest at all may be anything.
    fn add_mistake(&mut self, mistake: &complete::Mistake) {
        let speaks_of_kubernetes = self.text.contains("apiVersion") || self.text.contains("kind");
        if !speaks_of_kubernetes && self.objects.is_empty() {
            return self.passed.push((0, Reason::NoManifest));
        }
        let end = self.text[mistake.at.start..].chars().next().map_or(0, char::len_utf8);
        let at = mistake.at.start..mistake.at.end.max(mistake.at.start + end);
        let hint = self.remedy(&at);
        self.problems.push(Problem {
            code: &codes::YAML_PARSE,
            message: format!("this is no YAML: {}", mistake.message),
            at,
            hint,
            within: None,
        });
    }

    fn remedy(&self, at: &Range<usize>) -> Option<String> {
        let start = self.text[..at.start].rfind('\n').map_or(0, |line| line + 1);
        let line = self.text[start..].lines().next().unwrap_or_default();
        if self.text.contains("{{") {
            Some("if it is a template, render it first: helm template … | bayplan check -".to_owned())
        } else if line.trim_start_matches(' ').starts_with('\t') {
            Some("indent with spaces: YAML has no tabs there".to_owned())
        } else {
            None
        }
    }
}

fn plainly(meaning: &str) -> &str {
    meaning.rsplit(' ').next().unwrap_or(meaning)
}

/// Whether a file of that name, which is part of a Helm chart, has to be rendered before it is YAML.
#[must_use]
pub fn is_helm_template(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair == b"{{")
}
