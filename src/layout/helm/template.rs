//! An object with holes: what differs between environments is a value, everything else stands as it is.
//!
//! This is data. How a hole is spelt in Go's template language, and how the rest is written as YAML, is the business
//! of `emit/`.

use crate::value::Value;

/// Where a value stands: the keys below `.Values`.
pub type ValuePath = Vec<String>;

/// How a value gets into the text, so that YAML reads it back as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A string, in quotes.
    Quoted,
    /// A whole number. Helm reads numbers as floats, and would print a million as `1e+06`.
    Integer,
    /// A boolean, as it is.
    Boolean,
    /// Anything, as JSON on the same line.
    Json,
    /// A list or a table, as YAML on the lines below.
    Yaml,
    /// A string that is YAML already: what Helm's numbers cannot hold, what its JSON would not escape.
    Raw,
    /// The only element of a list, as JSON: Helm merges tables of two files key by key and takes a null for a
    /// removal, but it replaces a list.
    OnlyItem,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The same in every environment.
    Literal(String),
    /// A value, whose schema allows nothing that would need an escape within quotes.
    Value(ValuePath),
    /// A value with something before it, or nothing at all where the value is empty.
    Optional {
        /// What stands before it.
        before: &'static str,
        /// The value.
        value: ValuePath,
    },
}

/// When something is there: where each of these values is neither `false` nor empty. Always, where there is none.
pub type Guard = Vec<ValuePath>;

/// A value with holes.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// The same in every environment.
    Literal(Value),
    /// A string that is made of parts.
    Text(Vec<Piece>),
    /// A value.
    Value {
        /// Where it stands.
        path: ValuePath,
        /// How it is written.
        form: Form,
    },
    /// A table, of which not every key is always there.
    Map(Vec<Field>),
    /// A list, of which not every element is always there.
    List(Vec<Item>),
    /// The rules of an Ingress, from a list of hosts with their paths in the form that `helm create` made common.
    IngressRules(ValuePath),
}

/// A key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The key.
    pub key: String,
    /// When it is there.
    pub guard: Guard,
    /// What stands under it.
    pub template: Template,
}

/// An element of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// When it is there.
    pub guard: Guard,
    /// The element.
    pub template: Template,
}

/// One object of a file of templates.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// When it is there.
    pub guard: Guard,
    /// The object.
    pub template: Template,
}
