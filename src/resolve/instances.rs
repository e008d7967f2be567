//! Instances: a shape, written out once for each of them, before layers merge.
//!
//! Takes the tables of a document; puts the entities of every instance into them, below what the platform says of the
//! same entities itself. A text of the shape that is nothing but a parameter becomes the instance's own value with its own
//! place, so that a bad host is shown where the host was written. Refuses a shape and a parameter that are not there, a
//! parameter without a value, and two instances that give one entity different values.

use std::collections::BTreeMap;

use super::codes::{UNDEFINED_VARIABLE, UNKNOWN_REFERENCE};
use super::scope::listed;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{KeyPath, Node, NodeValue, Origin, Span};
use crate::spec::codes::{DEFINED_TWICE, MISSING_KEY, UNKNOWN_KEY};

/// The key of a shape that holds no entities.
const PARAMETERS: &str = "parameters";
/// The nouns whose entities may belong to a group.
const GROUPED: [&str; 6] = ["configs", "databases", "routes", "secrets", "volumes", "workloads"];

/// Writes out the instances of a document, and takes shapes and instances from it.
pub(super) fn write_out(fields: &mut BTreeMap<String, Node>) -> Vec<Diagnostic> {
    let (shapes, instances) = (fields.remove("shapes"), fields.remove("instances"));
    let shapes = shapes.as_ref().and_then(Node::as_table).cloned().unwrap_or_default();
    let mut writer = Writer::default();
    for (name, instance) in instances.as_ref().and_then(Node::as_table).into_iter().flatten() {
        if instance.get("enabled").is_none_or(|enabled| enabled.value != NodeValue::Bool(false)) {
            writer.instance(&shapes, name, instance);
        }
    }
    for (noun, made) in writer.made {
        let Some(entities) = fields.entry(noun).or_insert_with(|| empty(&made)).as_table_mut() else {
            continue;
        };
        for (key, mut node) in made {
            if let Some(own) = entities.get(&key) {
                let origin = own.origin.clone();
                node.overlay(own);
                node.origin = origin;
            }
            entities.insert(key, node);
        }
    }
    writer.problems
}

fn empty(made: &BTreeMap<String, Node>) -> Node {
    let origin = made.values().next().map(|node| Origin { key: None, ..node.origin.clone() });
    let layer = origin.map_or(crate::source::Layer::Entity, |origin| origin.layer);
    Node::empty_table(layer)
}

#[derive(Default)]
struct Writer {
    /// What the instances gave, by noun and key.
    made: BTreeMap<String, BTreeMap<String, Node>>,
    problems: Vec<Diagnostic>,
}

/// What `{{ instance.… }}` stands for.
struct Values<'a> {
    instance: &'a str,
    values: BTreeMap<String, Node>,
}

impl Writer {
    fn instance(&mut self, shapes: &BTreeMap<String, Node>, name: &str, instance: &Node) {
        let path = KeyPath::of(["instances", name]);
        let Some(named) = instance.get("shape") else {
            let problem = Diagnostic::new(&MISSING_KEY, format!("`{path}` lacks `shape`"));
            self.problems
                .push(problem.at(instance.place(), "").hint("add `shape = \"…\"`, a key of `[shapes]`"));
            return;
        };
        let key = named.as_str().unwrap_or_default();
        let Some(shape) = shapes.get(key) else {
            let known: Vec<String> = shapes.keys().cloned().collect();
            let near = did_you_mean(key, known.iter().map(String::as_str));
            let hint = near.map_or_else(
                || {
                    if known.is_empty() {
                        format!("declare it as `[shapes.{key}]`")
                    } else {
                        format!("there is {}", listed(&known))
                    }
                },
                |near| format!("did you mean `{near}`?"),
            );
            let problem =
                Diagnostic::new(&UNKNOWN_REFERENCE, format!("`{path}.shape`: there is no shape `{key}`"));
            self.problems.push(problem.at(named.origin.span, "").hint(hint));
            return;
        };
        let Some(values) = self.values(&path, shape, (name, instance)) else { return };
        let nouns = shape.as_table().into_iter().flatten().filter(|(noun, _)| *noun != PARAMETERS);
        for (noun, entities) in nouns {
            for (key, entity) in entities.as_table().into_iter().flatten() {
                let at = entity.origin.key;
                let Some(key) = self.text(key, at, &values).map(|(text, _)| text) else { continue };
                let mut node = self.node(entity, &values);
                adopt(noun, &mut node, instance);
                self.add(noun, key, node);
            }
        }
    }

    /// The value of each parameter: the instance's, or the default. `None` where one has neither.
    fn values<'a>(
        &mut self,
        path: &KeyPath,
        shape: &Node,
        (name, instance): (&'a str, &Node),
    ) -> Option<Values<'a>> {
        let parameters = shape.get(PARAMETERS).and_then(Node::as_table);
        let given = instance.get("with").and_then(Node::as_table);
        let mut values = BTreeMap::new();
        let mut complete = true;
        for (key, parameter) in parameters.into_iter().flatten() {
            if let Some(value) = given.and_then(|given| given.get(key)).or_else(|| parameter.get("default")) {
                values.insert(key.replace('-', "_"), value.clone());
            } else {
                let message = format!("`{path}` says nothing of `{key}`, which its shape needs");
                let problem = Diagnostic::new(&MISSING_KEY, message).at(instance.place(), "");
                let problem = problem.at(parameter.origin.key, "it has no default");
                self.problems.push(problem.hint(format!("add `with.{key} = \"…\"`")));
                complete = false;
            }
        }
        for (key, value) in given.into_iter().flatten() {
            if parameters.is_none_or(|parameters| !parameters.contains_key(key)) {
                let known: Vec<String> =
                    parameters.into_iter().flatten().map(|(key, _)| key.clone()).collect();
                let near = did_you_mean(key, known.iter().map(String::as_str));
                let hint = near.map_or_else(
                    || format!("it has {}", listed(&known)),
                    |near| format!("did you mean `{near}`?"),
                );
                let problem =
                    Diagnostic::new(&UNKNOWN_KEY, format!("the shape of `{path}` has no parameter `{key}`"));
                self.problems.push(problem.at(value.origin.key, "").hint(hint));
            }
        }
        complete.then_some(Values { instance: name, values })
    }

    fn node(&mut self, node: &Node, values: &Values<'_>) -> Node {
        let value = match &node.value {
            NodeValue::String(text) => {
                let Some((text, origin)) = self.text(text, node.origin.span, values) else {
                    return node.clone();
                };
                let own = Node { value: NodeValue::String(text), origin: node.origin.clone() };
                // The place of the value, under the key that the shape has for it.
                return origin.map_or_else(
                    || own.clone(),
                    |origin| Node { origin: Origin { key: node.origin.key, ..origin }, ..own.clone() },
                );
            }
            NodeValue::Array(items) => {
                NodeValue::Array(items.iter().map(|item| self.node(item, values)).collect())
            }
            NodeValue::Table(fields) => {
                let mut written = BTreeMap::new();
                for (key, field) in fields {
                    let Some((key, _)) = self.text(key, field.origin.key, values) else { continue };
                    written.insert(key, self.node(field, values));
                }
                NodeValue::Table(written)
            }
            plain => plain.clone(),
        };
        Node { value, origin: node.origin.clone() }
    }

    /// A text with its parameters written out, and the origin of the one that it wholly is.
    fn text(
        &mut self,
        text: &str,
        place: Option<Span>,
        values: &Values<'_>,
    ) -> Option<(String, Option<Origin>)> {
        match substitute(text, values) {
            Ok(written) => Some(written),
            Err(unknown) => {
                let known: Vec<String> = values
                    .values
                    .keys()
                    .cloned()
                    .chain(["name".to_owned()])
                    .map(|key| format!("instance.{key}"))
                    .collect();
                let wanted = format!("instance.{unknown}");
                let near = did_you_mean(&wanted, known.iter().map(String::as_str));
                let hint = near.map_or_else(
                    || format!("there is {}", listed(&known)),
                    |near| format!("did you mean `{near}`?"),
                );
                let problem = Diagnostic::new(&UNDEFINED_VARIABLE, format!("`{wanted}` is not defined"));
                let problem = problem.at(place, "").hint(hint);
                // Each instance of the shape meets the same mistake.
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
                None
            }
        }
    }

    fn add(&mut self, noun: &str, key: String, node: Node) {
        let entities = self.made.entry(noun.to_owned()).or_default();
        match entities.get_mut(&key) {
            None => drop(entities.insert(key, node)),
            Some(own) => {
                differing(own, &node, &KeyPath::of([noun, &key]), &mut self.problems);
                own.overlay(&node);
            }
        }
    }
}

/// An entity of an instance belongs to the instance's group, unless the shape says otherwise.
fn adopt(noun: &str, node: &mut Node, instance: &Node) {
    let Some(group) = instance.get("group").filter(|_| GROUPED.contains(&noun)) else { return };
    if let Some(fields) = node.as_table_mut() {
        fields.entry("group".to_owned()).or_insert_with(|| group.clone());
    }
}

/// Reports each value that two instances give one entity differently.
fn differing(one: &Node, other: &Node, path: &KeyPath, problems: &mut Vec<Diagnostic>) {
    match (&one.value, &other.value) {
        (NodeValue::Table(fields), NodeValue::Table(others)) => {
            for (key, other) in others {
                if let Some(one) = fields.get(key) {
                    differing(one, other, &path.key(key), problems);
                }
            }
        }
        _ if one.to_json() == other.to_json() => {}
        _ => {
            let message = format!("two instances give `{path}` different values");
            let problem = Diagnostic::new(&DEFINED_TWICE, message).at(other.origin.span, "");
            let problem =
                problem.at(one.origin.span.filter(|span| Some(*span) != other.origin.span), "and here");
            problems.push(problem.hint("use `{{ instance.name }}` in the key, so that each has its own"));
        }
    }
}

/// `text` with what it says of the instance written out: `{{ instance.x }}` as the value itself, and `instance.x` within a
/// larger expression as a literal. The origin is that of the value that the text is nothing else but.
///
/// # Errors
/// The name of a parameter that there is not.
fn substitute(text: &str, values: &Values<'_>) -> Result<(String, Option<Origin>), String> {
    if !text.contains("instance") {
        return Ok((text.to_owned(), None));
    }
    let mut written = String::new();
    let mut origin = None;
    let mut rest = text;
    while let Some((before, inside, close, after)) = expression(rest) {
        written.push_str(before);
        let open = if close == "}}" { "{{" } else { "{%" };
        if let Some(name) =
            inside.trim().strip_prefix("instance.").filter(|name| is_name(name) && close == "}}")
        {
            let (value, place) = values.of(name)?;
            written.push_str(&value);
            origin = place.filter(|_| before.is_empty() && after.is_empty() && written == value);
        } else {
            written.push_str(open);
            written.push_str(&with_literals(inside, values)?);
            written.push_str(close);
        }
        rest = after;
    }
    written.push_str(rest);
    Ok((written, origin))
}

/// The next expression of a text: what stands before it, within it, what closes it, and what comes after.
fn expression(text: &str) -> Option<(&str, &str, &'static str, &str)> {
    let start = [text.find("{{"), text.find("{%")].into_iter().flatten().min()?;
    let close = if text[start..].starts_with("{{") { "}}" } else { "%}" };
    let (inside, after) = text[start + 2..].split_once(close)?;
    Some((&text[..start], inside, close, after))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The inside of an expression with each `instance.x` as a literal in quotes.
fn with_literals(inside: &str, values: &Values<'_>) -> Result<String, String> {
    let mut written = String::new();
    let mut rest = inside;
    while let Some(at) = rest.find("instance.") {
        let (before, word) = rest.split_at(at);
        written.push_str(before);
        let word = &word["instance.".len()..];
        let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(word.len());
        let (name, after) = word.split_at(end);
        if before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.') {
            written.push_str("instance.");
            written.push_str(name);
        } else {
            // A JSON string is a literal of the expressions, too.
            written.push_str(&crate::value::Value::from(values.of(name)?.0).to_string());
        }
        rest = after;
    }
    written.push_str(rest);
    Ok(written)
}

impl Values<'_> {
    fn of(&self, name: &str) -> Result<(String, Option<Origin>), String> {
        if name == "name" {
            return Ok((self.instance.to_owned(), None));
        }
        let node = self.values.get(name).ok_or_else(|| name.to_owned())?;
        let text = node.as_str().map_or_else(|| node.to_json().to_string(), str::to_owned);
        Ok((text, Some(node.origin.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Layer;
    use crate::value::{Value, json};

    fn written(document: &Value) -> (Value, Vec<String>) {
        let mut document = Node::from_json(document, &Layer::Entity);
        let problems = document.as_table_mut().map(write_out).unwrap_or_default();
        (document.to_json(), problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn a_shape_is_written_out_for_each_instance_below_what_the_platform_says() {
        let (document, problems) = written(&json!({
            "shapes": {"site": {
                "parameters": {"host": {}, "size": {"default": "5Gi"}},
                "databases": {"db": {"schemas": {"{{ instance.name }}": {"user": "u-{{ instance.name }}"}}}},
                "workloads": {"{{ instance.name }}": {
                    "storage": {"size": "{{ instance.size }}"},
                    "env": {"HOST": {"value": "{{ instance.host | upper }}"}, "X": {"value": "{{ vars.x }}"}},
                }},
            }},
            "instances": {
                "blog": {"shape": "site", "group": "g", "with": {"host": "b.example"}},
                "shop": {"shape": "site", "with": {"host": "s.example", "size": "9Gi"}},
                "off": {"enabled": false, "shape": "nothing"},
            },
            "databases": {"db": {"engine": "mariadb"}},
            "workloads": {"shop": {"replicas": 2}},
        }));
        assert_eq!(problems, Vec::<String>::new());
        let site = |size: &str, host: &str| {
            json!({
                "storage": {"size": size},
                "env": {"HOST": {"value": format!("{{{{ \"{host}\" | upper }}}}")}, "X": {"value": "{{ vars.x }}"}},
            })
        };
        let mut blog = site("5Gi", "b.example");
        blog["group"] = json!("g");
        let mut shop = site("9Gi", "s.example");
        shop["replicas"] = json!(2);
        let schemas = json!({"blog": {"user": "u-blog"}, "shop": {"user": "u-shop"}});
        assert_eq!(
            document,
            json!({
                "databases": {"db": {"engine": "mariadb", "group": "g", "schemas": schemas}},
                "workloads": {"blog": blog, "shop": shop},
            })
        );
    }

    #[test]
    fn what_is_not_there_is_said_once() {
        let (_, problems) = written(&json!({
            "shapes": {"site": {
                "parameters": {"host": {}},
                "workloads": {"web": {"image": "{{ instance.hots }}", "name": "{{ instance.name }}"}},
            }},
            "instances": {
                "a": {"shape": "site", "with": {"host": "a", "hosst": "b"}},
                "b": {"shape": "site"},
                "c": {"shape": "sit"},
                "d": {},
            },
        }));
        assert_eq!(
            problems,
            [
                "the shape of `instances.a` has no parameter `hosst`",
                "`instance.hots` is not defined",
                "`instances.b` says nothing of `host`, which its shape needs",
                "`instances.c.shape`: there is no shape `sit`",
                "`instances.d` lacks `shape`",
            ]
        );
    }
}
