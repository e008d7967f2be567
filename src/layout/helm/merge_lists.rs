//! Lists: by the names of their elements where they have some, by position where nothing but namespaces differs,
//! as a whole otherwise.

use std::collections::BTreeSet;

use super::merge::{Each, Merger};
use super::names::Step;
use super::template::{Item, Template};
use crate::value::Value;

/// The keys by which elements of lists are told apart, in the order in which they are tried.
pub(super) const IDENTITIES: [&str; 4] = ["/name", "/metadata/name", "/mountPath", "/topologyKey"];

/// What may come of taking a list apart by positions, which make poor names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trial {
    /// No value of its own.
    NoValues,
    /// Values, since the platform names some.
    AnyValues,
}

impl Merger<'_> {
    /// The template of a list that is empty in no variant.
    pub(super) fn list(&mut self, each: &Each<'_>, at: &mut Vec<Step>) -> Template {
        let lists: Vec<Option<&Vec<Value>>> =
            each.iter().map(|value| value.and_then(Value::as_array)).collect();
        let mentioned = self.is_named_below(at);
        if !mentioned && let Some(template) = self.by_position(&lists, at, Trial::NoValues) {
            return template;
        }
        let named = IDENTITIES.iter().find_map(|identity| Some((*identity, order(&lists, identity)?)));
        match named {
            Some((identity, names)) => self.by_name(&lists, identity, &names, at),
            None if mentioned => {
                self.by_position(&lists, at, Trial::AnyValues).unwrap_or_else(|| self.whole(each, at))
            }
            None => self.whole(each, at),
        }
    }

    /// Element by element, where all lists are of one length.
    fn by_position(
        &mut self,
        lists: &[Option<&Vec<Value>>],
        at: &mut Vec<Step>,
        trial: Trial,
    ) -> Option<Template> {
        let mut lengths = lists.iter().flatten().map(|list| list.len());
        let length = lengths.next()?;
        if lengths.any(|other| other != length) {
            return None;
        }
        let mark = self.values.mark();
        let mut items = Vec::new();
        for position in 0..length {
            let each: Vec<Option<&Value>> =
                lists.iter().map(|list| list.and_then(|list| list.get(position))).collect();
            at.push(Step::At(position));
            items.push(Item { guard: Vec::new(), template: self.merge(&each, at) });
            at.pop();
            if trial == Trial::NoValues && self.values.mark() > mark {
                self.values.forget_since(mark);
                return None;
            }
        }
        Some(Template::List(items))
    }

    fn by_name(
        &mut self,
        lists: &[Option<&Vec<Value>>],
        identity: &str,
        names: &[String],
        at: &mut Vec<Step>,
    ) -> Template {
        let within: Vec<bool> = lists.iter().map(Option::is_some).collect();
        let mut items = Vec::new();
        for name in names {
            let called = |list: &&'_ Vec<Value>| -> Option<usize> {
                list.iter().position(|item| item.pointer(identity).and_then(Value::as_str) == Some(name))
            };
            let each: Vec<Option<&Value>> =
                lists.iter().map(|list| list.and_then(|list| list.get(called(&list)?))).collect();
            at.push(Step::Item(name.clone()));
            items.push(self.item(&each, &within, at));
            at.pop();
        }
        Template::List(items)
    }

    fn item(&mut self, each: &Each<'_>, within: &[bool], at: &mut Vec<Step>) -> Item {
        if let Some(guard) = self.named_switch(each, within, at) {
            return Item { guard, template: self.merge(each, at) };
        }
        if each.iter().zip(within).all(|(value, within)| value.is_some() == *within) {
            return Item { guard: Vec::new(), template: self.merge(each, at) };
        }
        if let Some(item) = self.variable(each, within, at) {
            return item;
        }
        let guard = self.switch(each, within, at);
        Item { guard: vec![guard], template: self.merge(each, at) }
    }

    /// An environment variable that is missing somewhere: there its value is the empty text.
    fn variable(&mut self, each: &Each<'_>, within: &[bool], at: &mut Vec<Step>) -> Option<Item> {
        let text = |value: &Value| {
            let fields = value.as_object().filter(|fields| fields.len() == 2)?;
            fields.get("value")?.as_str().filter(|text| !text.is_empty()).map(drop)
        };
        let variables = at.iter().rev().nth(1) == Some(&Step::Key("env".to_owned()));
        if !variables || !each.iter().flatten().all(|value| text(value).is_some()) {
            return None;
        }
        let name = each.iter().flatten().find_map(|value| value.get("name"))?.clone();
        let values: Vec<Option<&Value>> =
            each.iter().map(|value| value.and_then(|value| value.get("value"))).collect();
        at.push(Step::Key("value".to_owned()));
        let (guard, template) = self.part(&values, within, at);
        at.pop();
        let field =
            |key: &str, template| super::template::Field { key: key.to_owned(), guard: Vec::new(), template };
        let fields = vec![field("name", Template::Literal(name)), field("value", template)];
        Some(Item { guard, template: Template::Map(fields) })
    }
}

/// One order of names that every list follows, where each list has unique names and all follow one order.
fn order(lists: &[Option<&Vec<Value>>], identity: &str) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for list in lists.iter().flatten() {
        let names: Option<Vec<&str>> = list.iter().map(|item| item.pointer(identity)?.as_str()).collect();
        let names = names?;
        if names.iter().collect::<BTreeSet<_>>().len() != names.len() {
            return None;
        }
        merge_into(&mut all, &names);
    }
    let follows = |list: &&Vec<Value>| {
        let mut names = all.iter();
        list.iter().all(|item| {
            let name = item.pointer(identity).and_then(Value::as_str);
            names.any(|other| Some(other.as_str()) == name)
        })
    };
    lists.iter().flatten().all(follows).then_some(all)
}

/// Puts each name that is new behind the one that it follows.
fn merge_into(all: &mut Vec<String>, names: &[&str]) {
    let mut place = 0;
    for name in names {
        if let Some(found) = all.iter().position(|other| other == name) {
            place = found + 1;
        } else {
            all.insert(place.min(all.len()), (*name).to_owned());
            place += 1;
        }
    }
}
