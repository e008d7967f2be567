//! The types of expressions, as cel-go's checker finds them.
//!
//! Takes a tree and the types of its variables; gives the type of its value, or says what does not fit. What a schema
//! declares becomes a [`Type`] elsewhere; what it leaves open is [`Type::Dyn`], which fits everything.

mod bindings;
mod check;
mod declarations;
mod literals;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub(crate) use check::Checked;
pub(super) use check::check;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    /// Anything: what it is shows at evaluation.
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Time,
    List(Arc<Self>),
    /// Of keys, to values.
    Map(Arc<(Self, Self)>),
    Object(Object),
    Optional(Arc<Self>),
    /// What `type()` gives.
    Of(Arc<Self>),
    /// A type of a library: `net.IP`.
    Opaque(&'static str),
    /// A type that is found from how it is used.
    Variable(u32),
}

/// Declared fields under the names that expressions use. Two objects are of one type only where they are declared in
/// the same place.
#[derive(Debug, Clone)]
pub(crate) struct Object(Arc<BTreeMap<String, Type>>);

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Object {}

impl Object {
    fn field(&self, name: &str) -> Option<&Type> {
        // A word that CEL keeps for itself may stand after a dot as it is.
        self.0.get(name).or_else(|| self.0.get(&format!("__{name}__")))
    }
}

impl Type {
    /// A list of such items.
    pub fn list(item: Self) -> Self {
        Self::List(Arc::new(item))
    }

    /// A map with such keys and values.
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Arc::new((key, value)))
    }

    /// A value that may not be there.
    pub fn optional(inner: Self) -> Self {
        Self::Optional(Arc::new(inner))
    }

    /// An object with such fields.
    pub fn object(fields: BTreeMap<String, Self>) -> Self {
        Self::Object(Object(Arc::new(fields)))
    }

    /// Whether others are in it, or stand for it.
    const fn is_made_of_types(&self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_) | Self::Optional(_) | Self::Of(_) | Self::Variable(_))
    }

    /// The types that it is made of.
    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::List(inner) | Self::Optional(inner) | Self::Of(inner) => vec![inner],
            Self::Map(both) => vec![&both.0, &both.1],
            _ => Vec::new(),
        }
    }

    /// The same type made of other types.
    fn with_parts(&self, change: &mut dyn FnMut(&Self) -> Self) -> Self {
        match self {
            Self::List(inner) => Self::list(change(inner)),
            Self::Optional(inner) => Self::optional(change(inner)),
            Self::Of(inner) => Self::Of(Arc::new(change(inner))),
            Self::Map(both) => Self::map(change(&both.0), change(&both.1)),
            other => other.clone(),
        }
    }

    /// The same type, its variables numbered from `first` instead of zero.
    fn renumbered(&self, first: u32) -> Self {
        match self {
            Self::Variable(number) => Self::Variable(first + number),
            other => other.with_parts(&mut |part| part.renumbered(first)),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dyn | Self::Variable(_) => to.write_str("anything"),
            Self::Null => to.write_str("null"),
            Self::Bool => to.write_str("bool"),
            Self::Int => to.write_str("int"),
            Self::Uint => to.write_str("uint"),
            Self::Double => to.write_str("double"),
            Self::Text => to.write_str("string"),
            Self::Bytes => to.write_str("bytes"),
            Self::Duration => to.write_str("duration"),
            Self::Time => to.write_str("timestamp"),
            Self::List(item) => write!(to, "list({item})"),
            Self::Map(both) => write!(to, "map({}, {})", both.0, both.1),
            Self::Object(_) => to.write_str("object"),
            Self::Optional(inner) => write!(to, "optional({inner})"),
            Self::Of(inner) => write!(to, "type({inner})"),
            Self::Opaque(name) => to.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests;
