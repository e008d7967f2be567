//! YAML that is no manifest as a document tree: for formats whose readers want to know where a value stands.
//!
//! Takes a text and the file that it is in; gives its first document, every scalar as the text that was written. Which of
//! them is a number is the business of the format: `1.10` is a version in one and a figure in another, and `on` a word. What
//! is null is an empty table. It refuses what is no YAML.

use std::collections::BTreeMap;
use std::ops::Range;

use super::document::Document;
use super::spots::Place;
use crate::source::{FileId, KeyPath, Layer, Node, NodeValue, Origin, Span};
use crate::value::Value;

/// Why a text is no YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoYaml {
    /// One line in lower case.
    pub message: String,
    /// The bytes of the mistake.
    pub at: Range<usize>,
}

/// The first document of a text; an empty table where there is none.
///
/// # Errors
/// Where the text is no YAML.
pub fn tree(text: &str, file: FileId) -> Result<Node, NoYaml> {
    let (documents, mistake) = super::documents(text);
    if let Some(mistake) = mistake {
        return Err(NoYaml { message: mistake.message, at: mistake.at });
    }
    let Some(document) = documents.into_iter().next() else { return Ok(Node::empty_table(Layer::Entity)) };
    let reader = Reader { text, file, document: &document };
    Ok(reader.node(&document.value, &KeyPath::root()))
}

struct Reader<'a> {
    text: &'a str,
    file: FileId,
    document: &'a Document,
}

impl Reader<'_> {
    fn node(&self, value: &Value, path: &KeyPath) -> Node {
        let place = self.document.spots.locate(self.text, 0, path);
        let value = match value {
            Value::Null => NodeValue::Table(BTreeMap::new()),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                NodeValue::Array(items.map(|(index, item)| self.node(item, &path.index(index))).collect())
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                NodeValue::Table(
                    fields
                        .map(|(key, it)| (key.to_string(), self.node(it, &path.key(key.as_str()))))
                        .collect(),
                )
            }
            scalar => NodeValue::String(self.scalar(scalar, &place)),
        };
        Node { value, origin: self.origin(&place) }
    }

    /// A plain scalar of one line as it is written, and any other as it is read.
    fn scalar(&self, value: &Value, place: &Place) -> String {
        let written = self.text.get(place.value.clone()).unwrap_or_default().trim();
        let plain = !written.is_empty()
            && !written.contains('\n')
            && !written.starts_with(['"', '\'', '|', '>', '*', '&', '!']);
        match value {
            _ if place.exact && plain => written.to_owned(),
            Value::String(text) => text.to_string(),
            other => other.to_string(),
        }
    }

    fn origin(&self, place: &Place) -> Origin {
        let span = |range: &Range<usize>| Span { file: self.file, start: range.start, end: range.end };
        let shown = span(&place.shown(self.text));
        Origin { layer: Layer::Entity, span: Some(shown), key: place.key.as_ref().map(span), kept: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::value::json;

    #[test]
    fn scalars_are_what_was_written_and_know_where() {
        let text = "a: 1.10\nb: on\nc: 'yes'\nd:\ne: [0o17, \"x\"]\nf: &f {g: 22:22}\nh: {<<: *f}\n";
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", text);
        let tree = tree(text, file).expect("it is YAML");
        let expected = json!({
            "a": "1.10", "b": "on", "c": "yes", "d": {}, "e": ["0o17", "x"], "f": {"g": "22:22"}, "h": {"g": "22:22"},
        });
        assert_eq!(tree.to_json(), expected);
        let place = tree.at(&KeyPath::of(["f", "g"])).and_then(Node::place).expect("it has a place");
        assert_eq!(sources.snippet(place), "22:22");
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_place() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "a: [1\nb: 2");
        assert!(tree("a: [1\nb: 2", file).is_err());
    }
}
