//! A map with texts as keys: its entries in one list, sorted by key.

use std::cmp::Ordering;
use std::fmt;
use std::mem;
use std::slice;
use std::vec;

use super::access::fit;
use super::{Text, Value};

/// A map from texts to values, sorted by key.
///
/// Looking up takes time in the logarithm of its size. Adding in the order of the keys is quick; elsewhere it moves what
/// comes after, so what makes a large map collects its entries first: [`Map::collected`] and `collect()` sort them once.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Map(Vec<(Text, Value)>);

/// The place of a key in a map.
pub struct Entry<'m> {
    map: &'m mut Map,
    key: Text,
    at: Result<usize, usize>,
}

impl Map {
    /// A map of nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// A map of entries in any order. Of several with one key the last counts, as in Go and in `serde_json`; `twice` is told
    /// the indices of those whose key was there before.
    #[must_use]
    pub fn collected(mut entries: Vec<(Text, Value)>, twice: impl FnMut(usize)) -> Self {
        let is_sorted = entries.is_sorted_by(|(one, _), (next, _)| order(one, next).is_lt());
        if !is_sorted && has_twice(&entries) {
            entries = without_twice(entries, twice);
        } else if !is_sorted {
            entries.sort_unstable_by(|(one, _), (other, _)| order(one, other));
        }
        Self(entries)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).ok().map(|at| &self.0[at].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.position(key).ok().map(|at| &mut self.0[at].1)
    }

    /// A key as it stands in the map, and its value.
    #[must_use]
    pub fn get_key_value(&self, key: &str) -> Option<(&Text, &Value)> {
        self.position(key).ok().map(|at| (&self.0[at].0, &self.0[at].1))
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_ok()
    }

    /// Sets the value of a key and gives the one that it had.
    pub fn insert(&mut self, key: impl Into<Text>, value: Value) -> Option<Value> {
        let key = key.into();
        if self.0.last().is_none_or(|(last, _)| *last < key) {
            self.0.push((key, value));
            return None;
        }
        match self.position(&key) {
            Ok(at) => Some(mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes an entry out and gives its value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.position(key).ok().map(|at| self.0.remove(at).1)
    }

    /// The place of a key, where something may be or may be put.
    pub fn entry(&mut self, key: impl Into<Text>) -> Entry<'_> {
        let key = key.into();
        let at = self.position(&key);
        Entry { map: self, key, at }
    }

    /// Keeps the entries that `keep` says yes to.
    pub fn retain(&mut self, mut keep: impl FnMut(&Text, &mut Value) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }

    /// All entries in the order of the keys.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// All entries in the order of the keys, their values to be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&Text, &mut Value)> + ExactSizeIterator {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// All keys in their order.
    #[must_use]
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Text> + ExactSizeIterator {
        self.0.iter().map(|(key, _)| key)
    }

    /// All values in the order of the keys.
    #[must_use]
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.0.iter().map(|(_, value)| value)
    }

    /// All values in the order of the keys, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Value> + ExactSizeIterator {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Gives back the memory that nothing stands in.
    pub(super) fn shrink(&mut self) {
        fit(&mut self.0);
    }

    /// A map has few entries as a rule, and their keys differ in length: to compare that first is quicker than to search.
    fn position(&self, key: &str) -> Result<usize, usize> {
        if self.0.len() <= FEW
            && let Some(at) = self.0.iter().position(|(own, _)| is_same(own, key))
        {
            return Ok(at);
        }
        self.0.binary_search_by(|(own, _)| order(own, key))
    }
}

/// How many entries are looked through one by one rather than searched.
const FEW: usize = 8;

/// The order of two keys. Most differ in their first byte, which spares a call.
fn order(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    match (one.first(), other.first()) {
        (Some(first), Some(second)) if first != second => first.cmp(second),
        _ => one.cmp(other),
    }
}

/// Whether two keys are the same. Most differ in length or in their last byte, which spares a call.
fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len() == other.len() && one.last() == other.last() && one == other
}

fn has_twice(entries: &[(Text, Value)]) -> bool {
    if entries.len() <= FEW {
        let mut rest = entries.iter().enumerate();
        return rest.any(|(index, (key, _))| entries[..index].iter().any(|(own, _)| is_same(own, key)));
    }
    let mut keys: Vec<&Text> = entries.iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    !keys.is_sorted_by(|one, next| one < next)
}

fn without_twice(entries: Vec<(Text, Value)>, mut twice: impl FnMut(usize)) -> Vec<(Text, Value)> {
    let mut numbered: Vec<(usize, (Text, Value))> = entries.into_iter().enumerate().collect();
    numbered.sort_by(|(_, (one, _)), (_, (other, _))| one.cmp(other));
    let mut kept: Vec<(Text, Value)> = Vec::with_capacity(numbered.len());
    for (index, (key, value)) in numbered {
        match kept.last_mut() {
            Some((last, taken)) if *last == key => {
                twice(index);
                *taken = value;
            }
            _ => kept.push((key, value)),
        }
    }
    kept
}

impl<'m> Entry<'m> {
    /// The value that is there, or else `value`, put there.
    #[allow(clippy::must_use_candidate, reason = "often it is called for what it puts there")]
    pub fn or_insert(self, value: Value) -> &'m mut Value {
        self.or_insert_with(|| value)
    }

    /// The value that is there, or else what `make` gives, put there.
    pub fn or_insert_with(self, make: impl FnOnce() -> Value) -> &'m mut Value {
        let Self { map, key, at } = self;
        let at = at.unwrap_or_else(|at| {
            map.0.insert(at, (key, make()));
            at
        });
        &mut map.0[at].1
    }
}

/// The entries of a [`Map`] in the order of the keys.
#[derive(Debug, Clone)]
pub struct Iter<'m>(slice::Iter<'m, (Text, Value)>);

impl<'m> Iterator for Iter<'m> {
    type Item = (&'m Text, &'m Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key, value))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'m> IntoIterator for &'m Map {
    type Item = (&'m Text, &'m Value);
    type IntoIter = Iter<'m>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'m> IntoIterator for &'m mut Map {
    type Item = (&'m Text, &'m mut Value);
    type IntoIter = std::iter::Map<
        slice::IterMut<'m, (Text, Value)>,
        fn(&'m mut (Text, Value)) -> (&'m Text, &'m mut Value),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }
}

impl IntoIterator for Map {
    type Item = (Text, Value);
    type IntoIter = vec::IntoIter<(Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Self::collected(entries, |_| {})
    }
}

impl<K: Into<Text>, V: Into<Value>> Extend<(K, V)> for Map {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        let mut all = mem::take(&mut self.0);
        all.extend(entries.into_iter().map(|(key, value)| (key.into(), value.into())));
        *self = Self::collected(all, |_| {});
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self).finish()
    }
}
