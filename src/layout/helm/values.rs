//! The values of one chart: which there are, what each environment sets them to, and where they stand.
//!
//! Two places never get one name with two meanings: whoever comes second gets a number behind his. Two places that
//! want one name and have the same value everywhere share it.

use std::collections::{BTreeMap, BTreeSet};

use super::template::ValuePath;
use crate::value::{Map, Text, Value};

/// What a value may be, for the schema and for the page about the chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meaning {
    /// Its JSON Schema.
    pub schema: Value,
    /// What it sets: `Deployment api: spec.replicas`.
    pub sets: String,
}

/// One value: what it is in each variant, all of them filled.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    /// What it is in the base, and in each environment.
    pub each: Vec<Value>,
    /// What it may be.
    pub meaning: Meaning,
    /// Everything that it sets.
    pub sets: BTreeSet<String>,
}

/// The values of one chart.
#[derive(Debug, Default)]
pub(super) struct Values {
    held: BTreeMap<ValuePath, Held>,
    /// The order in which values came, so that a trial can be undone.
    order: Vec<ValuePath>,
    /// First keys that belong to sub-charts or to Helm itself.
    reserved: BTreeSet<String>,
}

impl Values {
    /// Values that never begin with one of these keys.
    pub(super) fn reserving(keys: impl IntoIterator<Item = String>) -> Self {
        Self { reserved: keys.into_iter().collect(), ..Self::default() }
    }

    /// How many values there are: a point to go back to.
    pub(super) fn mark(&self) -> usize {
        self.order.len()
    }

    /// Forgets every value that came after `mark`.
    pub(super) fn forget_since(&mut self, mark: usize) {
        for path in self.order.drain(mark.min(self.order.len())..) {
            self.held.remove(&path);
        }
    }

    /// A place for a value, as near to `wanted` as can be. A variant that has none gets that of the base, or of the
    /// first that has one: there it is not looked at.
    pub(super) fn claim(
        &mut self,
        wanted: &[String],
        each: Vec<Option<Value>>,
        meaning: Meaning,
    ) -> ValuePath {
        let each = filled(each);
        let wanted = self.reachable(wanted);
        for number in 1_usize.. {
            let path = numbered(&wanted, number);
            if self.is_free(&path) {
                let sets = BTreeSet::from([meaning.sets.clone()]);
                self.held.insert(path.clone(), Held { each, meaning, sets });
                self.order.push(path.clone());
                return path;
            }
            let same = |held: &&mut Held| held.each == each && held.meaning.schema == meaning.schema;
            if let Some(held) = self.held.get_mut(&path).filter(same) {
                held.sets.insert(meaning.sets);
                return path;
            }
        }
        wanted
    }

    /// `wanted`, or where a shorter place on the way is a value already, a place beside that.
    fn reachable(&self, wanted: &[String]) -> ValuePath {
        let blocking = |length: &usize| self.held.contains_key(&wanted[..*length]);
        let mut path = wanted.to_vec();
        if let Some(length) = (1..wanted.len()).find(blocking) {
            path[length - 1].push_str("Parts");
            return self.reachable(&path);
        }
        if let Some(first) = path.first_mut().filter(|first| self.reserved.contains(*first)) {
            first.push_str("Values");
        }
        path
    }

    /// Puts a value exactly there, reserved or not.
    pub(super) fn put(&mut self, path: ValuePath, each: Vec<Option<Value>>, meaning: Meaning) {
        let sets = BTreeSet::from([meaning.sets.clone()]);
        self.order.push(path.clone());
        self.held.insert(path, Held { each: filled(each), meaning, sets });
    }

    /// Puts a value exactly there, before anybody is known that it sets.
    pub(super) fn declare(&mut self, path: ValuePath, each: Vec<Option<Value>>, schema: Value) {
        self.put(path.clone(), each, Meaning { schema, sets: String::new() });
        self.held.entry(path).and_modify(|held| held.sets.clear());
    }

    /// Remembers what a declared value sets.
    pub(super) fn note(&mut self, path: &[String], sets: String) {
        if let Some(held) = self.held.get_mut(path) {
            held.sets.insert(sets);
        }
    }

    /// The values in order of their places.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&ValuePath, &Held)> {
        self.held.iter()
    }

    /// All values of the variant `at`, as a tree.
    pub(super) fn tree(&self, at: usize) -> Value {
        let all = self.held.iter().filter_map(|(path, held)| Some((path, held.each.get(at)?)));
        tree(all)
    }

    /// The values of the variant `at` that are not those of the base.
    pub(super) fn difference(&self, at: usize) -> Value {
        let mut root = Map::new();
        for (path, held) in &self.held {
            if let (Some(base), Some(value)) = (held.each.first(), held.each.get(at))
                && base != value
            {
                insert(&mut root, path, beyond(base, value));
            }
        }
        Value::Object(root)
    }

    fn is_free(&self, path: &[String]) -> bool {
        let over = self.held.range(path.to_vec()..).next().is_some_and(|(other, _)| other.starts_with(path));
        let within = (1..path.len()).any(|length| self.held.contains_key(&path[..length]));
        !over && !within
    }
}

/// What has to be laid over `base` to get `value`. A table that is a value has every key of the base's.
fn beyond(base: &Value, value: &Value) -> Value {
    let (Value::Object(base), Value::Object(over)) = (base, value) else { return value.clone() };
    let changed = over.iter().filter(|(key, value)| base.get(key) != Some(value));
    let under =
        |key: &Text, value: &Value| base.get(key).map_or_else(|| value.clone(), |base| beyond(base, value));
    changed.map(|(key, value)| (key.clone(), under(key, value))).collect()
}

fn filled(each: Vec<Option<Value>>) -> Vec<Value> {
    let fallback = each.iter().flatten().next().cloned().unwrap_or(Value::Null);
    each.into_iter().map(|value| value.unwrap_or_else(|| fallback.clone())).collect()
}

fn numbered(wanted: &[String], number: usize) -> ValuePath {
    let mut path = wanted.to_vec();
    match path.last_mut() {
        Some(last) if number > 1 => *last = format!("{last}{number}"),
        Some(_) => {}
        None => path.push(format!("value{number}")),
    }
    path
}

/// A tree from places and what stands there.
pub(super) fn tree<'a>(leaves: impl IntoIterator<Item = (&'a ValuePath, &'a Value)>) -> Value {
    let mut root = Map::new();
    for (path, value) in leaves {
        insert(&mut root, path, value.clone());
    }
    Value::Object(root)
}

/// Puts `value` at `path` below `table`.
pub(super) fn insert(table: &mut Map, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => {
            table.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let below = table.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                insert(below, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    fn claim(values: &mut Values, wanted: &str, each: &[Option<Value>]) -> String {
        let meaning = Meaning { schema: json!({}), sets: wanted.to_owned() };
        let wanted: ValuePath = wanted.split('.').map(str::to_owned).collect();
        values.claim(&wanted, each.to_vec(), meaning).join(".")
    }

    #[test]
    fn one_name_has_one_meaning() {
        let mut values = Values::reserving(["global".to_owned()]);
        let one = [Some(json!(1)), Some(json!(2))];
        let other = [Some(json!(1)), Some(json!(3))];
        assert_eq!(claim(&mut values, "a.b", &one), "a.b");
        assert_eq!(claim(&mut values, "a.b", &one), "a.b");
        assert_eq!(claim(&mut values, "a.b", &other), "a.b2");
        assert_eq!(claim(&mut values, "a", &other), "a2");
        assert_eq!(claim(&mut values, "global", &other), "globalValues");
        assert_eq!(values.tree(1), json!({"a": {"b": 2, "b2": 3}, "a2": 3, "globalValues": 3}));
    }

    #[test]
    fn a_trial_leaves_nothing_behind() {
        let mut values = Values::default();
        claim(&mut values, "a", &[Some(json!(1))]);
        let mark = values.mark();
        claim(&mut values, "b", &[Some(json!(1))]);
        values.forget_since(mark);
        assert_eq!(values.tree(0), json!({"a": 1}));
    }

    #[test]
    fn an_environment_says_only_what_is_different() {
        let mut values = Values::default();
        claim(&mut values, "same", &[Some(json!(1)), Some(json!(1))]);
        claim(&mut values, "set.here", &[Some(json!(1)), Some(json!(2))]);
        claim(&mut values, "unlooked-at", &[None, Some(json!(2))]);
        assert_eq!(values.difference(1), json!({"set": {"here": 2}}));
    }
}
