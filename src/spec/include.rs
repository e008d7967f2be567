//! One document of several files: what `include = ["products/*.toml"]` brings is joined to what the file itself holds.
//!
//! Takes documents that were read each from its own file, so every value keeps its place. Tables that hold entities,
//! variables or environments are joined by key; an entity itself stands in one file. What two files define is refused,
//! with both places. A `group` at the head of an included file is that of every entity in it.

use serde_json::Value;

use super::codes::DEFINED_TWICE;
use super::schema::{canonical, field};
use crate::diag::Diagnostic;
use crate::source::{KeyPath, Node, NodeValue, Segment, Span};

/// The nouns whose entities may belong to a group.
const GROUPED: [&str; 8] =
    ["charts", "configs", "databases", "instances", "routes", "secrets", "volumes", "workloads"];

/// The patterns of a document's `include`, with where each is written. What is no text is left for the shape check.
#[must_use]
pub fn includes(document: &Node) -> Vec<(String, Option<Span>)> {
    let Some(NodeValue::Array(items)) = document.get("include").map(|node| &node.value) else {
        return Vec::new();
    };
    items.iter().filter_map(|item| Some((item.as_str()?.to_owned(), item.origin.span))).collect()
}

/// Joins the documents of several files. It knows from the language's schema which tables hold entities.
pub struct Joiner {
    schema: Value,
    problems: Vec<Diagnostic>,
}

impl Default for Joiner {
    fn default() -> Self {
        Self { schema: canonical(), problems: Vec::new() }
    }
}

impl Joiner {
    /// Puts everything of `part`, the document of an included file, into `whole`.
    pub fn join(&mut self, whole: &mut Node, mut part: Node) {
        spread_group(&mut part);
        self.tables(whole, part, &KeyPath::root());
    }

    /// Everything that two files define.
    #[must_use]
    pub fn finish(self) -> Vec<Diagnostic> {
        self.problems
    }

    fn tables(&mut self, whole: &mut Node, part: Node, path: &KeyPath) {
        let (Some(fields), NodeValue::Table(more)) = (whole.as_table_mut(), part.value) else { return };
        for (key, node) in more {
            let path = path.key(&key);
            match fields.get_mut(&key) {
                None => drop(fields.insert(key, node)),
                Some(own) => self.field(own, node, &path),
            }
        }
    }

    fn field(&mut self, own: &mut Node, node: Node, path: &KeyPath) {
        let both_tables = own.as_table().is_some() && node.as_table().is_some();
        if both_tables && self.holds_entities(path) {
            return self.tables(own, node, path);
        }
        match (&mut own.value, node.value) {
            (NodeValue::Array(items), NodeValue::Array(more)) if self.is_list(path) => items.extend(more),
            _ => {
                let place = |origin: &crate::source::Origin| origin.key.or(origin.span);
                let problem = Diagnostic::new(&DEFINED_TWICE, format!("`{path}` is defined in two files"))
                    .at(place(&node.origin), "")
                    .at(place(&own.origin), "defined here already")
                    .hint("keep one of them; what is different in an environment belongs below `[environments]`");
                self.problems.push(problem);
            }
        }
    }

    fn holds_entities(&self, path: &KeyPath) -> bool {
        let is_environment = matches!(path.segments(), [Segment::Key(root), _] if root == "environments");
        let noun = noun(path).and_then(|noun| field(&self.schema, &self.schema, noun));
        is_environment
            || noun.is_some_and(|schema| schema.get("additionalProperties").is_some_and(Value::is_object))
    }

    fn is_list(&self, path: &KeyPath) -> bool {
        let noun = noun(path).and_then(|noun| field(&self.schema, &self.schema, noun));
        noun.is_some_and(|schema| schema.get("type").and_then(Value::as_str) == Some("array"))
    }
}

/// The noun that a path leads to: a key of the root, or of an environment.
fn noun(path: &KeyPath) -> Option<&str> {
    match path.segments() {
        [Segment::Key(noun)] => Some(noun),
        [Segment::Key(root), _, Segment::Key(noun)] if root == "environments" => Some(noun),
        _ => None,
    }
}

/// Writes the `group` of a file to each of its entities that names none. One that is no text stays for the shape check.
pub fn spread_group(document: &mut Node) {
    let Some(fields) = document.as_table_mut() else { return };
    let Some(group) = fields.get("group").filter(|group| group.as_str().is_some()).cloned() else { return };
    fields.remove("group");
    for noun in GROUPED {
        let entities = fields.get_mut(noun).and_then(Node::as_table_mut).into_iter().flatten();
        let tables = entities.filter_map(|(_, entity)| entity.as_table_mut());
        for entity in tables {
            entity.entry("group".to_owned()).or_insert_with(|| group.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Layer;
    use crate::value::{Value, json};

    fn node(value: &Value) -> Node {
        Node::from_json(value, &Layer::Entity)
    }

    #[test]
    fn tables_of_entities_are_joined_and_entities_are_not() {
        let mut whole = node(&json!({
            "vars": {"a": "1"}, "workloads": {"api": {"image": "a:1"}}, "allow": [{"rule": "r"}],
            "environments": {"prod": {"cluster": "gke", "workloads": {"api": {"replicas": 2}}}},
        }));
        let part = node(&json!({
            "group": "shop", "vars": {"b": "2"}, "allow": [{"rule": "s"}],
            "workloads": {"web": {"image": "w:1"}, "api": {"replicas": 3}},
            "environments": {"prod": {"workloads": {"web": {"replicas": 4}}}},
        }));
        let mut joiner = Joiner::default();
        joiner.join(&mut whole, part);
        let found: Vec<String> = joiner.finish().into_iter().map(|problem| problem.message).collect();
        assert_eq!(found, ["`workloads.api` is defined in two files"]);
        assert_eq!(
            whole.to_json(),
            json!({
                "vars": {"a": "1", "b": "2"}, "allow": [{"rule": "r"}, {"rule": "s"}],
                "workloads": {"api": {"image": "a:1"}, "web": {"image": "w:1", "group": "shop"}},
                "environments": {"prod": {
                    "cluster": "gke", "workloads": {"api": {"replicas": 2}, "web": {"replicas": 4}},
                }},
            })
        );
    }
}
