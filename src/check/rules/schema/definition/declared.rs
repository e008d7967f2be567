//! What a schema declares to expressions: the type of `self`.
//!
//! After `SchemaDeclType` in `pkg/cel/common/schemas.go` of k8s.io/apiserver. What a schema leaves open is seen by no
//! expression; only what is a number or a text may be anything.

use std::collections::BTreeMap;

use crate::check::cel::{RESERVED, Type};
use crate::check::values::Fields;
use crate::value::Value;

/// Whether a schema is that of a whole object, which has a kind and metadata beside what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Root,
    Within,
}

/// The type of a value of that schema; `None` where expressions do not see it.
pub(super) fn declared(schema: &Value, place: Place) -> Option<Type> {
    if schema.is_true("x-kubernetes-int-or-string") {
        return Some(Type::Dyn);
    }
    match schema.text_or_empty("type") {
        "array" => Some(Type::list(part(schema.child("items")?)?)),
        "object" => match schema.child("additionalProperties").filter(|it| it.is_object()) {
            Some(each) if place == Place::Within => Some(Type::map(Type::Text, part(each)?)),
            _ => Some(Type::object(fields(schema, place))),
        },
        "string" => Some(match schema.text_or_empty("format") {
            "byte" => Type::Bytes,
            "duration" => Type::Duration,
            "date" | "date-time" => Type::Time,
            _ => Type::Text,
        }),
        "boolean" => Some(Type::Bool),
        "number" => Some(Type::Double),
        "integer" => Some(Type::Int),
        // A whole object is one, whether or not it says so.
        _ if place == Place::Root => Some(Type::object(fields(schema, place))),
        _ => None,
    }
}

fn part(schema: &Value) -> Option<Type> {
    declared(schema, place_of(schema))
}

/// Where a schema stands that is not the outermost.
pub(super) fn place_of(schema: &Value) -> Place {
    if schema.is_true("x-kubernetes-embedded-resource") { Place::Root } else { Place::Within }
}

fn fields(schema: &Value, place: Place) -> BTreeMap<String, Type> {
    let own = schema.entries("properties");
    let own = own.filter_map(|(name, field)| Some((escaped(name)?, part(field)?)));
    let mut fields: BTreeMap<String, Type> = own.collect();
    if place == Place::Root {
        fields.insert("kind".to_owned(), Type::Text);
        fields.insert("apiVersion".to_owned(), Type::Text);
        let names = ["name", "generateName"].map(|name| (name.to_owned(), Type::Text));
        fields.insert("metadata".to_owned(), Type::object(BTreeMap::from(names)));
    }
    fields
}

/// The name that expressions use for a field; `None` where there is none.
pub(super) fn escaped(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__"));
    }
    let begins = name.starts_with(|c: char| !c.is_ascii_digit());
    let fits = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/'));
    (begins && fits).then(|| {
        let text = name.replace("__", "__underscores__").replace('.', "__dot__");
        text.replace('-', "__dash__").replace('/', "__slash__")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_as_expressions_name_them() {
        for (name, written) in [
            ("size", Some("size")),
            ("namespace", Some("__namespace__")),
            ("a-b.c/d", Some("a__dash__b__dot__c__slash__d")),
            ("a__b", Some("a__underscores__b")),
            ("9a", None),
            ("a b", None),
            ("", None),
        ] {
            assert_eq!(escaped(name).as_deref(), written, "{name}");
        }
    }
}
