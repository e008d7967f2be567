//! The text of a TOML file to a document tree with spans. Every syntax error is reported, not the first alone.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::codes::BAD_VALUE;
use super::syntax;
use crate::diag::Diagnostic;
use crate::source::{FileId, Layer, Node, NodeValue, Origin, Sources, Span};

/// Reads the file `file` of `sources` as TOML. Everything in it is of the layer [`Layer::Entity`]; merging relabels
/// what stands below `[defaults]` and `[environments]`.
///
/// # Errors
/// Every syntax error of the text, each with its place.
pub fn parse(sources: &Sources, file: FileId) -> Result<Node, Vec<Diagnostic>> {
    let (table, errors) = DeTable::parse_recoverable(sources.text(file));
    let mut reader = Reader { file, problems: syntax::report(sources, file, &errors) };
    // The span of the root is the whole file; what is missing from it is shown at its first byte.
    let root = reader.table(table.get_ref(), reader.origin(0..0, None));
    if reader.problems.is_empty() { Ok(root) } else { Err(reader.problems) }
}

struct Reader {
    file: FileId,
    problems: Vec<Diagnostic>,
}

impl Reader {
    fn node(&mut self, value: &Spanned<DeValue<'_>>, key: Option<std::ops::Range<usize>>) -> Node {
        let origin = self.origin(value.span(), key);
        let value = match value.get_ref() {
            DeValue::Table(table) => return self.table(table, origin),
            DeValue::String(text) => NodeValue::String(text.to_string()),
            DeValue::Boolean(value) => NodeValue::Bool(*value),
            DeValue::Datetime(datetime) => NodeValue::String(datetime.to_string()),
            DeValue::Array(items) => {
                NodeValue::Array(items.iter().map(|item| self.node(item, None)).collect())
            }
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => NodeValue::Integer(number),
                Err(_) => self.out_of_range(&origin, number.as_str()),
            },
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => NodeValue::Float(number),
                _ => self.out_of_range(&origin, number.as_str()),
            },
        };
        Node { value, origin }
    }

    fn table(&mut self, table: &DeTable<'_>, origin: Origin) -> Node {
        let fields: BTreeMap<String, Node> = table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), self.node(value, Some(key.span()))))
            .collect();
        Node { value: NodeValue::Table(fields), origin }
    }

    fn out_of_range(&mut self, origin: &Origin, text: &str) -> NodeValue {
        let message = format!("the number `{text}` is too large or not finite");
        let hint = "write a smaller number, or a text in quotes";
        self.problems.push(Diagnostic::new(&BAD_VALUE, message).at(origin.span, "").hint(hint));
        NodeValue::Integer(0)
    }

    fn origin(&self, value: std::ops::Range<usize>, key: Option<std::ops::Range<usize>>) -> Origin {
        let span =
            |range: std::ops::Range<usize>| Span { file: self.file, start: range.start, end: range.end };
        Origin { layer: Layer::Entity, span: Some(span(value)), key: key.map(span), kept: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::KeyPath;

    fn read(text: &str) -> (Sources, Result<Node, Vec<Diagnostic>>) {
        let mut sources = Sources::default();
        let file = sources.add("platform.toml", text);
        let node = parse(&sources, file);
        (sources, node)
    }

    #[test]
    fn a_value_knows_its_bytes_and_those_of_its_key() {
        let (sources, node) = read("[workloads.api]\nreplicas = 3\n");
        let node = node.expect("valid");
        let replicas = node.at(&KeyPath::of(["workloads", "api", "replicas"])).expect("is there");
        assert_eq!(replicas.origin.span.map(|span| sources.snippet(span)), Some("3"));
        assert_eq!(replicas.origin.key.map(|span| sources.snippet(span)), Some("replicas"));
    }

    #[test]
    fn all_syntax_errors_are_found() {
        let (_, node) = read("a = \nb = 1\nc = @\n");
        assert_eq!(node.expect_err("invalid").len(), 2);
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        let (_, node) = read("a = 99999999999999999999\nb = inf\nc = 0xff\n");
        assert_eq!(node.expect_err("invalid").len(), 2);
    }
}
