//! The rules of definitions: `x-kubernetes-validations`, and the defaults that the API server sets before it asks them.
//!
//! A rule is compiled once, with the schema. Rules that compare with the old object concern changes and are passed over,
//! unless they say that there may be none. What a rule uses beyond what is known here is told apart from what it refuses.

use super::definition::{Format, ListKind, Schema, Types};
use super::walker::{Violation, ViolationKind};
use crate::check::cel::{Expression, Failure, Listed, Scalar, Shape, Value as Cel};
use crate::source::{KeyPath, Segment};
use crate::value::{Map, Value};

/// The steps that the rules of one object may take together. The API server counts otherwise; this is about a tenth of a
/// second at most.
const FUEL: u64 = 1_000_000;

/// One rule of a definition.
#[derive(Debug)]
pub(super) struct Validation {
    text: String,
    compiled: Result<Expression, String>,
    message: Option<String>,
    message_expression: Option<Expression>,
    field: KeyPath,
    old: Old,
}

/// What a rule has to do with the object as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Old {
    /// Nothing.
    Unasked,
    /// There has to be one.
    Needed,
    /// There may be one.
    Optional,
}

impl Validation {
    /// The rules that a schema bears.
    pub fn read_all(fields: &Map) -> Vec<Self> {
        let list = fields.get("x-kubernetes-validations").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Self::read).collect()
    }

    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let rule = text("rule")?.trim().to_owned();
        let parsed = Expression::parse(&rule).map_err(|flaw| format!("it cannot be read: {}", flaw.why));
        let compiled = parsed.and_then(|it| match it.beyond() {
            Some(beyond) => Err(format!("it uses {beyond}, which is not known here")),
            None => Ok(it),
        });
        let asks = compiled.as_ref().is_ok_and(|it| it.names("oldSelf"));
        let optional = value.get("optionalOldSelf").and_then(Value::as_bool).unwrap_or(false);
        let old = match (asks, optional) {
            (false, _) => Old::Unasked,
            (true, true) => Old::Optional,
            (true, false) => Old::Needed,
        };
        Some(Self {
            text: rule,
            compiled,
            message: text("message").map(|it| it.trim().to_owned()),
            message_expression: text("messageExpression").and_then(|it| Expression::parse(it).ok()),
            field: text("fieldPath").map(field_path).unwrap_or_default(),
            old,
        })
    }
}

/// The path that `.spec.items['a']` names.
fn field_path(text: &str) -> KeyPath {
    let mut path = KeyPath::default();
    for part in text.replace("['", ".").replace("']", "").split('.').filter(|it| !it.is_empty()) {
        path = path.key(part);
    }
    path
}

/// A rule that cannot be judged here: where it stands in the object, its text, and why.
#[derive(Debug, Clone)]
pub(crate) struct Unjudged {
    pub path: String,
    pub rule: String,
    pub why: String,
}

/// The rules of a schema that cannot be judged here.
pub(super) fn unjudged(schema: &Schema) -> Vec<Unjudged> {
    let mut found = Vec::new();
    gather(schema, &mut String::new(), &mut found);
    found
}

fn gather(schema: &Schema, path: &mut String, found: &mut Vec<Unjudged>) {
    if !schema.rules_below {
        return;
    }
    for rule in &schema.validations {
        if let Err(why) = &rule.compiled {
            found.push(Unjudged { path: path.clone(), rule: rule.text.clone(), why: why.clone() });
        }
    }
    let parts = schema.properties.iter().map(|(name, part)| (format!(".{name}"), part));
    let items = schema.items.as_deref().map(|part| ("[]".to_owned(), part));
    let each = schema.each().map(|part| ("[*]".to_owned(), part));
    for (step, part) in parts.chain(items).chain(each) {
        let length = path.len();
        path.push_str(&step);
        gather(part, path, found);
        path.truncate(length);
    }
}

/// What the rules of a schema find in a value.
pub(super) fn check(schema: &Schema, value: &Value) -> Vec<Violation> {
    let mut walk = Walk { path: Vec::new(), fuel: FUEL, found: Vec::new() };
    walk.value(schema, value);
    walk.found
}

struct Walk<'a> {
    path: Vec<Step<'a>>,
    fuel: u64,
    found: Vec<Violation>,
}

enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Walk<'a> {
    fn value(&mut self, schema: &'a Schema, value: &'a Value) {
        if !schema.rules_below || value.is_null() {
            return;
        }
        for rule in &schema.validations {
            self.rule(schema, rule, value);
        }
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    if let Some(part) = schema.properties.get(name.as_str()).or(schema.each()) {
                        self.at(Step::Key(name), part, value);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let Some(part) = schema.items.as_deref() {
                        self.at(Step::Index(index), part, item);
                    }
                }
            }
            _ => {}
        }
    }

    fn at(&mut self, step: Step<'a>, schema: &'a Schema, value: &'a Value) {
        self.path.push(step);
        self.value(schema, value);
        self.path.pop();
    }

    fn rule(&mut self, schema: &'a Schema, rule: &'a Validation, value: &'a Value) {
        let Ok(expression) = &rule.compiled else { return };
        if rule.old == Old::Needed {
            return;
        }
        let variables =
            || [("self", Cel::of(value, Some(schema as &dyn Shape))), ("oldSelf", Cel::Optional(None))];
        match expression.evaluate(variables(), &mut self.fuel) {
            Ok(Cel::Bool(true)) => {}
            Ok(Cel::Bool(false)) => {
                let made = rule.message_expression.as_ref().and_then(|it| {
                    match it.evaluate(variables(), &mut self.fuel) {
                        Ok(Cel::Text(text)) if !text.trim().is_empty() => Some(text.into_owned()),
                        _ => None,
                    }
                });
                let message = made.or_else(|| rule.message.clone());
                let said = message.unwrap_or_else(|| format!("`{}` does not hold", rule.text));
                self.report(rule, ViolationKind::Rule, format!("breaks a rule of its definition: {said}"));
            }
            Ok(_) => self.unjudged(rule, "it gives no truth"),
            Err(Failure::Wrong(why)) => {
                let message = format!("breaks a rule of its definition: `{}` fails, {why}", rule.text);
                self.report(rule, ViolationKind::Rule, message);
            }
            Err(Failure::Beyond(what)) => {
                self.unjudged(rule, &format!("it uses {what}, which is not known here"));
            }
            Err(Failure::TooCostly) => self.unjudged(rule, "it takes too many steps"),
        }
    }

    fn unjudged(&mut self, rule: &Validation, why: &str) {
        let message = format!("was not judged by `{}`: {why}", rule.text);
        self.report(rule, ViolationKind::RuleUnjudged, message);
    }

    fn report(&mut self, rule: &Validation, kind: ViolationKind, message: String) {
        let own = self.path.iter().map(|step| match step {
            Step::Key(key) => Segment::Key((*key).to_owned()),
            Step::Index(index) => Segment::Index(*index),
        });
        let path = own.chain(rule.field.segments().iter().cloned()).collect();
        self.found.push(Violation { path, kind, message, hint: None });
    }
}

impl Shape for Schema {
    fn field(&self, name: &str) -> Option<&dyn Shape> {
        self.properties.get(name).or(self.each()).map(|it| it as &dyn Shape)
    }

    fn item(&self) -> Option<&dyn Shape> {
        self.items.as_deref().map(|it| it as &dyn Shape)
    }

    fn listed(&self) -> Listed<'_> {
        match &self.extensions.list {
            ListKind::Atomic => Listed::Plain,
            ListKind::Set => Listed::Set,
            ListKind::Map(keys) => Listed::Keyed(keys),
        }
    }

    fn scalar(&self) -> Scalar {
        match self.format {
            _ if self.types == Types::NUMBER => Scalar::Double,
            Format::DateTime | Format::Date => Scalar::Time,
            Format::Duration => Scalar::Duration,
            Format::Byte => Scalar::Bytes,
            _ => Scalar::Plain,
        }
    }
}

/// Sets what the schema says of fields that are not there, as the API server does before it validates.
pub(super) fn apply_defaults(schema: &Schema, value: &mut Value) {
    if !schema.defaults_below {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, part) in &schema.properties {
                if let Some(default) = part.default.as_ref().filter(|_| !fields.contains_key(name)) {
                    fields.insert(name.clone(), default.as_ref().clone());
                }
            }
            for (name, value) in fields.iter_mut() {
                if let Some(part) = schema.properties.get(name.as_str()).or(schema.each()) {
                    apply_defaults(part, value);
                }
            }
        }
        Value::Array(items) => {
            if let Some(part) = &schema.items {
                items.iter_mut().for_each(|item| apply_defaults(part, item));
            }
        }
        _ => {}
    }
}
