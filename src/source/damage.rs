//! What is lost to a mistake that was reported, so that its consequences are not reported too.
//!
//! A stage that finds a value it cannot use reports it, takes it out of the document or leaves it unread, and notes it
//! here. Later stages go on with the rest, and before they report that something is absent or wrong they ask whether
//! that is only because of the damage. It errs on the side of silence: the user mends what was reported first.

use std::collections::{BTreeMap, BTreeSet};

use super::{FileId, Node, NodeValue, Span};

/// The places and the words that mistakes have taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damage {
    /// Where what was lost begins and ends. No two of them overlap, so that one look-up answers.
    spans: BTreeMap<(FileId, usize), usize>,
    tables: BTreeSet<Span>,
    words: BTreeSet<String>,
}

impl Damage {
    /// Whether nothing was lost.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.words.is_empty()
    }

    /// Notes that `node`, which stood under `word` in `table`, is of no use.
    pub fn lose(&mut self, word: &str, node: &Node, table: &Node) {
        self.lose_value(node);
        self.lose_word(word);
        self.lose_words_in(node);
        self.tables.extend(table.place());
    }

    /// Notes that the value of `node` is of no use, while its key still says that there is one.
    pub fn lose_value(&mut self, node: &Node) {
        node.origin.key.into_iter().chain(node.origin.span).for_each(|span| self.lose_span(span));
    }

    /// Notes that what is written at `span` is of no use.
    pub fn lose_span(&mut self, span: Span) {
        let (mut start, mut end) = (span.start, span.end);
        while let Some((at, until)) = self.last_before(span.file, end).filter(|(_, until)| start < *until) {
            self.spans.remove(&(span.file, at));
            (start, end) = (start.min(at), end.max(until));
        }
        self.spans.insert((span.file, start), end);
    }

    /// The last lost range of `file` that begins before `end`.
    fn last_before(&self, file: FileId, end: usize) -> Option<(usize, usize)> {
        let before = self.spans.range((file, 0)..(file, end)).next_back();
        before.map(|((_, start), end)| (*start, *end))
    }

    /// Notes that nothing can be said of what is called `word`.
    pub fn lose_word(&mut self, word: &str) {
        self.words.insert(word.to_owned());
    }

    /// What a lost table declares is lost with it.
    fn lose_words_in(&mut self, node: &Node) {
        let NodeValue::Table(fields) = &node.value else { return };
        for (word, field) in fields {
            self.lose_word(word);
            self.lose_words_in(field);
        }
    }

    /// Whether something at `span` was lost.
    #[must_use]
    pub fn touches(&self, span: Span) -> bool {
        self.last_before(span.file, span.end).is_some_and(|(_, end)| span.start < end)
    }

    /// Whether a field was lost of the table that is shown at `span`.
    #[must_use]
    pub fn is_within(&self, span: Span) -> bool {
        self.tables.contains(&span)
    }

    /// Whether something called `word` was lost.
    #[must_use]
    pub fn mentions(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Layer, Sources};
    use crate::value::json;

    #[test]
    fn what_overlaps_a_lost_value_is_touched() {
        let file = Sources::default().add("a", "");
        let span = |start, end| Span { file, start, end };
        let mut damage = Damage::default();
        for (start, end) in [(10, 20), (30, 40), (15, 35), (0, 2)] {
            let mut node = Node::from_json(&json!(1), &Layer::Entity);
            node.origin.span = Some(span(start, end));
            damage.lose_value(&node);
        }
        for (start, end, touched) in
            [(0, 1, true), (2, 10, false), (5, 11, true), (22, 28, true), (39, 50, true), (40, 50, false)]
        {
            assert_eq!(damage.touches(span(start, end)), touched, "{start}..{end}");
        }
    }

    #[test]
    fn a_lost_table_takes_its_words_along() {
        let node = Node::from_json(&json!({"api": {"image": "a"}}), &Layer::Entity);
        let mut damage = Damage::default();
        assert!(damage.is_empty());
        damage.lose("workload", &node, &node);
        assert!(damage.mentions("workload") && damage.mentions("api") && !damage.mentions("a"));
    }
}
