//! How large the values of a schema can be, and how often: what the API server estimates the cost of rules by.
//!
//! After `SchemaDeclType` in `pkg/cel/common/schemas.go` of k8s.io/apiserver and `maxCardinality` in
//! `pkg/apiserver/schema/cel/compilation.go` of k8s.io/apiextensions-apiserver.

use std::collections::BTreeMap;

use super::declared::{Place, escaped, place_of};
use crate::check::cel::{Extent, Kind};
use crate::check::values::Fields;
use crate::value::Value;

/// The bytes of the largest request.
const REQUEST: u64 = 3 * 1024 * 1024;

/// The least bytes of an object: `{}`; of a list and of a text.
const EMPTY: u64 = 2;

/// The characters of the name of an object, four bytes each.
const NAME: u64 = 253 * 4;

/// The extent of values of that schema; `None` where expressions do not see them.
pub(super) fn extent(schema: &Value, place: Place) -> Option<Extent> {
    if schema.is_true("x-kubernetes-int-or-string") {
        return Some(scalar(Kind::Other, longest(schema), 1));
    }
    match schema.text_or_empty("type") {
        "array" => {
            let item = part(schema.child("items")?)?;
            let most = bound(schema, "maxItems").unwrap_or((REQUEST - 2) / (item.least_bytes + 1));
            Some(whole(Kind::List, most, item))
        }
        "object" => match schema.child("additionalProperties").filter(|it| it.is_object()) {
            Some(each) if place == Place::Within => {
                let each = part(each)?;
                let most = bound(schema, "maxProperties").unwrap_or((REQUEST - 2) / (each.least_bytes + 6));
                Some(whole(Kind::Map, most, each))
            }
            _ => Some(object(schema, place)),
        },
        "string" => Some(match schema.text_or_empty("format") {
            "byte" => scalar(Kind::Other, bound(schema, "maxLength").unwrap_or(REQUEST - 2), EMPTY),
            "duration" => scalar(Kind::Other, 32, 3),
            "date" => scalar(Kind::Other, 12, 12),
            "date-time" => scalar(Kind::Other, 32, 21),
            _ => scalar(Kind::Text, longest(schema), EMPTY),
        }),
        "boolean" => Some(scalar(Kind::Other, 0, 4)),
        "number" | "integer" => Some(scalar(Kind::Other, 0, 1)),
        _ if place == Place::Root => Some(object(schema, place)),
        _ => None,
    }
}

fn scalar(kind: Kind, most: u64, least_bytes: u64) -> Extent {
    Extent { kind, most, least_bytes, ..Extent::default() }
}

fn whole(kind: Kind, most: u64, item: Extent) -> Extent {
    Extent { kind, most, least_bytes: EMPTY, item: Some(Box::new(item)), ..Extent::default() }
}

fn part(schema: &Value) -> Option<Extent> {
    extent(schema, place_of(schema))
}

fn bound(schema: &Value, key: &str) -> Option<u64> {
    schema.integer(key).map(|it| u64::try_from(it).unwrap_or(0))
}

/// A character may take four bytes; texts that are listed are counted in bytes as they are.
fn longest(schema: &Value) -> u64 {
    let listed = schema.items("enum");
    let of_list = || schema.texts("enum").map(|it| it.len() as u64).max().unwrap_or(0);
    match bound(schema, "maxLength") {
        Some(most) => most.saturating_mul(4),
        None if listed.is_empty() || schema.is_true("x-kubernetes-int-or-string") => REQUEST - 2,
        None => of_list(),
    }
}

fn object(schema: &Value, place: Place) -> Extent {
    let mut fields = BTreeMap::new();
    let mut least_bytes = EMPTY;
    for (name, field) in schema.entries("properties") {
        let Some(extent) = part(field) else { continue };
        if schema.texts("required").any(|it| it == name) && field.child("default").is_none() {
            least_bytes += name.len() as u64 + extent.least_bytes + 4;
        }
        if let Some(name) = escaped(name) {
            fields.insert(name, extent);
        }
    }
    if place == Place::Root {
        let names = ["name", "generateName"].map(|name| (name.to_owned(), scalar(Kind::Text, NAME, EMPTY)));
        let metadata = Extent { fields: BTreeMap::from(names), ..scalar(Kind::Object, 0, EMPTY) };
        // How long these may be differs between versions of the server.
        let text = scalar(Kind::Text, 0, EMPTY);
        for (name, extent) in [("metadata", metadata), ("kind", text.clone()), ("apiVersion", text)] {
            let is_asked = schema.texts("required").any(|it| it == name);
            if fields.insert(name.to_owned(), extent).is_none() && is_asked {
                least_bytes += name.len() as u64 + EMPTY + 4;
            }
        }
    }
    Extent { kind: Kind::Object, most: 0, least_bytes, fields, item: None }
}

/// How often a value of a schema can stand in one object, where nothing else says so.
pub(super) const fn times(extent: &Extent) -> u64 {
    REQUEST / (extent.least_bytes + 1)
}

/// How many values a schema has below each of its own; `None` where it does not say.
pub(super) fn multiplies(schema: &Value) -> Option<u64> {
    match schema.text_or_empty("type") {
        "array" => bound(schema, "maxItems"),
        "object" if schema.get("additionalProperties").is_some_and(|it| !it.is_null()) => {
            bound(schema, "maxProperties")
        }
        _ => Some(1),
    }
}
