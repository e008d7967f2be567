//! One document as both parsers make it: its value, the places of its values, and what was odd about it.

use std::ops::Range;

use super::scalar;
use super::spots::{Spot, Spots};
use crate::value::{Map, Text, Value};

/// Deeper than this nothing is nested that the API server knows.
pub(super) const DEEPEST: usize = 120;

/// One document of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it says, as kubectl and the API server read it.
    pub value: Value,
    /// Where each value stands.
    pub spots: Spots,
    /// Scalars that YAML 1.2 reads otherwise.
    pub ambiguous: Vec<Range<usize>>,
    /// Keys that their mapping has already.
    pub twice: Vec<Range<usize>>,
}

/// A document in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    spots: Vec<Spot>,
    ambiguous: Vec<Range<usize>>,
    twice: Vec<Range<usize>>,
}

impl Draft {
    /// A draft with room for the values of a text of that size, as manifests usually have them.
    pub fn for_text(size: usize) -> Self {
        Self { spots: Vec::with_capacity((size / 24).min(4096)), ..Self::default() }
    }

    /// Begins a value that stands under a key; an empty range where it stands under none.
    pub fn open(&mut self, key: Range<usize>) -> usize {
        self.spots.push(Spot { key: narrow(key), value: (0, 0), size: 1 });
        self.spots.len() - 1
    }

    /// Ends the value that was begun at `at`.
    pub fn close(&mut self, at: usize, value: Range<usize>) {
        let size = u32::try_from(self.spots.len() - at).unwrap_or(u32::MAX);
        if let Some(spot) = self.spots.get_mut(at) {
            (spot.value, spot.size) = (narrow(value), size);
        }
    }

    /// Notes a plain scalar if YAML 1.2 reads it otherwise.
    pub fn weigh(&mut self, text: &str, at: Range<usize>) {
        if scalar::differs(text).is_some() {
            self.ambiguous.push(at);
        }
    }

    /// The mapping of some fields, whose places begin at the entry `first`. Notes the keys that were there before; the
    /// last one counts, as everywhere in Go.
    pub fn mapping(&mut self, fields: Vec<(Text, Value)>, first: usize) -> Map {
        let mut twice = Vec::new();
        let map = Map::collected(fields, |index| twice.push(index));
        twice.sort_unstable();
        let mut places = (0_usize, first);
        for index in twice {
            while places.0 < index {
                let size = self.spots.get(places.1).map_or(1, |spot| (spot.size as usize).max(1));
                places = (places.0 + 1, places.1 + size);
            }
            let key = self.spots.get(places.1).map_or((0, 0), |spot| spot.key);
            self.twice.push(key.0 as usize..key.1 as usize);
        }
        map
    }

    /// How many values there are so far.
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    /// Takes the entries from `at` on back.
    pub fn split_off(&mut self, at: usize) -> Vec<Spot> {
        self.spots.split_off(at)
    }

    /// Adds entries that were taken back.
    pub fn extend(&mut self, spots: &[Spot]) {
        self.spots.extend_from_slice(spots);
    }

    pub fn finish(self, value: Value) -> Document {
        let Self { spots, ambiguous, twice } = self;
        Document { value, spots: Spots::new(spots), ambiguous, twice }
    }
}

/// Files are far smaller than four gigabytes.
fn narrow(range: Range<usize>) -> (u32, u32) {
    let narrow = |at| u32::try_from(at).unwrap_or(u32::MAX);
    (narrow(range.start), narrow(range.end))
}
