//! The objects of one environment, each once, in a stable order.

use std::collections::BTreeMap;

use super::{Object, ObjectRef};

/// Objects by identity.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ObjectSet(BTreeMap<ObjectRef, Object>);

impl ObjectSet {
    /// Collects objects. Where two have one identity, the second is handed back in the list.
    pub fn collect(objects: impl IntoIterator<Item = Object>) -> (Self, Vec<Object>) {
        let mut set = Self::default();
        let mut twice = Vec::new();
        for object in objects {
            if set.0.contains_key(&object.id) {
                twice.push(object);
            } else {
                set.0.insert(object.id.clone(), object);
            }
        }
        (set, twice)
    }

    /// Keeps the objects of which `keep` is true.
    pub fn retain(&mut self, keep: impl Fn(&Object) -> bool) {
        self.0.retain(|_, object| keep(object));
    }

    /// The object of that identity.
    #[must_use]
    pub fn get(&self, id: &ObjectRef) -> Option<&Object> {
        self.0.get(id)
    }

    /// The objects in order of kind, namespace and name.
    pub fn iter(&self) -> impl Iterator<Item = &Object> {
        self.0.values()
    }

    /// The typed objects of one kind.
    pub fn of_kind<T>(&self) -> impl Iterator<Item = T>
    where
        T: serde::de::DeserializeOwned + k8s_openapi::Resource,
    {
        self.iter().filter_map(Object::typed)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a ObjectSet {
    type Item = &'a Object;
    type IntoIter = std::collections::btree_map::Values<'a, ObjectRef, Object>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.values()
    }
}
