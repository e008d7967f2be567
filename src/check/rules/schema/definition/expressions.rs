//! The rules of a definition are expressions whose types fit the schema.
//!
//! After `ValidateCustomResourceDefinitionOpenAPISchema` and `pkg/apiserver/schema/cel/compilation.go` of
//! k8s.io/apiextensions-apiserver. It is asked only where the schema itself is sound, as there.

use super::declared::{Place, declared, place_of};
use super::extent::{extent, multiplies, times};
use crate::check::cel::{Expression, Extent, Type};
use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::names::KubernetesVersion;
use crate::source::KeyPath;
use crate::value::Value;

pub(in crate::check::rules::schema) fn check(
    version: KubernetesVersion,
    schema: &Value,
    at: &KeyPath,
    flaws: &mut Flaws,
) {
    let minor = version.as_str().rsplit('.').next().and_then(|minor| minor.parse().ok()).unwrap_or(u32::MAX);
    let mut walk = Walk { minor, total: 0, flaws };
    walk.level(schema, at, Above { place: Place::Root, related: Related::Yes, times: Some(1) });
    if walk.total > MOST_TOGETHER {
        let message = "the rules together may cost more than the API server grants a definition; give lists, maps and texts the most that they may hold";
        flaws.push((at.clone(), message.to_owned()));
    }
}

/// What one rule may cost, and all rules of a version together, in the units of the API server.
const MOST: u64 = 10_000_000;
const MOST_TOGETHER: u64 = 100_000_000;

/// Whether a value can be told to be the same as one of the old object: not within lists that have no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Related {
    Yes,
    No,
}

/// What lies above a schema.
#[derive(Debug, Clone, Copy)]
struct Above {
    place: Place,
    related: Related,
    /// How often a value of the schema can be there; `None` where no schema above says so.
    times: Option<u64>,
}

struct Walk<'w> {
    minor: u32,
    /// What the rules cost that were looked at so far.
    total: u64,
    flaws: &'w mut Flaws,
}

/// One rule, and where it stands.
struct Asked<'r> {
    rule: &'r Value,
    at: KeyPath,
    types: &'r Type,
    extent: &'r Extent,
    related: Related,
    /// How often it may be asked.
    times: u64,
}

impl Walk<'_> {
    fn add(&mut self, at: KeyPath, message: impl Into<String>) {
        self.flaws.push((at, message.into()));
    }

    fn level(&mut self, schema: &Value, at: &KeyPath, above: Above) {
        if !schema.is_object() {
            return;
        }
        self.rules(schema, at, above);
        let times = above.times.zip(multiplies(schema)).map(|(a, b)| a.saturating_mul(b));
        let below = |part: &Value, related| Above { place: place_of(part), related, times };
        for (name, part) in schema.entries("properties") {
            self.level(part, &at.key("properties").key(name), below(part, above.related));
        }
        if let Some(items) = schema.child("items") {
            let keyed = schema.text("x-kubernetes-list-type") == Some("map");
            let related = if keyed { above.related } else { Related::No };
            self.level(items, &at.key("items"), below(items, related));
        }
        if let Some(each) = schema.child("additionalProperties") {
            self.level(each, &at.key("additionalProperties"), below(each, above.related));
        }
    }

    fn rules(&mut self, schema: &Value, at: &KeyPath, above: Above) {
        let rules = schema.items("x-kubernetes-validations");
        if rules.is_empty() {
            return;
        }
        let at = at.key("x-kubernetes-validations");
        let declared = declared(schema, above.place).zip(extent(schema, above.place));
        let Some((types, extent)) = declared else {
            self.add(at, "rules cannot see what has no type; give one to it and to its items");
            return;
        };
        let times = above.times.unwrap_or_else(|| times(&extent));
        for (index, rule) in rules.iter().enumerate() {
            let (at, types, extent) = (at.index(index), &types, &extent);
            self.rule(&Asked { rule, at, types, extent, related: above.related, times });
        }
    }

    fn rule(&mut self, asked: &Asked<'_>) {
        let Some(text) = asked.rule.text("rule").filter(|text| !text.trim().is_empty()) else { return };
        let Some(asks_old) = self.expression(asked, "rule", text, &Type::Bool) else { return };
        if asks_old && asked.related == Related::No {
            let message = "`oldSelf` cannot be asked within a list whose items have no keys";
            self.add(asked.at.key("rule"), message);
        }
        if !asks_old && asked.rule.child("optionalOldSelf").is_some() {
            let message = "`optionalOldSelf` says nothing where the rule does not ask `oldSelf`";
            self.add(asked.at.key("optionalOldSelf"), message);
        }
        if let Some(text) = asked.rule.text("messageExpression").filter(|text| !text.is_empty()) {
            self.expression(asked, "messageExpression", text, &Type::Text);
        }
    }

    /// Whether an expression asks for the old object; `None` where something is wrong with it.
    fn expression(&mut self, asked: &Asked<'_>, key: &str, text: &str, gives: &Type) -> Option<bool> {
        let at = asked.at.key(key);
        let expression = match Expression::parse(text) {
            Ok(expression) => expression,
            Err(flaw) => {
                self.add(at, format!("the expression cannot be read: {}", flaw.why));
                return None;
            }
        };
        let old = asked.types.clone();
        let old = if asked.rule.is_true("optionalOldSelf") { Type::optional(old) } else { old };
        match expression.check(&[("self", asked.types.clone()), ("oldSelf", old)], self.minor) {
            Ok(checked) if checked.gives == *gives => {
                let asks_old = checked.asks.contains("oldSelf");
                self.cost(asked, key, &expression);
                Some(asks_old)
            }
            Ok(checked) => {
                self.add(at, format!("the expression has to give {gives}, and gives {}", checked.gives));
                None
            }
            Err(why) => {
                self.add(at, format!("the expression does not fit the schema: {why}"));
                None
            }
        }
    }

    /// A rule is asked for each value, its message once.
    fn cost(&mut self, asked: &Asked<'_>, key: &str, expression: &Expression) {
        let old = Extent::default();
        let old = if asked.rule.is_true("optionalOldSelf") { &old } else { asked.extent };
        let cost = expression.most_cost(&[("self", asked.extent), ("oldSelf", old)]);
        let cost = if key == "rule" { cost.saturating_mul(asked.times) } else { cost };
        self.total = self.total.saturating_add(cost);
        if cost > MOST {
            let factor = cost / MOST;
            let message = format!(
                "the expression may cost more than {factor} times what the API server grants it; give lists, maps and texts the most that they may hold (maxItems, maxProperties, maxLength)"
            );
            self.add(asked.at.key(key), message);
        }
    }
}
