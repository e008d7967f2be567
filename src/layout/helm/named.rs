//! Values with a name that the platform gives them, and the fields that they set.
//!
//! A field is written `Kind/name spec.path.to[element].field`; the object alone, `Kind/name`, is for switches.

use std::collections::BTreeMap;

use crate::object::{Object, ObjectRef};
use crate::value::{Value, json};

use super::merge_lists::IDENTITIES;
use super::names::Step;
use super::template::ValuePath;
use super::{Chart, Variant};

/// A value that the platform names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedValue {
    /// Its place: `keycloak.realm`. Where it ends in `enabled`, it says whether its fields are there at all.
    pub path: ValuePath,
    /// What it sets.
    pub fields: Vec<FieldRef>,
}

/// A field of an object, or the object itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRef {
    kind: String,
    name: String,
    steps: Vec<FieldStep>,
}

/// A step into an object.
#[derive(Debug, Clone, PartialEq, Eq)]
enum FieldStep {
    /// A key.
    Key(String),
    /// An element of a list, by its name or position.
    Element(String),
}

/// Why a named value cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misnamed {
    /// A field that no environment has: its position among the fields.
    NoSuchField(usize),
    /// A field of a sub-chart, which sees only values below its key: the field's position, and the key.
    OutOfReach(usize, String),
    /// A field that has another value than those before it: its position, and an environment, empty for the base.
    Differs(usize, String),
}

impl FieldRef {
    /// Reads a field.
    ///
    /// # Errors
    /// What is wrong with the text, in a few words.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (object, path) = text.split_once(' ').unwrap_or((text, ""));
        let (kind, name) = object.split_once('/').ok_or("it begins with the kind and name of an object")?;
        if kind.is_empty() || name.is_empty() {
            return Err("it begins with the kind and name of an object");
        }
        Ok(Self { kind: kind.to_owned(), name: name.to_owned(), steps: steps(path.trim())? })
    }

    /// Whether this is a field of `object`, or `object` itself.
    fn is_of(&self, id: &ObjectRef) -> bool {
        self.kind == id.gvk.kind && self.name == id.name
    }

    /// What the field holds in `object`.
    fn find<'v>(&self, object: &'v Object) -> Option<&'v Value> {
        let mut value = &*object.value;
        for step in &self.steps {
            value = match step {
                FieldStep::Key(key) => value.get(key)?,
                FieldStep::Element(name) => element(value.as_array()?, name)?,
            };
        }
        Some(value)
    }

    /// What the field holds in each variant.
    fn each<'v>(&self, variants: &[Variant<'v>]) -> Vec<Option<&'v Value>> {
        let find = |variant: &Variant<'v>| -> Option<&'v Value> {
            let mut of = variant.objects.iter().copied().filter(|object| self.is_of(&object.id));
            of.find_map(|object| self.find(object))
        };
        variants.iter().map(find).collect()
    }

    /// Whether the field is the one at `at`.
    fn is_at(&self, at: &[Step]) -> bool {
        self.steps.len() == at.len() && self.begins_with(at)
    }

    /// Whether the field is somewhere below `at`.
    fn is_below(&self, at: &[Step]) -> bool {
        self.steps.len() > at.len() && self.begins_with(at)
    }

    fn begins_with(&self, at: &[Step]) -> bool {
        self.steps.iter().zip(at).all(|(step, at)| match (step, at) {
            (FieldStep::Key(key), Step::Key(other)) => key == other,
            (FieldStep::Element(name), Step::Item(other)) => name == other,
            (FieldStep::Element(name), Step::At(position)) => *name == position.to_string(),
            _ => false,
        })
    }
}

fn element<'v>(items: &'v [Value], name: &str) -> Option<&'v Value> {
    let called = |item: &&Value| {
        IDENTITIES.iter().any(|identity| item.pointer(identity).and_then(Value::as_str) == Some(name))
    };
    items.iter().find(called).or_else(|| items.get(name.parse::<usize>().ok()?))
}

/// `a.b[c]["d.e"]` as steps.
fn steps(path: &str) -> Result<Vec<FieldStep>, &'static str> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix("[\"") {
            let (key, after) = inner.split_once("\"]").ok_or("a `[\"` has no `\"]`")?;
            steps.push(FieldStep::Key(key.to_owned()));
            rest = after;
        } else if let Some(inner) = rest.strip_prefix('[') {
            let (name, after) = inner.split_once(']').ok_or("a `[` has no `]`")?;
            steps.push(FieldStep::Element(name.to_owned()));
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            if key.is_empty() {
                return Err("a dot stands where a key should");
            }
            steps.push(FieldStep::Key(key.to_owned()));
            rest = after;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    Ok(steps)
}

/// A named value, with what it is in each variant.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    /// Its place, seen from the chart that uses it.
    pub path: ValuePath,
    /// What it sets.
    pub fields: Vec<FieldRef>,
    /// What it is; for a switch whether anything of its fields is there.
    pub each: Vec<Option<Value>>,
}

impl Settled {
    /// Whether it sets the field of the object at `at`, or, at no step, the object itself.
    pub(super) fn sets(&self, id: &ObjectRef, at: &[Step]) -> bool {
        self.fields.iter().any(|field| field.is_of(id) && field.is_at(at))
    }

    /// Whether it sets something below that.
    pub(super) fn sets_below(&self, id: &ObjectRef, at: &[Step]) -> bool {
        self.fields.iter().any(|field| field.is_of(id) && field.is_below(at))
    }

    /// Whether it says if its fields are there at all.
    pub(super) fn is_switch(&self) -> bool {
        is_switch(&self.path)
    }
}

fn is_switch(path: &[String]) -> bool {
    path.last().is_some_and(|last| last == "enabled")
}

/// What each named value is in each variant.
pub(super) fn settle(named: &[NamedValue], variants: &[Variant<'_>]) -> Vec<Settled> {
    let one = |value: &NamedValue| {
        let fields: Vec<Vec<Option<&Value>>> =
            value.fields.iter().map(|field| field.each(variants)).collect();
        let first = |at: usize| fields.iter().find_map(|each| each.get(at).copied().flatten());
        let switch = is_switch(&value.path);
        let of = |at: usize| if switch { Some(json!(first(at).is_some())) } else { first(at).cloned() };
        let each = (0..variants.len()).map(of);
        Settled { path: value.path.clone(), fields: value.fields.clone(), each: each.collect() }
    };
    named.iter().map(one).collect()
}

/// The values that a sub-chart with the key `alias` sees, as it sees them: its own, and what all share.
pub(super) fn within(named: &[Settled], alias: &str) -> Vec<Settled> {
    let seen = |value: &Settled| match value.path.as_slice() {
        [first, ..] if first == "global" => Some(value.clone()),
        [first, rest @ ..] if first == alias => Some(Settled { path: rest.to_vec(), ..value.clone() }),
        _ => None,
    };
    named.iter().filter_map(seen).collect()
}

/// What is wrong with the named values of a chart, by their positions.
#[must_use]
pub fn misnamed(chart: &Chart, variants: &[Variant<'_>]) -> BTreeMap<usize, Misnamed> {
    let of = |value: &NamedValue| wrong(value, variants).or_else(|| out_of_reach(chart, value, variants));
    chart.values.iter().enumerate().filter_map(|(at, value)| Some((at, of(value)?))).collect()
}

fn out_of_reach(chart: &Chart, value: &NamedValue, variants: &[Variant<'_>]) -> Option<Misnamed> {
    let first = value.path.first()?;
    let objects = || variants.iter().flat_map(|variant| variant.objects.iter());
    let fields = value.fields.iter().enumerate();
    for (position, field) in fields {
        let component = objects().find(|object| field.is_of(&object.id)).map(|object| &object.component)?;
        let subchart = chart.subcharts.iter().find(|subchart| subchart.components.contains(component));
        if let Some(subchart) = subchart.filter(|subchart| subchart.alias != *first && first != "global") {
            return Some(Misnamed::OutOfReach(position, subchart.alias.clone()));
        }
    }
    None
}

fn wrong(value: &NamedValue, variants: &[Variant<'_>]) -> Option<Misnamed> {
    let mut known: Vec<Option<&Value>> = vec![None; variants.len()];
    for (position, field) in value.fields.iter().enumerate() {
        let each = field.each(variants);
        if each.iter().all(Option::is_none) {
            return Some(Misnamed::NoSuchField(position));
        }
        if is_switch(&value.path) {
            continue;
        }
        for ((known, found), variant) in known.iter_mut().zip(each).zip(variants) {
            match (&known, found) {
                (Some(one), Some(other)) if *one != other => {
                    return Some(Misnamed::Differs(position, variant.name.to_owned()));
                }
                (None, Some(_)) => *known = found,
                _ => {}
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_names_and_positions() {
        let object = json!({"kind": "Deployment", "metadata": {"name": "api"}, "data": {"a.b": "x"},
            "spec": {"containers": [{"name": "main", "env": [{"name": "A", "value": "1"}], "args": ["p", "q"]}]}});
        let object = Object::from_value(object, "", crate::source::KeyPath::root());
        let find = |text: &str| {
            let field = FieldRef::parse(text).expect("the test writes fields");
            field.is_of(&object.id).then(|| field.find(&object).cloned()).flatten()
        };
        assert_eq!(find("Deployment/api spec.containers[main].env[A].value"), Some(json!("1")));
        assert_eq!(find("Deployment/api spec.containers[main].args[1]"), Some(json!("q")));
        assert_eq!(find("Deployment/api data[\"a.b\"]"), Some(json!("x")));
        assert_eq!(find("Deployment/api spec.replicas"), None);
        assert_eq!(find("Service/api spec"), None);
        for odd in ["api", "Deployment/", "Deployment/api a..b", "Deployment/api a[b", "Deployment/api a[\"b"]
        {
            assert!(FieldRef::parse(odd).is_err(), "{odd}");
        }
    }
}
