//! A value that its copies share until one of them is changed.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Value;

/// A [`Value`] whose copies share its memory. It reads as the value itself; who changes one of several copies gets one of its own
/// first, so that the others stay as they are.
///
/// ```
/// use bayplan::value::{SharedValue, json};
///
/// let base = SharedValue::from(json!({ "replicas": 1 }));
/// let mut staging = base.clone();
/// assert!(staging.is_same(&base));
/// staging["replicas"] = json!(2);
/// assert_eq!((&base["replicas"], &staging["replicas"]), (&json!(1), &json!(2)));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct SharedValue(Arc<Value>);

impl SharedValue {
    /// The value itself; a copy of it where others share it.
    #[must_use]
    pub fn into_value(self) -> Value {
        Arc::unwrap_or_clone(self.0)
    }

    /// Whether both stand in the same memory.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl From<Value> for SharedValue {
    fn from(value: Value) -> Self {
        Self(Arc::new(value))
    }
}

impl Deref for SharedValue {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl DerefMut for SharedValue {
    fn deref_mut(&mut self) -> &mut Value {
        Arc::make_mut(&mut self.0)
    }
}

impl From<SharedValue> for Value {
    fn from(shared: SharedValue) -> Self {
        shared.into_value()
    }
}

impl fmt::Display for SharedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for SharedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
