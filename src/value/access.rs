//! Looking into values, by the names that `serde_json` has for it.

use std::ops::{Index, IndexMut};

use super::{Map, Number, Text, Value};

static NULL: Value = Value::Null;

/// What leads from a value to one within it: a key, or the index of an item.
pub trait At {
    /// The value there.
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value>;

    /// The value there, to be changed.
    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value>;
}

impl At for str {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.as_object()?.get(self)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        value.as_object_mut()?.get_mut(self)
    }
}

impl At for String {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.as_str().within(value)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        self.as_str().within_mut(value)
    }
}

impl At for Text {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.as_str().within(value)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        self.as_str().within_mut(value)
    }
}

impl At for usize {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.as_array()?.get(*self)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        value.as_array_mut()?.get_mut(*self)
    }
}

impl<T: At + ?Sized> At for &T {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        (**self).within(value)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        (**self).within_mut(value)
    }
}

impl Value {
    /// The field of that key, or the item of that index.
    pub fn get(&self, at: impl At) -> Option<&Self> {
        at.within(self)
    }

    /// The field of that key, or the item of that index, to be changed.
    pub fn get_mut(&mut self, at: impl At) -> Option<&mut Self> {
        at.within_mut(self)
    }

    /// The value at a JSON pointer (RFC 6901): `/spec/ports/0/name`.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        steps(pointer)?.try_fold(self, |value, step| match value {
            Self::Object(fields) => fields.get(&step),
            Self::Array(items) => items.get(index(&step)?),
            _ => None,
        })
    }

    /// The value at a JSON pointer (RFC 6901), to be changed.
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        steps(pointer)?.try_fold(self, |value, step| match value {
            Self::Object(fields) => fields.get_mut(&step),
            Self::Array(items) => items.get_mut(index(&step)?),
            _ => None,
        })
    }

    /// The value itself; null stays in its place.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Whether it is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is a text.
    #[must_use]
    pub const fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    /// Whether it is a list.
    #[must_use]
    pub const fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    /// Whether it is a map.
    #[must_use]
    pub const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// Whether it is a number.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// Whether it is true or false.
    #[must_use]
    pub const fn is_boolean(&self) -> bool {
        matches!(self, Self::Bool(_))
    }

    /// Whether it is an integer that fits in [`i64`].
    #[must_use]
    pub fn is_i64(&self) -> bool {
        self.as_number().is_some_and(Number::is_i64)
    }

    /// Whether it is an integer that fits in [`u64`].
    #[must_use]
    pub fn is_u64(&self) -> bool {
        self.as_number().is_some_and(Number::is_u64)
    }

    /// Whether it is a number with a fraction, or one written like that.
    #[must_use]
    pub fn is_f64(&self) -> bool {
        self.as_number().is_some_and(Number::is_f64)
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// True or false, if it is that.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// The integer, if it is one that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The integer, if it is one that fits.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The number as a float, if it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    /// The items, if it is a list.
    #[must_use]
    pub const fn as_array(&self) -> Option<&Vec<Self>> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The items, if it is a list, to be changed.
    pub const fn as_array_mut(&mut self) -> Option<&mut Vec<Self>> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The fields, if it is a map.
    #[must_use]
    pub const fn as_object(&self) -> Option<&Map> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    /// The fields, if it is a map, to be changed.
    pub const fn as_object_mut(&mut self) -> Option<&mut Map> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    /// The word that a JSON Schema has for its type; a number without a fraction is an `integer`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(number) if number.is_f64() => "number",
            Self::Number(_) => "integer",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// Gives back the memory that nothing stands in, for what is kept for long.
    pub fn shrink(&mut self) {
        match self {
            Self::Array(items) => {
                fit(items);
                items.iter_mut().for_each(Self::shrink);
            }
            Self::Object(fields) => {
                fields.shrink();
                fields.values_mut().for_each(Self::shrink);
            }
            _ => {}
        }
    }
}

/// The keys and indices of a JSON pointer; `None` where it is none.
fn steps(pointer: &str) -> Option<impl Iterator<Item = String>> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    Some(pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")))
}

/// An index as a pointer writes it: no sign, no zero in front.
fn index(step: &str) -> Option<usize> {
    let is_canonical = !step.starts_with('+') && (step == "0" || !step.starts_with('0'));
    if is_canonical { step.parse().ok() } else { None }
}

/// Null where there is no such thing.
impl<T: At> Index<T> for Value {
    type Output = Self;

    fn index(&self, at: T) -> &Self {
        at.within(self).unwrap_or(&NULL)
    }
}

/// A field that is not there is made, null at first; what is no map gives way to one.
impl IndexMut<&str> for Value {
    fn index_mut(&mut self, key: &str) -> &mut Self {
        if !self.is_object() {
            *self = Self::Object(Map::new());
        }
        match self {
            Self::Object(fields) => fields.entry(key).or_insert(Self::Null),
            // It is a map by now.
            other => other,
        }
    }
}

impl IndexMut<&String> for Value {
    fn index_mut(&mut self, key: &String) -> &mut Self {
        &mut self[key.as_str()]
    }
}

impl IndexMut<String> for Value {
    fn index_mut(&mut self, key: String) -> &mut Self {
        &mut self[key.as_str()]
    }
}

impl IndexMut<&Text> for Value {
    fn index_mut(&mut self, key: &Text) -> &mut Self {
        &mut self[key.as_str()]
    }
}

/// # Panics
///
/// If there is no such item, as a slice does.
impl IndexMut<usize> for Value {
    fn index_mut(&mut self, index: usize) -> &mut Self {
        let items = self.as_array_mut().map_or(&mut [][..], Vec::as_mut_slice);
        &mut items[index]
    }
}

/// Gives a list the room that it needs. An allocator that is asked to make room smaller may leave it as it is, so that what stands
/// in it moves.
pub(super) fn fit<T>(items: &mut Vec<T>) {
    if items.capacity() > items.len() {
        let mut fitting = Vec::with_capacity(items.len());
        fitting.append(items);
        *items = fitting;
    }
}
