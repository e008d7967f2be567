//! A document tree in which every value knows which layer wrote it and where.
//!
//! The whole language is resolved on this tree: layers are merged as trees, so a value that survives carries its
//! origin with it, and the serde types of `spec/` stay free of spans.

use std::collections::BTreeMap;

use super::{KeyPath, Segment, Span};
use crate::value::Value;

/// Which layer a value comes from, weakest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What bayplan assumes where nobody says otherwise.
    Builtin,
    /// The preset of an engine, by its name.
    Engine(String),
    /// The profile of a cluster kind, by its name.
    Cluster(String),
    /// `[defaults]` of the platform.
    Defaults,
    /// The group of the entity, by its name.
    Group(String),
    /// The entity itself.
    Entity,
    /// `[environments.<name>]`.
    Environment(String),
}

/// Who wrote a value, and where. A preset has no place in the user's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The layer that the value was taken from.
    pub layer: Layer,
    /// The bytes of the value.
    pub span: Option<Span>,
    /// The bytes of the key that it stands under.
    pub key: Option<Span>,
    /// The bytes of the weaker value that a part was kept of, as a `request..limit` keeps one side of another.
    pub kept: Option<Span>,
}

impl Origin {
    /// The origin of a value that no file of the user's holds.
    #[must_use]
    pub const fn preset(layer: Layer) -> Self {
        Self { layer, span: None, key: None, kept: None }
    }
}

/// A value and its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What was written.
    pub value: NodeValue,
    /// Who wrote it, and where.
    pub origin: Origin,
}

/// The shapes that a value can have.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// A table.
    Table(BTreeMap<String, Node>),
}

impl Node {
    /// An empty table of the given layer.
    #[must_use]
    pub const fn empty_table(layer: Layer) -> Self {
        Self { value: NodeValue::Table(BTreeMap::new()), origin: Origin::preset(layer) }
    }

    /// A tree made from a JSON value, every node of it a preset of `layer`. Nulls are left out.
    #[must_use]
    pub fn from_json(value: &Value, layer: &Layer) -> Self {
        let value = match value {
            Value::Null => NodeValue::Table(BTreeMap::new()),
            Value::Bool(b) => NodeValue::Bool(*b),
            Value::Number(n) => n
                .as_i64()
                .map_or_else(|| NodeValue::Float(n.as_f64().unwrap_or(f64::MAX)), NodeValue::Integer),
            Value::String(s) => NodeValue::String(s.to_string()),
            Value::Array(items) => {
                NodeValue::Array(items.iter().map(|item| Self::from_json(item, layer)).collect())
            }
            Value::Object(fields) => NodeValue::Table(
                fields
                    .iter()
                    .filter(|(_, v)| !v.is_null())
                    .map(|(k, v)| (k.to_string(), Self::from_json(v, layer)))
                    .collect(),
            ),
        };
        Self { value, origin: Origin::preset(layer.clone()) }
    }

    /// The plain value, without origins.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.value {
            NodeValue::Bool(b) => Value::Bool(*b),
            NodeValue::Integer(i) => Value::from(*i),
            NodeValue::Float(f) => Value::from(*f),
            NodeValue::String(s) => Value::from(s),
            NodeValue::Array(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            NodeValue::Table(fields) => {
                Value::Object(fields.iter().map(|(k, v)| (k.clone(), v.to_json())).collect())
            }
        }
    }

    /// The fields, where this is a table.
    #[must_use]
    pub const fn as_table(&self) -> Option<&BTreeMap<String, Self>> {
        match &self.value {
            NodeValue::Table(fields) => Some(fields),
            _ => None,
        }
    }

    /// The fields to change, where this is a table.
    pub const fn as_table_mut(&mut self) -> Option<&mut BTreeMap<String, Self>> {
        match &mut self.value {
            NodeValue::Table(fields) => Some(fields),
            _ => None,
        }
    }

    /// The text, where this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            NodeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// The field `key` of a table.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_table()?.get(key)
    }

    /// The value at `path`, if every step exists.
    #[must_use]
    pub fn at(&self, path: &KeyPath) -> Option<&Self> {
        path.segments().iter().try_fold(self, Self::step)
    }

    /// The deepest value on the way to `path` that exists; the root if none does.
    #[must_use]
    pub fn nearest(&self, path: &KeyPath) -> &Self {
        let mut node = self;
        for segment in path.segments() {
            match node.step(segment) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// The bytes to show for this value: its own, or those of its key where it is a table, which is too large to show.
    #[must_use]
    pub fn place(&self) -> Option<Span> {
        if self.as_table().is_some() && !self.is_short_form() {
            return self.origin.key.or(self.origin.span);
        }
        self.origin.span
    }

    /// The bytes to show for the value at `path`: those of the deepest value on the way to it that has a place.
    #[must_use]
    pub fn place_of(&self, path: &KeyPath) -> Option<Span> {
        // From the deepest up: whether a table is a short form is asked of all its fields, and there may be thousands.
        let way: Vec<&Self> = self.way(path).collect();
        way.into_iter().rev().find_map(Self::place)
    }

    /// `path` as the user wrote it: a short form has no key for the value that it is short for.
    #[must_use]
    pub fn written(&self, path: &KeyPath) -> KeyPath {
        let way: Vec<&Self> = self.way(path).collect();
        let is_short = |at: usize| match (way.get(at), way.get(at + 1)) {
            (Some(table), Some(field)) => {
                field.origin.span.is_some() && field.origin.span == table.origin.span
            }
            _ => false,
        };
        let steps = path.segments().iter().enumerate();
        steps.filter(|(at, _)| !is_short(*at)).map(|(_, segment)| segment.clone()).collect()
    }

    /// Whether this is a table that a short form was written out to.
    fn is_short_form(&self) -> bool {
        let fields = self.as_table().into_iter().flatten();
        self.origin.span.is_some()
            && fields.map(|(_, field)| field).any(|field| field.origin.span == self.origin.span)
    }

    /// The values on the way to `path`, the root first, as far as they exist.
    fn way<'a>(&'a self, path: &'a KeyPath) -> impl Iterator<Item = &'a Self> {
        let mut next = Some(self);
        let mut steps = path.segments().iter();
        std::iter::from_fn(move || {
            let node = next?;
            next = steps.next().and_then(|segment| node.step(segment));
            Some(node)
        })
    }

    /// Takes the value at `path` out of the tree.
    pub fn remove(&mut self, path: &KeyPath) {
        let Some((last, way)) = path.segments().split_last() else { return };
        let mut node = self;
        for segment in way {
            match node.step_mut(segment) {
                Some(next) => node = next,
                None => return,
            }
        }
        match (&mut node.value, last) {
            (NodeValue::Table(fields), Segment::Key(key)) => drop(fields.remove(key)),
            (NodeValue::Array(items), Segment::Index(index)) if *index < items.len() => {
                items.remove(*index);
            }
            _ => {}
        }
    }

    /// Lays `stronger` over this tree: tables merge by key, everything else replaces.
    pub fn overlay(&mut self, stronger: &Self) {
        match (&mut self.value, &stronger.value) {
            (NodeValue::Table(fields), NodeValue::Table(over)) => {
                for (key, node) in over {
                    match fields.get_mut(key) {
                        Some(field) => field.overlay(node),
                        None => {
                            fields.insert(key.clone(), node.clone());
                        }
                    }
                }
                if stronger.origin.span.is_some() && self.origin.span.is_none() {
                    self.origin = stronger.origin.clone();
                }
            }
            _ => *self = stronger.clone(),
        }
    }

    fn step(&self, segment: &Segment) -> Option<&Self> {
        match (&self.value, segment) {
            (NodeValue::Table(fields), Segment::Key(key)) => fields.get(key),
            (NodeValue::Array(items), Segment::Index(index)) => items.get(*index),
            _ => None,
        }
    }

    fn step_mut(&mut self, segment: &Segment) -> Option<&mut Self> {
        match (&mut self.value, segment) {
            (NodeValue::Table(fields), Segment::Key(key)) => fields.get_mut(key),
            (NodeValue::Array(items), Segment::Index(index)) => items.get_mut(*index),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn a_short_form_is_shown_and_named_as_it_was_written() {
        let mut sources = crate::source::Sources::default();
        let file = sources.add("a", "storage = '1Gi'");
        let at = |start, end| Some(Span { file, start, end });
        let mut root = Node::from_json(&json!({"storage": {"size": "1Gi"}}), &Layer::Entity);
        root.origin.span = at(0, 0);
        let storage = root.step_mut(&Segment::Key("storage".to_owned())).expect("is there");
        storage.origin.span = at(10, 15);
        storage.origin.key = at(0, 7);
        let path = KeyPath::of(["storage", "size"]);
        assert_eq!(root.place_of(&KeyPath::of(["storage"])), at(0, 7));
        assert_eq!(root.written(&path).to_string(), "storage.size");
        let size = root
            .step_mut(&Segment::Key("storage".to_owned()))
            .and_then(|table| table.step_mut(&Segment::Key("size".to_owned())));
        size.expect("is there").origin.span = at(10, 15);
        assert_eq!(root.place_of(&KeyPath::of(["storage"])), at(10, 15));
        assert_eq!(root.written(&path).to_string(), "storage");
        assert_eq!(root.place_of(&KeyPath::of(["nothing", "here"])), at(0, 0));
        root.remove(&path);
        assert_eq!(root.to_json(), json!({"storage": {}}));
    }

    #[test]
    fn tables_merge_and_the_rest_replaces_with_its_origin() {
        let mut weak = Node::from_json(&json!({"a": {"x": 1, "y": [1, 2]}, "b": 1}), &Layer::Builtin);
        let strong = Node::from_json(&json!({"a": {"y": [3]}, "c": true}), &Layer::Entity);
        weak.overlay(&strong);
        assert_eq!(weak.to_json(), json!({"a": {"x": 1, "y": [3]}, "b": 1, "c": true}));
        let layer =
            |path: &[&str]| weak.at(&KeyPath::of(path.iter().copied())).map(|n| n.origin.layer.clone());
        assert_eq!(layer(&["a", "x"]), Some(Layer::Builtin));
        assert_eq!(layer(&["a", "y"]), Some(Layer::Entity));
    }
}
