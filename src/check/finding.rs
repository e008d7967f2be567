//! What the rules find, and how it gets its field path.
//!
//! A rule points at the value that is wrong, or at the key that is missing below a value, by reference. The path of that
//! value is looked up once, when all rules have run: rules that find nothing, which is nearly always, pay nothing for paths.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::{KeyPath, Segment};
use crate::value::Value;

/// One thing that a rule has to say of one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The diagnostic, with object and field but without a place: who knows where things were written adds that.
    pub diagnostic: Diagnostic,
    /// The place in `platform.toml` that it comes from: mostly the entity that the object belongs to.
    pub source: KeyPath,
    /// Where the object stands in the slice that was checked; `None` where it is about the policy.
    pub object: Option<usize>,
    /// The field, from the root of the object.
    pub field: KeyPath,
}

/// Where in its object a finding points.
#[derive(Debug, Clone)]
pub(crate) enum Place<'a> {
    /// At a value.
    Value(&'a Value),
    /// At a key below a value, whether it is there or not.
    Key(&'a Value, &'a str),
    /// At a path that is known already.
    Path(KeyPath),
}

impl<'a> From<&'a Value> for Place<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Value(value)
    }
}

impl<'a> From<(&'a Value, &'a str)> for Place<'a> {
    fn from((value, key): (&'a Value, &'a str)) -> Self {
        Self::Key(value, key)
    }
}

impl From<KeyPath> for Place<'_> {
    fn from(path: KeyPath) -> Self {
        Self::Path(path)
    }
}

/// Collects what rules find.
#[derive(Debug, Default)]
pub(crate) struct Findings<'a> {
    object: usize,
    entries: Vec<Entry<'a>>,
}

#[derive(Debug)]
struct Entry<'a> {
    object: usize,
    source: Option<KeyPath>,
    /// Whether it says that the field is not of its shape, so that nothing else can be said of it.
    misshapen: bool,
    place: Place<'a>,
    diagnostic: Diagnostic,
}

impl<'a> Findings<'a> {
    /// What is added from now on concerns the object at `index`.
    pub fn of(&mut self, index: usize) -> &mut Self {
        self.object = index;
        self
    }

    /// Whether nothing was found yet.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds a finding. The message is one line in lower case that stands alone.
    pub fn add(&mut self, code: &'static Code, place: impl Into<Place<'a>>, message: impl Into<String>) {
        self.add_with_hint(code, place, message, None);
    }

    /// Adds a finding with a remedy, if there is one.
    pub fn add_with_hint(
        &mut self,
        code: &'static Code,
        place: impl Into<Place<'a>>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.add_diagnostic(place, Diagnostic::new(code, message).maybe_hint(hint));
    }

    /// Adds a finding that is put together already.
    pub fn add_diagnostic(&mut self, place: impl Into<Place<'a>>, diagnostic: Diagnostic) {
        let place = place.into();
        self.entries.push(Entry { object: self.object, source: None, misshapen: false, place, diagnostic });
    }

    /// Adds a finding of the schema: a field that is not of its shape. Other findings at that field are dropped.
    pub fn add_misshapen(&mut self, field: KeyPath, diagnostic: Diagnostic) {
        self.entries.push(Entry {
            object: self.object,
            source: None,
            misshapen: true,
            place: Place::Path(field),
            diagnostic,
        });
    }

    /// Adds a finding that comes from another place of `platform.toml` than the object does.
    pub fn add_from(
        &mut self,
        code: &'static Code,
        source: KeyPath,
        place: impl Into<Place<'a>>,
        message: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::new(code, message);
        self.entries.push(Entry {
            object: self.object,
            source: Some(source),
            misshapen: false,
            place: place.into(),
            diagnostic,
        });
    }

    /// All findings, in the order of the objects, then of the rules.
    pub fn finish(mut self, objects: &[Object]) -> Vec<Finding> {
        self.entries.sort_by_key(|entry| entry.object);
        let mut findings = Vec::with_capacity(self.entries.len());
        for group in self.entries.chunk_by(|a, b| a.object == b.object) {
            let Some(object) = group.first().and_then(|entry| objects.get(entry.object)) else { continue };
            let paths = paths(&object.value, group);
            let misshapen: BTreeSet<_> =
                group.iter().filter(|entry| entry.misshapen).map(|entry| entry.field(&paths)).collect();
            let kept =
                group.iter().filter(|entry| entry.misshapen || !misshapen.contains(&entry.field(&paths)));
            findings.extend(kept.map(|entry| entry.finish(object, &paths)));
        }
        findings
    }
}

impl Entry<'_> {
    fn field(&self, paths: &BTreeMap<*const Value, KeyPath>) -> KeyPath {
        let path = |value: &Value| paths.get(&std::ptr::from_ref(value)).cloned().unwrap_or_default();
        match &self.place {
            Place::Value(value) => path(value),
            Place::Key(value, key) => path(value).key(*key),
            Place::Path(path) => path.clone(),
        }
    }

    fn finish(&self, object: &Object, paths: &BTreeMap<*const Value, KeyPath>) -> Finding {
        let field = self.field(paths);
        let shown = (!field.segments().is_empty()).then(|| notation(&field));
        let diagnostic = self.diagnostic.clone().object(object.id.to_string(), shown);
        let source = self.source.clone().unwrap_or_else(|| object.source.clone());
        Finding { diagnostic, source, object: Some(self.object), field }
    }
}

/// The paths of all values that the entries point at, found in one walk over the object.
fn paths(root: &Value, entries: &[Entry<'_>]) -> BTreeMap<*const Value, KeyPath> {
    let mut wanted = BTreeMap::new();
    for entry in entries {
        if let Place::Value(value) | Place::Key(value, _) = entry.place {
            wanted.insert(std::ptr::from_ref(value), None);
        }
    }
    if !wanted.is_empty() {
        locate(root, &mut Vec::new(), &mut wanted);
    }
    wanted.into_iter().filter_map(|(value, path)| Some((value, path?))).collect()
}

fn locate<'a>(
    value: &'a Value,
    path: &mut Vec<Step<'a>>,
    wanted: &mut BTreeMap<*const Value, Option<KeyPath>>,
) {
    if let Some(slot) = wanted.get_mut(&std::ptr::from_ref(value)) {
        *slot = Some(path.iter().map(Step::to_segment).collect());
    }
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            path.push(Step::Key(key));
            locate(value, path, wanted);
            path.pop();
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| {
            path.push(Step::Index(index));
            locate(value, path, wanted);
            path.pop();
        }),
        _ => {}
    }
}

enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl Step<'_> {
    fn to_segment(&self) -> Segment {
        match self {
            Self::Key(key) => Segment::Key((*key).to_owned()),
            Self::Index(index) => Segment::Index(*index),
        }
    }
}

/// Fields that hold maps with keys of the user's own, which Kubernetes writes in brackets.
const MAPS: [&str; 16] = [
    "annotations",
    "binaryData",
    "capacity",
    "data",
    "default",
    "defaultRequest",
    "hard",
    "labels",
    "limits",
    "matchLabels",
    "max",
    "maxLimitRequestRatio",
    "min",
    "nodeSelector",
    "requests",
    "stringData",
];

/// The path as Kubernetes writes it: `spec.containers[0].resources.limits[cpu]`.
#[must_use]
pub fn notation(path: &KeyPath) -> String {
    let mut text = String::new();
    let mut parent = "";
    for segment in path.segments() {
        match segment {
            Segment::Index(index) => text.extend(["[", &index.to_string(), "]"]),
            Segment::Key(key) if MAPS.contains(&parent) || !is_field_name(key) => {
                text.extend(["[", key, "]"]);
            }
            Segment::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
        }
        parent = match segment {
            Segment::Key(key) => key,
            Segment::Index(_) => "",
        };
    }
    text
}

fn is_field_name(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_kubernetes_writes_it() {
        let path = KeyPath::of(["spec", "containers"]).index(0).key("resources").key("limits").key("cpu");
        assert_eq!(notation(&path), "spec.containers[0].resources.limits[cpu]");
        assert_eq!(notation(&KeyPath::of(["metadata", "labels", "a/b"])), "metadata.labels[a/b]");
        assert_eq!(notation(&KeyPath::root()), "");
    }
}
