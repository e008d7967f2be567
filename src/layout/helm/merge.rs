//! The variants of one object made one template: equal parts stay, what differs becomes values.
//!
//! It takes the object as it is in the base and in each environment, and gives a template that gives each of them back
//! with the values of the same variant. Whatever it cannot take apart it carries as a whole.

use crate::object::ObjectRef;
use crate::value::{Map, Text, Value, json};

use super::forms::{Carried, carry, is_mergeable};
use super::named::Settled;
use super::names::{Contract, Naming, Step};
use super::namespaces::Namespaces;
use super::template::{Field, Form, Piece, Template, ValuePath};
use super::values::{Meaning, Values};

/// A part of an object in each variant; `None` where the variant has no such part.
pub(super) type Each<'a> = [Option<&'a Value>];

/// What the merging of one object works with.
pub(super) struct Merger<'a> {
    /// The values of the chart.
    pub values: &'a mut Values,
    /// The namespaces that have other names elsewhere.
    pub namespaces: &'a mut Namespaces,
    /// What the values of this object are called.
    pub naming: &'a Naming,
    /// What the object is.
    pub id: ObjectRef,
    /// Whether every variant has the object.
    pub presence: Presence,
    /// How many variants there are.
    pub variants: usize,
    /// The values that the platform names and that set fields of the object.
    pub named: &'a [Settled],
}

/// Whether every variant has an object. One that only some have can be switched on in the others, where its namespace
/// has another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// All of them.
    Everywhere,
    /// Only some.
    Somewhere,
}

impl Merger<'_> {
    /// The template of the part at `at`.
    pub(super) fn merge(&mut self, each: &Each<'_>, at: &mut Vec<Step>) -> Template {
        if let Some(template) = self.by_name_of_platform(each, at) {
            return template;
        }
        if let Some(template) = self.by_contract(each, at) {
            return template;
        }
        let mut present = each.iter().flatten();
        let Some(first) = present.next() else { return Template::Literal(Value::Null) };
        let offers = first.is_object() && !self.naming.offers(at).is_empty();
        let apart = offers || self.naming.has_contract_below(at) || self.is_named_below(at);
        if present.all(|value| value == first) && !apart {
            match first {
                Value::Object(_) | Value::Array(_)
                    if self.presence == Presence::Somewhere && !is_empty(first) => {}
                Value::String(_) if self.presence == Presence::Somewhere && names_namespace(at) => {}
                same => return Template::Literal((*same).clone()),
            }
        }
        let all = |test: fn(&Value) -> bool| each.iter().flatten().all(|value| test(value));
        let empty = each.iter().flatten().any(|value| is_empty(value));
        match first {
            Value::String(_) if all(Value::is_string) => self.text(each, at),
            Value::Object(_) if all(Value::is_object) && !empty => self.map(each, at),
            Value::Array(_) if all(Value::is_array) && !empty => self.list(each, at),
            _ => self.whole(each, at),
        }
    }

    /// A value, carried as a whole.
    pub(super) fn whole(&mut self, each: &Each<'_>, at: &[Step]) -> Template {
        let each: Vec<Option<Value>> = each.iter().map(|value| value.cloned()).collect();
        let place = self.naming.place(at);
        self.carried(carry(&each), &place, at)
    }

    fn carried(&mut self, carried: Carried, place: &[String], at: &[Step]) -> Template {
        let meaning = self.meaning(carried.schema, at);
        let path = self.values.claim(place, carried.each, meaning);
        Template::Value { path, form: carried.form }
    }

    pub(super) fn meaning(&self, schema: Value, at: &[Step]) -> Meaning {
        Meaning { schema, sets: format!("{} {}: {}", self.id.gvk.kind, self.id.name, field(at)) }
    }

    /// A boolean that says whether the part at `at` is there.
    pub(super) fn switch(&mut self, each: &Each<'_>, within: &[bool], at: &[Step]) -> ValuePath {
        let mut place = self.naming.place(at);
        let table = each.iter().flatten().all(|value| value.is_object());
        match place.last_mut() {
            Some(last) if !table => last.push_str("Enabled"),
            _ => place.push("enabled".to_owned()),
        }
        let there =
            each.iter().zip(within).map(|(value, within)| within.then(|| json!(value.is_some()))).collect();
        let meaning = self.meaning(json!({"type": "boolean"}), at);
        self.values.claim(&place, there, meaning)
    }

    /// A value that the platform itself has named.
    fn by_name_of_platform(&mut self, each: &Each<'_>, at: &[Step]) -> Option<Template> {
        let named = self.named.iter().find(|named| !named.is_switch() && named.sets(&self.id, at))?;
        let form = carry(&named.each).form;
        let path = named.path.clone();
        self.values.note(&path, self.meaning(Value::Null, at).sets);
        each.iter().flatten().next().map(|_| Template::Value { path, form })
    }

    /// The switch that the platform has named for a part, and one more where that does not say it all.
    pub(super) fn named_switch(
        &mut self,
        each: &Each<'_>,
        within: &[bool],
        at: &[Step],
    ) -> Option<Vec<ValuePath>> {
        let named = self.named.iter().find(|named| named.is_switch() && named.sets(&self.id, at))?;
        self.values.note(&named.path, self.meaning(Value::Null, at).sets);
        let mut guard = vec![named.path.clone()];
        let on = |at: usize| named.each.get(at).cloned().flatten() == Some(json!(true));
        let exact = each
            .iter()
            .zip(within)
            .enumerate()
            .all(|(at, (value, within))| !within || value.is_some() == on(at));
        if !exact {
            guard.push(self.switch(each, within, at));
        }
        Some(guard)
    }

    /// Whether the platform names a value for this field.
    fn is_named(&self, at: &[Step]) -> bool {
        self.named.iter().any(|named| named.sets(&self.id, at))
    }

    /// Whether the platform names a value for something below this field.
    pub(super) fn is_named_below(&self, at: &[Step]) -> bool {
        self.named.iter().any(|named| named.sets_below(&self.id, at))
    }

    /// What a chart's user may change in any case.
    fn by_contract(&mut self, each: &Each<'_>, at: &[Step]) -> Option<Template> {
        match self.naming.contract(at)? {
            Contract::Value => self.value_by_contract(each, at),
            Contract::Image => self.image(each, at),
            Contract::Rules => self.rules(each, at),
        }
    }

    fn value_by_contract(&mut self, each: &Each<'_>, at: &[Step]) -> Option<Template> {
        let owned: Vec<Option<Value>> = each.iter().map(|value| value.cloned()).collect();
        let carried = carry(&owned);
        // What would not look like the field itself is better taken apart.
        let natural = !matches!(carried.form, Form::OnlyItem | Form::Raw);
        let place = self.naming.place(at);
        natural.then(|| self.carried(carried, &place, at))
    }

    fn image(&mut self, each: &Each<'_>, at: &[Step]) -> Option<Template> {
        let images: Option<Vec<Option<[&str; 3]>>> = each
            .iter()
            .map(|image| image.map_or(Some(None), |image| cut(image.as_str()?).map(Some)))
            .collect();
        let images = images?;
        let mut pieces = Vec::new();
        for (part, (name, before)) in
            [("repository", ""), ("tag", ":"), ("digest", "@")].into_iter().enumerate()
        {
            let texts: Vec<Option<&str>> =
                images.iter().map(|image| image.map(|parts| parts[part])).collect();
            if texts.iter().flatten().all(|text| text.is_empty()) {
                continue;
            }
            let mut place = self.naming.place(at);
            place.push(name.to_owned());
            let meaning = self.meaning(json!({"type": "string", "pattern": PARTS[part]}), at);
            let value =
                self.values.claim(&place, texts.iter().map(|text| text.map(Value::from)).collect(), meaning);
            pieces.push(match before {
                "" => Piece::Value(value),
                before => Piece::Optional { before, value },
            });
        }
        Some(Template::Text(pieces))
    }

    /// The rules of an Ingress as a list of hosts, where all of them have that shape.
    fn rules(&mut self, each: &Each<'_>, at: &[Step]) -> Option<Template> {
        let hosts: Option<Vec<Option<Value>>> =
            each.iter().map(|rules| rules.map_or(Some(None), |rules| hosts(rules).map(Some))).collect();
        let carried = carry(&hosts?);
        let meaning = self.meaning(hosts_schema(), at);
        let path = self.values.claim(&self.naming.place(at), carried.each, meaning);
        matches!(carried.form, Form::Yaml | Form::Json).then_some(Template::IngressRules(path))
    }

    fn text(&mut self, each: &Each<'_>, at: &[Step]) -> Template {
        let texts: Vec<Option<&str>> = each.iter().map(|value| value.and_then(Value::as_str)).collect();
        let pieces = match self.presence {
            Presence::Somewhere if names_namespace(at) => self.namespaces.name(&texts),
            _ => self.namespaces.parts(&texts),
        };
        match pieces {
            Some(pieces) => Template::Text(pieces),
            None if texts.iter().flatten().collect::<std::collections::BTreeSet<_>>().len() == 1 => {
                Template::Literal(each.iter().flatten().next().map_or(Value::Null, |text| (*text).clone()))
            }
            None => self.whole(each, at),
        }
    }

    fn map(&mut self, each: &Each<'_>, at: &mut Vec<Step>) -> Template {
        let tables: Vec<Option<&Map>> = each.iter().map(|value| value.and_then(Value::as_object)).collect();
        let within: Vec<bool> = tables.iter().map(Option::is_some).collect();
        let mut keys: Vec<&Text> = tables.iter().flatten().flat_map(|table| table.keys()).collect();
        keys.sort();
        keys.dedup();
        let mut fields = self.offered(&keys, at);
        for key in keys {
            let each: Vec<Option<&Value>> =
                tables.iter().map(|table| table.and_then(|table| table.get(key))).collect();
            at.push(Step::Key(key.to_string()));
            let (guard, template) = self.part(&each, &within, at);
            at.pop();
            fields.push(Field { key: key.to_string(), guard, template });
        }
        Template::Map(fields)
    }

    /// Fields that no variant has and that users of a chart look for: their values are empty, and so they are left out.
    fn offered(&mut self, keys: &[&Text], at: &mut Vec<Step>) -> Vec<Field> {
        let mut fields = Vec::new();
        for (key, empty, schema) in self.naming.offers(at) {
            if keys.iter().any(|known| *known == key) {
                continue;
            }
            let form = if empty.is_string() { Form::Quoted } else { Form::Yaml };
            at.push(Step::Key(key.to_owned()));
            let place = self.naming.place(at);
            let meaning = self.meaning(schema, at);
            at.pop();
            let path = self.values.claim(&place, vec![Some(empty); self.variants], meaning);
            let template = Template::Value { path: path.clone(), form };
            fields.push(Field { key: key.to_owned(), guard: vec![path], template });
        }
        fields
    }

    /// A part that may be missing in some of the variants that have what it is a part of.
    pub(super) fn part(
        &mut self,
        each: &Each<'_>,
        within: &[bool],
        at: &mut Vec<Step>,
    ) -> (Vec<ValuePath>, Template) {
        if let Some(guard) = self.named_switch(each, within, at) {
            return (guard, self.merge(each, at));
        }
        if each.iter().zip(within).all(|(value, within)| value.is_some() == *within) {
            return (Vec::new(), self.merge(each, at));
        }
        if self.is_named(at) {
            return (vec![self.switch(each, within, at)], self.merge(each, at));
        }
        if let Some(template) = self.empty_where_missing(each, within, at) {
            return template;
        }
        let guard = self.switch(each, within, at);
        (vec![guard], self.merge(each, at))
    }

    /// A text, list or table that nobody means to be empty: there, empty says that it is missing.
    fn empty_where_missing(
        &mut self,
        each: &Each<'_>,
        within: &[bool],
        at: &[Step],
    ) -> Option<(Vec<ValuePath>, Template)> {
        let first = each.iter().flatten().next()?;
        let empty = match first {
            Value::String(_) => json!(""),
            Value::Array(_) => json!([]),
            Value::Object(_) => json!({}),
            _ => return None,
        };
        let alike = |value: &Value| std::mem::discriminant(value) == std::mem::discriminant(&empty);
        if !each.iter().flatten().all(|value| alike(value) && !is_empty(value)) {
            return None;
        }
        let values: Vec<Option<Value>> = each
            .iter()
            .zip(within)
            .map(|(value, within)| value.cloned().or_else(|| within.then(|| empty.clone())))
            .collect();
        if first.is_object() && !is_mergeable(&values) {
            return None;
        }
        let carried = carry(&values);
        if matches!(carried.form, Form::OnlyItem | Form::Raw) {
            return None;
        }
        let place = self.naming.place(at);
        let template = self.carried(carried, &place, at);
        match &template {
            Template::Value { path, .. } => Some((vec![path.clone()], template.clone())),
            _ => None,
        }
    }
}

/// What repository, tag and digest may hold: nothing that needs an escape within quotes.
const PARTS: [&str; 3] =
    ["^[A-Za-z0-9][A-Za-z0-9._/:-]*$", "^[A-Za-z0-9._-]*$", "^([a-z0-9+._-]+:[A-Za-z0-9=_-]+)?$"];

/// An image cut into repository, tag and digest, of which the last two may be empty.
fn cut(image: &str) -> Option<[&str; 3]> {
    let (rest, digest) = image.split_once('@').unwrap_or((image, ""));
    let name = rest.rfind('/').map_or(0, |slash| slash + 1);
    let (repository, tag) = match rest[name..].find(':') {
        Some(colon) => (&rest[..name + colon], &rest[name + colon + 1..]),
        None => (rest, ""),
    };
    let of = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    let sound = of(repository, "._/:-") && of(tag, "._-") && of(digest, "+._:=-");
    let begins = repository.starts_with(|c: char| c.is_ascii_alphanumeric());
    let digest_is_one = digest.is_empty() || digest.split(':').filter(|part| !part.is_empty()).count() == 2;
    // What stands behind a separator may not be empty, or the separator would be lost.
    let whole = [
        repository,
        if tag.is_empty() { "" } else { ":" },
        tag,
        if digest.is_empty() { "" } else { "@" },
        digest,
    ]
    .concat()
        == image;
    (sound && begins && digest_is_one && whole).then_some([repository, tag, digest])
}

/// The rules of an Ingress as hosts with paths: `[{host, paths: [{path, pathType, service, port}]}]`.
fn hosts(rules: &Value) -> Option<Value> {
    let hosts: Option<Vec<Value>> = rules.as_array()?.iter().map(host).collect();
    hosts.filter(|hosts| !hosts.is_empty()).map(Value::Array)
}

fn host(rule: &Value) -> Option<Value> {
    let fields = rule.as_object()?;
    let paths: Option<Vec<Value>> = rule.pointer("/http/paths")?.as_array()?.iter().map(path).collect();
    let host = fields.get("host")?.as_str()?;
    let paths = paths.filter(|paths| !paths.is_empty())?;
    let exact = fields.len() == 2 && rule.get("http")?.as_object()?.len() == 1;
    exact.then_some(json!({"host": host, "paths": paths}))
}

fn path(path: &Value) -> Option<Value> {
    let port = path.pointer("/backend/service/port")?.as_object()?;
    let port = match (port.len(), port.get("name"), port.get("number")) {
        (1, Some(name @ Value::String(_)), None) => name,
        (1, None, Some(number)) if number.is_u64() => number,
        _ => return None,
    };
    let service = path.pointer("/backend/service/name")?.as_str()?;
    let rule = json!({"path": path.get("path")?.as_str()?, "pathType": path.get("pathType")?.as_str()?,
        "service": service, "port": port});
    (rule_of(&rule) == *path).then_some(rule)
}

/// The path of an Ingress that the template makes of an entry.
fn rule_of(entry: &Value) -> Value {
    let port = if entry["port"].is_string() { "name" } else { "number" };
    json!({"path": entry["path"], "pathType": entry["pathType"],
        "backend": {"service": {"name": entry["service"], "port": {port: entry["port"]}}}})
}

fn hosts_schema() -> Value {
    let path = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["path", "pathType", "service", "port"],
        "properties": {
            "path": {"type": "string"},
            "pathType": {"enum": ["Exact", "ImplementationSpecific", "Prefix"]},
            "service": {"type": "string"},
            "port": {"type": ["integer", "string"]},
        },
    });
    json!({"type": "array", "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["host", "paths"],
        "properties": {"host": {"type": "string"}, "paths": {"type": "array", "items": path}},
    }})
}

/// Whether the field holds the name of a namespace and nothing else.
fn names_namespace(at: &[Step]) -> bool {
    matches!(at.last(), Some(Step::Key(key)) if key == "namespace" || key == "kubernetes.io/metadata.name")
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// A field as people write it: `spec.containers[api].image`.
fn field(at: &[Step]) -> String {
    let mut text = String::new();
    for step in at {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.extend([".", key]),
            Step::Item(name) => text.extend(["[", name, "]"]),
            Step::At(position) => text.extend(["[", &position.to_string(), "]"]),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_cut_where_its_parts_meet() {
        assert_eq!(cut("a/b:1@sha256:0f"), Some(["a/b", "1", "sha256:0f"]));
        assert_eq!(cut("localhost:5000/b"), Some(["localhost:5000/b", "", ""]));
        assert_eq!(cut("b@sha256:0f"), Some(["b", "", "sha256:0f"]));
        for odd in ["b:", "b@", "", "{{ x }}", "b:1:2", "b:1@", "a b"] {
            assert_eq!(cut(odd), None, "{odd}");
        }
    }

    #[test]
    fn only_rules_that_the_template_gives_back_become_hosts() {
        let path = json!({"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "a", "port": {"number": 80}}}});
        let rules = json!([{"host": "a.example.com", "http": {"paths": [path]}}]);
        let entry = json!({"path": "/", "pathType": "Prefix", "service": "a", "port": 80});
        assert_eq!(hosts(&rules), Some(json!([{"host": "a.example.com", "paths": [entry]}])));
        let odd = json!({"path": "/", "pathType": "Prefix", "backend": {"resource": {"kind": "Bucket", "name": "a"}}});
        assert_eq!(hosts(&json!([{"host": "a", "http": {"paths": [odd]}}])), None);
        assert_eq!(hosts(&json!([{"http": {"paths": [path]}}])), None);
    }
}
