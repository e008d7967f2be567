//! Where each value of a document was written: a tape in the order of the values, beside the JSON value itself.
//!
//! The rules read JSON values, which know nothing of places. The tape is written by the same pass that makes them, twenty
//! bytes a value, and is only looked at where something is to be said.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::document::DEEPEST;
use super::{quoted, scalar};
use crate::source::{KeyPath, Segment};

/// One value: the bytes of its key and its own, and how many entries of the tape it takes, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub key: (u32, u32),
    pub value: (u32, u32),
    pub size: u32,
}

/// The places of all values of one document, parents before their children.
#[derive(Debug, Clone, Default)]
pub struct Spots {
    pub(super) tape: Vec<Spot>,
    /// What values with many others in them hold, made when the first of those is asked for.
    wide: OnceLock<BTreeMap<usize, Wide>>,
}

/// From so many values on, one is looked up in an index and not sought one by one: whoever asks for a place may ask for all.
const WIDE: usize = 64;

/// What a value with many others in it holds.
#[derive(Debug, Clone)]
struct Wide {
    items: Vec<usize>,
    /// Of two keys that are the same the last one counts.
    keys: BTreeMap<String, usize>,
    /// Where each begins, and its number, in the order of the text.
    starts: Vec<(u32, usize)>,
}

impl PartialEq for Spots {
    fn eq(&self, other: &Self) -> bool {
        self.tape == other.tape
    }
}

impl Eq for Spots {}

/// Where a value is, or where it is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The bytes of the key, where the value stands under one.
    pub key: Option<Range<usize>>,
    /// The bytes of the value.
    pub value: Range<usize>,
    /// Whether it is the value itself, and not the nearest one above it that is there.
    pub exact: bool,
}

impl Place {
    /// The bytes to underline: those of the value if it stands on one line, and of its key otherwise.
    #[must_use]
    pub fn shown(&self, text: &str) -> Range<usize> {
        let value = text.get(self.value.clone()).unwrap_or_default().trim_end();
        let one_line = Range { start: self.value.start, end: self.value.start + value.len() };
        match &self.key {
            Some(key) if value.is_empty() || value.contains('\n') || !self.exact => key.clone(),
            _ => {
                let first = value.lines().next().unwrap_or_default().trim_end();
                Range { end: one_line.start + first.len(), ..one_line }
            }
        }
    }
}

impl Spots {
    pub(super) const fn new(tape: Vec<Spot>) -> Self {
        Self { tape, wide: OnceLock::new() }
    }

    /// The place of the value at `path` below the entry `root`, or of the nearest one above it.
    #[must_use]
    pub fn locate(&self, text: &str, root: usize, path: &KeyPath) -> Place {
        let mut at = root;
        let mut exact = true;
        for segment in path.segments() {
            let Some(next) = self.step(text, at, segment) else {
                exact = false;
                break;
            };
            at = next;
        }
        self.place(at, exact)
    }

    /// The entry of the value at `path` below the entry `root`.
    #[must_use]
    pub fn entry(&self, text: &str, root: usize, path: &KeyPath) -> Option<usize> {
        path.segments().iter().try_fold(root, |at, segment| self.step(text, at, segment))
    }

    /// The path below the entry `root` to the value or the key at those bytes.
    pub(super) fn path_of(&self, text: &str, root: usize, at: &Range<usize>) -> Option<KeyPath> {
        let mut path = Vec::new();
        let mut entry = root;
        if !self.holds(root, at) {
            return None;
        }
        for _ in 0..=DEEPEST {
            let Some((index, child)) = self.child_at(text, entry, at) else { break };
            entry = child;
            path.push(self.key_of(text, entry).map_or(Segment::Index(index), Segment::Key));
        }
        Some(path.into_iter().collect())
    }

    /// Whether a value or its key stands at those bytes, or round them.
    fn holds(&self, entry: usize, at: &Range<usize>) -> bool {
        let Some(spot) = self.tape.get(entry) else { return false };
        let within =
            |outer: Range<usize>| outer.start <= at.start && at.end <= outer.end && outer.start < outer.end;
        within(range(spot.key)) || within(range(spot.value))
    }

    pub(super) fn key_of(&self, text: &str, entry: usize) -> Option<String> {
        let key = range(self.tape.get(entry)?.key);
        let written = text.get(key.clone()).filter(|_| key.start < key.end)?;
        let name = quoted::whole(written).or_else(|| scalar::key(written.trim()));
        Some(name.map_or_else(|| written.to_owned(), std::borrow::Cow::into_owned))
    }

    /// The bytes of the key that a value stands under.
    pub(super) fn key_range(&self, entry: usize) -> Option<Range<usize>> {
        self.tape.get(entry).map(|spot| range(spot.key)).filter(|key| !key.is_empty())
    }

    fn place(&self, at: usize, exact: bool) -> Place {
        let Some(spot) = self.tape.get(at) else {
            return Place { key: None, value: 0..0, exact: false };
        };
        let key = (spot.key.1 > spot.key.0).then(|| range(spot.key));
        Place { key, value: range(spot.value), exact }
    }

    fn step(&self, text: &str, at: usize, segment: &Segment) -> Option<usize> {
        if let Some(wide) = self.wide(text, at) {
            return match segment {
                Segment::Index(index) => wide.items.get(*index).copied(),
                Segment::Key(key) => wide.keys.get(key).copied(),
            };
        }
        match segment {
            Segment::Index(index) => self.children(at).nth(*index),
            // Of two keys that are the same the last one counts.
            Segment::Key(key) => self.children(at).filter(|child| self.is_key(text, *child, key)).last(),
        }
    }

    /// The value directly in another one that stands at those bytes, and its number there.
    fn child_at(&self, text: &str, entry: usize, at: &Range<usize>) -> Option<(usize, usize)> {
        if let Some(wide) = self.wide(text, entry) {
            let next = wide.starts.partition_point(|(start, _)| *start as usize <= at.start);
            let (_, index) = *wide.starts.get(next.checked_sub(1)?)?;
            let child = wide.items[index];
            return self.holds(child, at).then_some((index, child));
        }
        self.children(entry).enumerate().find(|(_, child)| self.holds(*child, at))
    }

    fn wide(&self, text: &str, entry: usize) -> Option<&Wide> {
        if (self.tape.get(entry)?.size as usize) <= WIDE {
            return None;
        }
        self.wide.get_or_init(|| self.all_wide(text)).get(&entry)
    }

    fn all_wide(&self, text: &str) -> BTreeMap<usize, Wide> {
        let large = (0..self.tape.len()).filter(|entry| self.tape[*entry].size as usize > WIDE);
        let items = large.map(|entry| (entry, self.children(entry).collect::<Vec<usize>>()));
        let wide = items.filter(|(_, items)| items.len() > WIDE);
        wide.map(|(entry, items)| (entry, self.index(text, items))).collect()
    }

    fn index(&self, text: &str, items: Vec<usize>) -> Wide {
        let keys = items.iter().filter_map(|child| Some((self.key_of(text, *child)?, *child))).collect();
        let start = |child: usize| {
            let spot = &self.tape[child];
            if spot.key.1 > spot.key.0 { spot.key.0 } else { spot.value.0 }
        };
        let mut starts: Vec<(u32, usize)> =
            items.iter().enumerate().map(|(number, child)| (start(*child), number)).collect();
        starts.sort_unstable();
        Wide { items, keys, starts }
    }

    /// The values directly in another one.
    pub(super) fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        let end = self.tape.get(at).map_or(at, |spot| at + spot.size as usize).min(self.tape.len());
        let mut next = at + 1;
        std::iter::from_fn(move || {
            let child = next;
            if child >= end {
                return None;
            }
            next += (self.tape[child].size as usize).max(1);
            Some(child)
        })
    }

    fn is_key(&self, text: &str, at: usize, key: &str) -> bool {
        let written = text.get(range(self.tape[at].key)).unwrap_or_default();
        match written.as_bytes().first() {
            Some(b'"' | b'\'') => quoted::whole(written).is_some_and(|found| found == key),
            _ => written == key || scalar::key(written.trim()).is_some_and(|found| found == key),
        }
    }
}

fn range((start, end): (u32, u32)) -> Range<usize> {
    start as usize..end as usize
}
