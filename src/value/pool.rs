//! Equal values, kept once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use super::SharedValue;

/// Values of which equal ones share their memory: of the objects of a hundred tenants, most differ in name and namespace alone.
/// Several threads may add to it at once.
#[derive(Debug, Default)]
pub struct Pool {
    /// By a hash. Of two different values with one hash, the first stays.
    values: Mutex<BTreeMap<u64, SharedValue>>,
}

impl Pool {
    /// The value, in the memory of an equal one that was there before, if there was one.
    #[must_use]
    pub fn share(&self, value: SharedValue) -> SharedValue {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        match self.values.lock().unwrap_or_else(PoisonError::into_inner).entry(hasher.finish()) {
            Entry::Occupied(there) if *there.get() == value => there.get().clone(),
            Entry::Occupied(_) => value,
            Entry::Vacant(free) => free.insert(value).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn equal_values_share_their_memory() {
        let pool = Pool::default();
        let [one, same, other] = [1, 1, 2].map(|replicas| pool.share(json!({ "replicas": replicas }).into()));
        assert!(one.is_same(&same) && !one.is_same(&other));
        assert_eq!(one, same);
        assert_ne!(one, other);
    }
}
