//! What is empty is absent: lists, maps and texts become `None` where they hold nothing.

use std::collections::BTreeMap;

/// The list, unless it is empty.
pub(super) fn list<T>(items: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.into_iter().collect();
    (!items.is_empty()).then_some(items)
}

/// The map, unless it is empty.
pub(super) fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> Option<BTreeMap<K, V>> {
    let map: BTreeMap<K, V> = entries.into_iter().collect();
    (!map.is_empty()).then_some(map)
}

/// The text, unless it is empty.
pub(super) fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
