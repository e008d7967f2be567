//! The value of a manifest: JSON that is small in memory and quick to make, to search and to drop.
//!
//! [`Value`] says what [`serde_json::Value`] says, has methods of the same names and turns into it and back; the two compare
//! with each other. What is different is how it is kept. A map is a sorted list of its entries instead of a tree, which takes
//! 632 bytes for the first of them; a text of up to 23 bytes stands in the value itself, as nearly all keys and most values
//! of a manifest do. A checker holds what objects refer to of a whole tree, and a platform of ten thousand tenants all of
//! its objects: there it is the difference between a gigabyte and a fraction of it.
//!
//! ```
//! use bayplan::value::{Value, json};
//!
//! let value: Value = json!({ "metadata": { "name": "shop" }, "spec": { "replicas": 2 } });
//! assert_eq!(value["metadata"]["name"], "shop");
//! assert_eq!(value.pointer("/spec/replicas").and_then(Value::as_i64), Some(2));
//! assert_eq!(value, serde_json::json!({ "spec": { "replicas": 2 }, "metadata": { "name": "shop" } }));
//! ```

mod access;
mod convert;
mod decode;
mod map;
mod pool;
mod serial;
mod shared;
#[cfg(test)]
mod tests;

pub use access::At;
pub use map::{Entry, Map};
pub use serde_json::Number;
/// A text that stands in the value itself where it has up to 23 bytes, and is shared by its copies where it has more.
pub use smol_str::SmolStr as Text;

pub use convert::to_value;
pub use pool::Pool;
pub use shared::SharedValue;

/// A JSON value. The entries of maps are sorted by their keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// An integer of 64 bits or a float.
    Number(Number),
    /// A text.
    String(Text),
    /// A list.
    Array(Vec<Value>),
    /// A map.
    Object(Map),
}

#[doc(hidden)]
pub mod private {
    pub use serde_json::json;
}

/// A [`Value`] written as JSON, as by [`serde_json::json!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __json {
    ($($json:tt)+) => {
        $crate::value::Value::from($crate::value::private::json!($($json)+))
    };
}

#[doc(inline)]
pub use __json as json;
