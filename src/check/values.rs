//! Reading fields of a JSON value as the API server's decoder does: a null is no field, and a value of the wrong type
//! is left to the schema.

use crate::value::Value;

/// Short ways to the fields of an object.
pub(crate) trait Fields {
    /// The field, unless it is missing or null.
    fn child(&self, key: &str) -> Option<&Value>;

    /// The field below several others.
    fn below(&self, keys: &[&str]) -> Option<&Value>;

    /// A string field.
    fn text(&self, key: &str) -> Option<&str>;

    /// A string field; what is missing is empty, as it is in Kubernetes' structs.
    fn text_or_empty(&self, key: &str) -> &str {
        self.text(key).unwrap_or("")
    }

    /// An integer field.
    fn integer(&self, key: &str) -> Option<i64>;

    /// Whether a boolean field is there and true.
    fn is_true(&self, key: &str) -> bool;

    /// The items of a list; none where there is no list.
    fn items(&self, key: &str) -> &[Value];

    /// The entries of a map; none where there is no map.
    fn entries(&self, key: &str) -> impl Iterator<Item = (&str, &Value)>;

    /// The entries of a map of strings.
    fn strings(&self, key: &str) -> impl Iterator<Item = (&str, &str)> {
        self.entries(key).filter_map(|(name, value)| Some((name, value.as_str()?)))
    }

    /// The strings of a list.
    fn texts(&self, key: &str) -> impl Iterator<Item = &str> {
        self.items(key).iter().filter_map(Value::as_str)
    }
}

impl Fields for Value {
    fn child(&self, key: &str) -> Option<&Value> {
        self.get(key).filter(|value| !value.is_null())
    }

    fn below(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().try_fold(self, |value, key| value.child(key))
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    fn integer(&self, key: &str) -> Option<i64> {
        as_integer(self.get(key)?)
    }

    fn is_true(&self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    fn items(&self, key: &str) -> &[Value] {
        self.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn entries(&self, key: &str) -> impl Iterator<Item = (&str, &Value)> {
        let map = self.get(key).and_then(Value::as_object);
        map.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }
}

/// The value as an integer; a float without a fraction counts as one.
pub(crate) fn as_integer(value: &Value) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "only whole numbers within 2^53 get there")]
    let whole = |number: f64| (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(whole))
}

/// A text in a list, as the decoder takes it: a null is an empty one.
pub(crate) fn decoded(value: &Value) -> Option<&str> {
    if value.is_null() { Some("") } else { value.as_str() }
}

/// Whether a field is missing or null.
pub(crate) fn is_absent(value: Option<&Value>) -> bool {
    value.is_none_or(Value::is_null)
}
