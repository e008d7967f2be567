//! All of YAML: the documents of a text that the quick reader will not read, through the events of `granit-parser`.
//!
//! Takes the text of a file; gives its documents up to the first mistake, and the mistake. Aliases are unfolded and merge
//! keys merged, as go-yaml does it. What unfolds into too much, or contains itself, is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::document::{DEEPEST, Document, Draft};
use super::scalar;
use super::spots::{Spot, Spots};
use crate::source::KeyPath;
use crate::value::{Map, Text, Value};

/// How many values aliases may unfold into. go-yaml begins to count at the same number.
const MOST_UNFOLDED: usize = 400_000;

/// Why a text is no YAML that the API server would read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// What is wrong, in lower case.
    pub message: String,
    /// The bytes that are wrong, or where the parser stopped.
    pub at: Range<usize>,
}

type Events<'t> = Vec<(Event<'t>, Range<usize>)>;

/// The documents of `text`, empty ones left out, and the mistake that ended them.
pub(super) fn read(text: &str) -> (Vec<Document>, Option<Mistake>) {
    let (streams, scanned) = split(text);
    let mut documents = Vec::new();
    for events in streams {
        match Builder::new(text, &events).document() {
            Ok(document) => documents.extend(document),
            Err(mistake) => return (documents, Some(mistake)),
        }
    }
    (documents, scanned)
}

/// The events of each document that is complete, and where the parser had to stop.
fn split(text: &str) -> (Vec<Events<'_>>, Option<Mistake>) {
    let mut documents = Vec::new();
    let mut events = Vec::new();
    let mut options = granit_parser::Options::default();
    options.set_emit_comments(false);
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((Event::DocumentEnd, _)) => documents.push(std::mem::take(&mut events)),
            Ok((Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..), _)) => {}
            Ok((event, span)) => events.push((event, span.byte_range().unwrap_or_default())),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                return (documents, Some(Mistake { message: error.info(), at: at..at }));
            }
        }
    }
    (documents, None)
}

struct Builder<'e, 't> {
    text: &'t str,
    events: &'e [(Event<'t>, Range<usize>)],
    next: usize,
    end: usize,
    deep: usize,
    unfolded: usize,
    unfolding: BTreeSet<usize>,
    anchors: BTreeMap<usize, usize>,
    draft: Draft,
}

/// A mapping whose fields are merged into another, with their places.
struct Merged {
    fields: Map,
    spots: Vec<Spot>,
}

impl<'e, 't> Builder<'e, 't> {
    fn new(text: &'t str, events: &'e [(Event<'t>, Range<usize>)]) -> Self {
        Self {
            text,
            events,
            next: 0,
            end: 0,
            deep: 0,
            unfolded: 0,
            unfolding: BTreeSet::new(),
            anchors: BTreeMap::new(),
            draft: Draft::default(),
        }
    }

    fn document(mut self) -> Result<Option<Document>, Mistake> {
        if self.events.is_empty() {
            return Ok(None);
        }
        let value = self.placed(0..0)?;
        // What is not there at all is an empty document, and no document that is null.
        let empty = value.is_null() && self.events.iter().all(|(_, at)| at.is_empty());
        Ok((!empty).then(|| self.draft.finish(value)))
    }

    /// The value that comes next, with its place on the tape.
    fn placed(&mut self, key: Range<usize>) -> Result<Value, Mistake> {
        let spot = self.draft.open(key);
        let start = self.here().start;
        let value = self.node()?;
        self.draft.close(spot, start..self.end.max(start));
        Ok(value)
    }

    fn here(&self) -> Range<usize> {
        self.events.get(self.next).map_or(self.text.len()..self.text.len(), |(_, at)| at.clone())
    }

    fn node(&mut self) -> Result<Value, Mistake> {
        let at = self.here();
        let Some((event, _)) = self.events.get(self.next) else {
            return Err(Mistake { message: "the document ends too early".to_owned(), at });
        };
        if let Some(anchor) = event.anchor_id() {
            self.anchors.insert(anchor, self.next);
        }
        let anchor = event.anchor_id();
        self.next += 1;
        self.deep += 1;
        if self.deep > DEEPEST {
            return Err(Mistake { message: format!("it is nested deeper than {DEEPEST} levels"), at });
        }
        let opened = anchor.filter(|anchor| self.unfolding.insert(*anchor));
        let value = match event {
            Event::Scalar(text, style, _, tag) => self.scalar(text, *style, tag.as_deref(), at),
            Event::SequenceStart(..) => self.sequence(),
            Event::MappingStart(..) => self.mapping(),
            Event::Alias(anchor) => self.alias(*anchor, at),
            _ => Err(Mistake { message: "a value is missing".to_owned(), at }),
        }?;
        if let Some(anchor) = opened {
            self.unfolding.remove(&anchor);
        }
        self.deep -= 1;
        Ok(value)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        at: Range<usize>,
    ) -> Result<Value, Mistake> {
        self.end = at.end;
        let tag = tag.and_then(Tag::core_suffix);
        let plain = style == ScalarStyle::Plain || matches!(tag, Some("int" | "float" | "bool" | "null"));
        if !plain || tag == Some("str") {
            return Ok(text.into());
        }
        let value = scalar::value(text).ok_or_else(|| Mistake {
            message: format!("`{text}` is no number that JSON has"),
            at: at.clone(),
        })?;
        if !value.is_string() {
            self.draft.weigh(text, at);
        }
        Ok(value)
    }

    fn sequence(&mut self) -> Result<Value, Mistake> {
        let mut items = Vec::new();
        while !self.ends(&Event::SequenceEnd) {
            items.push(self.placed(0..0)?);
        }
        Ok(Value::Array(items))
    }

    fn mapping(&mut self) -> Result<Value, Mistake> {
        let mut fields = Vec::new();
        let places = self.draft.len();
        let mut merged = Vec::new();
        while !self.ends(&Event::MappingEnd) {
            let at = self.here();
            if self.is_merge() {
                self.next += 1;
                self.merge(&mut merged)?;
            } else {
                let name = self.key()?;
                fields.push((name, self.placed(at)?));
            }
        }
        let fields = self.draft.mapping(fields, places);
        Ok(Value::Object(if merged.is_empty() { fields } else { self.adopt(fields, merged) }))
    }

    /// Goes over the end of a collection, if it comes next. A document that ends first ends the collection too.
    fn ends(&mut self, end: &Event<'_>) -> bool {
        match self.events.get(self.next) {
            Some((event, at)) if event == end => {
                // A block ends where its last value does, a flow collection with its bracket.
                if !at.is_empty() {
                    self.end = at.end;
                }
                self.next += 1;
                true
            }
            Some(_) => false,
            None => true,
        }
    }

    fn is_merge(&self) -> bool {
        matches!(self.events.get(self.next), Some((Event::Scalar(text, ScalarStyle::Plain, _, _), _)) if text == "<<")
    }

    fn key(&mut self) -> Result<Text, Mistake> {
        let at = self.here();
        let refuse = |message: &str| Mistake { message: message.to_owned(), at: at.clone() };
        let mut index = self.next;
        if let Some((Event::Alias(anchor), _)) = self.events.get(index) {
            index = self.anchors.get(anchor).copied().unwrap_or(index);
        }
        let Some((Event::Scalar(text, style, anchor, tag), _)) = self.events.get(index) else {
            return Err(refuse("a key must be a text, and is a list or a mapping"));
        };
        if *anchor > 0 {
            self.anchors.insert(*anchor, index);
        }
        self.next += 1;
        self.end = at.end;
        let is_text = tag.as_deref().and_then(Tag::core_suffix) == Some("str");
        if *style != ScalarStyle::Plain || is_text {
            return Ok(Text::from(text.as_ref()));
        }
        let name = scalar::key(text).ok_or_else(|| refuse("a key must be a text, and is null"))?;
        if name != *text {
            self.draft.weigh(text, at.clone());
        }
        Ok(name.into())
    }

    /// The value of a merge key: one mapping, or a list of them of which the first is the strongest.
    fn merge(&mut self, merged: &mut Vec<Merged>) -> Result<(), Mistake> {
        let at = self.here();
        let before = self.draft.len();
        let value = self.placed(0..0)?;
        let spots = Spots::new(self.draft.split_off(before));
        let mappings = match value {
            Value::Array(items) => {
                let path = |index| KeyPath::root().index(index);
                items.into_iter().enumerate().map(|(index, item)| (path(index), item)).collect()
            }
            one => vec![(KeyPath::root(), one)],
        };
        for (path, mapping) in mappings {
            let Value::Object(fields) = mapping else {
                let message = "`<<` must be a mapping or a list of mappings".to_owned();
                return Err(Mistake { message, at });
            };
            let root = spots.entry(self.text, 0, &path).unwrap_or(0);
            let size = spots.tape.get(root).map_or(0, |spot| spot.size as usize);
            let spots = spots.tape.get(root..root + size).unwrap_or_default().to_vec();
            merged.push(Merged { fields, spots });
        }
        Ok(())
    }

    /// The fields of a mapping, and those of others that it does not have itself.
    fn adopt(&mut self, fields: Map, others: Vec<Merged>) -> Map {
        let mut taken: BTreeSet<Text> = fields.keys().cloned().collect();
        let mut all: Vec<(Text, Value)> = fields.into_iter().collect();
        for merged in others {
            let spots = Spots::new(merged.spots);
            for (name, value) in merged.fields {
                if !taken.insert(name.clone()) {
                    continue;
                }
                if let Some(at) = spots.entry(self.text, 0, &KeyPath::root().key(name.as_str())) {
                    let size = spots.tape[at].size as usize;
                    self.draft.extend(spots.tape.get(at..at + size).unwrap_or_default());
                }
                all.push((name, value));
            }
        }
        all.into_iter().collect()
    }

    fn alias(&mut self, anchor: usize, at: Range<usize>) -> Result<Value, Mistake> {
        let refuse = |message: &str| Mistake { message: message.to_owned(), at: at.clone() };
        if self.unfolding.contains(&anchor) {
            return Err(refuse("an anchor contains itself"));
        }
        let Some(&target) = self.anchors.get(&anchor) else {
            return Err(refuse("there is no anchor of that name"));
        };
        let (back, before) = (std::mem::replace(&mut self.next, target), self.draft.len());
        let value = self.node()?;
        self.next = back;
        self.end = at.end;
        self.unfolded += self.draft.len() - before + 1;
        if self.unfolded > MOST_UNFOLDED {
            return Err(refuse("its aliases unfold into more than 400,000 values"));
        }
        Ok(value)
    }
}
