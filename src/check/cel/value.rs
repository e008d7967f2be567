//! The values of expressions.
//!
//! A value of an object stays where it is: lists and maps of the JSON are borrowed, with what the schema says of them
//! beside them, and only what an expression makes is owned.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::net::IpAddr;
use std::rc::Rc;

use crate::value::{Text, Value as Json};

use super::functions::network::Url;
use super::functions::time;
use super::listed;
use crate::check::duration;
use crate::check::quantity::Quantity;

/// What a schema says of a value, as far as an expression sees a difference.
pub(crate) trait Shape: fmt::Debug {
    /// The shape of a field of an object, or of a value of a map.
    fn field(&self, name: &str) -> Option<&dyn Shape>;
    /// The shape of the items of a list.
    fn item(&self) -> Option<&dyn Shape>;
    /// How a number or text is to be read.
    fn scalar(&self) -> Scalar;
    /// How the items of a list are told apart.
    fn listed(&self) -> Listed<'_>;
}

/// How the items of a list are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed<'s> {
    /// By their places.
    Plain,
    /// By themselves.
    Set,
    /// By these of their fields.
    Keyed(&'s [String]),
}

/// How a number or text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// As it is written.
    Plain,
    /// A number with a fraction, though it may be written without.
    Double,
    /// A point in time, or a day.
    Time,
    /// A span of time as Go writes it.
    Duration,
    /// Bytes in base64.
    Bytes,
}

/// A JSON list or map, with its shape where there is one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Typed<'a> {
    pub value: &'a Json,
    pub shape: Option<&'a dyn Shape>,
}

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Cow<'a, str>),
    Bytes(Rc<[u8]>),
    List(Rc<Vec<Value<'a>>>),
    /// Items of several lists of an object, of the shape of the first.
    Joined(Rc<Vec<Value<'a>>>, &'a dyn Shape),
    Map(Rc<Vec<(Value<'a>, Value<'a>)>>),
    /// A list or map of the object.
    Json(Typed<'a>),
    /// Billionths of a second.
    Duration(i128),
    /// Billionths of a second since 1970.
    Time(i128),
    Optional(Option<Rc<Value<'a>>>),
    Type(&'static str),
    Quantity(Quantity),
    Url(Rc<Url>),
    Ip(IpAddr),
    Cidr(IpAddr, u8),
    Version(Rc<Version>),
    /// A named format of Kubernetes: `dns1123Label`.
    Format(&'static str),
}

/// A semantic version: its numbers, and what follows a hyphen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    pub numbers: [u64; 3],
    pub before: Vec<String>,
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The API server fails in the same way: a key that is not there, a division by zero.
    Wrong(String),
    /// It uses what is not known here, so nothing can be said.
    Beyond(String),
    /// It takes more steps than it is given.
    TooCostly,
}

impl Failure {
    /// An operation on values that it is not made for. The API server has refused such an expression before any object
    /// comes, so it is a gap of this evaluator until the opposite is shown.
    pub fn no_overload(what: &str, values: &[&Value<'_>]) -> Self {
        let types: Vec<_> = values.iter().map(|it| it.type_name()).collect();
        Self::Beyond(format!("`{what}` of {}", types.join(" and ")))
    }
}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(items))
    }

    pub fn some(value: Self) -> Self {
        Self::Optional(Some(Rc::new(value)))
    }

    /// The value that a JSON value of that shape has.
    pub fn of(value: &'a Json, shape: Option<&'a dyn Shape>) -> Self {
        let scalar = shape.map_or(Scalar::Plain, Shape::scalar);
        match value {
            Json::Null => Self::Null,
            Json::Bool(it) => Self::Bool(*it),
            Json::Number(number) => match (scalar, number.as_i64()) {
                (Scalar::Plain | Scalar::Time | Scalar::Duration | Scalar::Bytes, Some(whole)) => {
                    Self::Int(whole)
                }
                _ => Self::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::of_text(text, scalar),
            Json::Array(_) | Json::Object(_) => Self::Json(Typed { value, shape }),
        }
    }

    fn of_text(text: &'a str, scalar: Scalar) -> Self {
        let read = match scalar {
            Scalar::Time => time::parse_time(text).map(Self::Time),
            Scalar::Duration => duration::parse(text).map(Self::Duration),
            Scalar::Bytes => {
                crate::check::schema::formats::decode_base64(text).map(|it| Self::Bytes(it.into()))
            }
            Scalar::Plain | Scalar::Double => None,
        };
        read.unwrap_or(Self::Text(Cow::Borrowed(text)))
    }

    /// What `type()` and messages call it.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::Text(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) | Self::Joined(..) | Self::Json(Typed { value: Json::Array(_), .. }) => "list",
            Self::Map(_) | Self::Json(_) => "map",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Time(_) => "google.protobuf.Timestamp",
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Url(_) => "kubernetes.URL",
            Self::Ip(_) => "net.IP",
            Self::Cidr(..) => "net.CIDR",
            Self::Version(_) => "kubernetes.Semver",
            Self::Format(_) => "kubernetes.NamedFormat",
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<Vec<Self>> {
        match self {
            Self::List(items) | Self::Joined(items, _) => Some(items.as_ref().clone()),
            Self::Json(Typed { value: Json::Array(items), shape }) => {
                let item = shape.and_then(Shape::item);
                Some(items.iter().map(|value| Self::of(value, item)).collect())
            }
            _ => None,
        }
    }

    /// Whether it is a list.
    pub const fn is_list(&self) -> bool {
        matches!(self, Self::List(_) | Self::Joined(..) | Self::Json(Typed { value: Json::Array(_), .. }))
    }

    /// What a schema says of a list.
    pub const fn list_shape(&self) -> Option<&'a dyn Shape> {
        match self {
            Self::Joined(_, shape) => Some(*shape),
            Self::Json(Typed { value: Json::Array(_), shape }) => *shape,
            _ => None,
        }
    }

    /// One item of a list.
    pub fn item(&self, at: usize) -> Option<Self> {
        match self {
            Self::List(items) | Self::Joined(items, _) => items.get(at).cloned(),
            Self::Json(Typed { value: Json::Array(items), shape }) => {
                items.get(at).map(|value| Self::of(value, shape.and_then(Shape::item)))
            }
            _ => None,
        }
    }

    /// How many values there are in it, itself included.
    pub fn nodes(&self) -> usize {
        match self {
            Self::Text(text) => 1 + text.len() / 10,
            Self::Bytes(bytes) => 1 + bytes.len() / 10,
            Self::List(items) | Self::Joined(items, _) => items.iter().map(Self::nodes).sum::<usize>() + 1,
            Self::Map(entries) => {
                entries.iter().map(|(key, value)| key.nodes() + value.nodes()).sum::<usize>() + 1
            }
            Self::Json(Typed { value, .. }) => nodes(value),
            Self::Optional(Some(inner)) => 1 + inner.nodes(),
            _ => 1,
        }
    }

    /// The entries of a map. A null value of an object is no entry.
    pub fn entries(&self) -> Option<Vec<(Self, Self)>> {
        match self {
            Self::Map(entries) => Some(entries.as_ref().clone()),
            Self::Json(Typed { value: Json::Object(fields), shape }) => {
                let fields = fields.iter().filter(|(_, value)| !value.is_null());
                let entry = |(key, value): (&'a Text, &'a Json)| {
                    let field = shape.and_then(|shape| shape.field(key));
                    (Self::text(key.as_str()), Self::of(value, field))
                };
                Some(fields.map(entry).collect())
            }
            _ => None,
        }
    }

    /// How many items, entries or characters there are.
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::Text(text) => Some(text.chars().count()),
            Self::Bytes(bytes) => Some(bytes.len()),
            Self::List(items) | Self::Joined(items, _) => Some(items.len()),
            Self::Map(entries) => Some(entries.len()),
            Self::Json(Typed { value: Json::Array(items), .. }) => Some(items.len()),
            Self::Json(Typed { value: Json::Object(fields), .. }) => {
                Some(fields.values().filter(|it| !it.is_null()).count())
            }
            _ => None,
        }
    }

    /// The value under a key of a map.
    pub fn entry(&self, key: &Self) -> Option<Self> {
        match (self, key) {
            (Self::Map(entries), _) => {
                entries.iter().find(|(own, _)| own.equals(key)).map(|(_, value)| value.clone())
            }
            (Self::Json(Typed { value: Json::Object(fields), shape }), Self::Text(name)) => {
                let (name, value) =
                    fields.get_key_value(name.as_ref()).filter(|(_, value)| !value.is_null())?;
                Some(Self::of(value, shape.and_then(|shape| shape.field(name))))
            }
            _ => None,
        }
    }

    /// Whether two values are equal. Numbers of different types are compared by what they amount to.
    pub fn equals(&self, other: &Self) -> bool {
        if self.as_double().is_some() && other.as_double().is_some() {
            return self.number_order(other) == Some(Ordering::Equal);
        }
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Duration(a), Self::Duration(b)) | (Self::Time(a), Self::Time(b)) => a == b,
            (Self::Type(a), Self::Type(b)) | (Self::Format(a), Self::Format(b)) => a == b,
            (Self::Quantity(a), Self::Quantity(b)) => a == b,
            (Self::Url(a), Self::Url(b)) => a == b,
            (Self::Ip(a), Self::Ip(b)) => a == b,
            (Self::Cidr(a, bits), Self::Cidr(b, others)) => a == b && bits == others,
            (Self::Version(a), Self::Version(b)) => a == b,
            (Self::Optional(a), Self::Optional(b)) => match (a, b) {
                (Some(a), Some(b)) => a.equals(b),
                (None, None) => true,
                _ => false,
            },
            _ => self.equals_whole(other),
        }
    }

    fn equals_whole(&self, other: &Self) -> bool {
        if let (Self::Json(a), Self::Json(b)) = (self, other)
            && a.value == b.value
        {
            return true;
        }
        if let (Some(a), Some(b)) = (self.items(), other.items()) {
            return match self.list_shape().map_or(Listed::Plain, Shape::listed) {
                Listed::Plain => a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.equals(b)),
                kind => listed::equal(kind, &a, &b),
            };
        }
        match (self.entries(), other.entries()) {
            (Some(a), Some(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(key, value)| other.entry(key).is_some_and(|it| it.equals(value)))
            }
            _ => false,
        }
    }

    /// How two numbers stand to each other: `None` where they are no numbers.
    fn number_order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Uint(a), Self::Uint(b)) => Some(a.cmp(b)),
            (Self::Int(a), Self::Uint(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            (Self::Uint(a), Self::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
            _ => self.as_double()?.partial_cmp(&other.as_double()?),
        }
    }

    /// A number as one with a fraction.
    #[allow(clippy::cast_precision_loss, reason = "that is what the conversion of CEL does")]
    pub const fn as_double(&self) -> Option<f64> {
        match self {
            Self::Int(it) => Some(*it as f64),
            Self::Uint(it) => Some(*it as f64),
            Self::Double(it) => Some(*it),
            _ => None,
        }
    }

    /// How two values stand to each other; `None` where they cannot be compared.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Bytes(a), Self::Bytes(b)) => Some(a.cmp(b)),
            (Self::Duration(a), Self::Duration(b)) | (Self::Time(a), Self::Time(b)) => Some(a.cmp(b)),
            (Self::Quantity(a), Self::Quantity(b)) => Some(a.cmp(b)),
            (Self::Version(a), Self::Version(b)) => Some(a.order(b)),
            _ => self.number_order(other),
        }
    }
}

impl Version {
    /// By precedence, after <https://semver.org/#spec-item-11>.
    pub fn order(&self, other: &Self) -> Ordering {
        let by_parts = || match (self.before.is_empty(), other.before.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let pairs = self.before.iter().zip(&other.before).map(|(a, b)| order_of_parts(a, b));
                let first = pairs.into_iter().find(|order| order.is_ne());
                first.unwrap_or_else(|| self.before.len().cmp(&other.before.len()))
            }
        };
        self.numbers.cmp(&other.numbers).then_with(by_parts)
    }
}

fn nodes(value: &Json) -> usize {
    match value {
        Json::Array(items) => items.iter().map(nodes).sum::<usize>() + 1,
        Json::Object(fields) => fields.values().map(nodes).sum::<usize>() + 1,
        Json::String(text) => 1 + text.len() / 10,
        _ => 1,
    }
}

fn order_of_parts(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}
