//! The evaluation of a tree.
//!
//! Takes variables and a number of steps; gives the value, or says why there is none. Every node costs a step and every
//! text what its length is worth, so an expression of any depth ends.

use std::rc::Rc;

use super::functions;
use super::syntax::{Expr, Fold, FoldKind, Literal, Operator, RESERVED};
use super::value::{Failure, Value};

/// What an evaluation needs.
pub(super) struct Evaluator<'a, 'f> {
    pub variables: Vec<(&'a str, Value<'a>)>,
    pub fuel: &'f mut u64,
}

pub(super) type Outcome<'a> = Result<Value<'a>, Failure>;

impl<'a> Evaluator<'a, '_> {
    /// Takes steps off what is left.
    pub fn spend(&mut self, steps: usize) -> Result<(), Failure> {
        let left = self.fuel.checked_sub(steps as u64);
        *self.fuel = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Failure::TooCostly)
    }

    pub fn value(&mut self, expr: &'a Expr) -> Outcome<'a> {
        self.spend(1)?;
        match expr {
            Expr::Literal(literal) => Ok(literal.value()),
            Expr::Name(name) => self.variable(name),
            Expr::Field { of, name, optional } => {
                let of = self.value(of)?;
                select(&of, name, *optional)
            }
            Expr::Has { of, name } => {
                let of = self.value(of)?;
                let found = present(&of, name)?;
                Ok(Value::Bool(found))
            }
            Expr::Index { of, at, optional } => {
                let (of, at) = (self.value(of)?, self.value(at)?);
                index(&of, &at, *optional)
            }
            Expr::Not(of) => self.value(of).and_then(|it| truth(&it)).map(|it| Value::Bool(!it)),
            Expr::Negative(of) => negative(&self.value(of)?),
            Expr::And(parts) => self.junction(parts, false),
            Expr::Or(parts) => self.junction(parts, true),
            Expr::Choice(parts) => {
                let [condition, yes, no] = parts.as_ref();
                let holds = self.value(condition).and_then(|it| truth(&it))?;
                self.value(if holds { yes } else { no })
            }
            Expr::Binary(operator, sides) => {
                let (left, right) = (self.value(&sides[0])?, self.value(&sides[1])?);
                self.spend(cost(*operator, &left, &right))?;
                functions::operators::apply(*operator, &left, &right)
            }
            Expr::List(items) => self.list(items),
            Expr::Map(entries) => self.map(entries),
            Expr::Matches { of, pattern } => {
                let of = self.value(of)?;
                self.spend(weight(&of))?;
                functions::text::matches(&of, pattern.regex())
            }
            Expr::Call { name, target, arguments } => self.call(name, target.as_deref(), arguments),
            Expr::Fold(fold) => self.fold(fold),
            Expr::Bind { name, value, body } => {
                let value = self.value(value)?;
                self.with(name, value, body)
            }
            Expr::OptionalMap { of, name, body, flat } => match self.value(of)? {
                Value::Optional(None) => Ok(Value::Optional(None)),
                Value::Optional(Some(inner)) => {
                    let made = self.with(name, inner.as_ref().clone(), body)?;
                    Ok(if *flat { made } else { Value::some(made) })
                }
                other => Err(Failure::no_overload("optMap", &[&other])),
            },
        }
    }

    fn with(&mut self, name: &'a str, value: Value<'a>, body: &'a Expr) -> Outcome<'a> {
        self.variables.push((name, value));
        let made = self.value(body);
        self.variables.pop();
        made
    }

    fn variable(&self, name: &str) -> Outcome<'a> {
        let bound = self.variables.iter().rev().find(|(own, _)| *own == name).map(|(_, value)| value.clone());
        let bound = bound.or_else(|| functions::type_named(name).map(Value::Type));
        bound.ok_or_else(|| Failure::Beyond(format!("the name `{name}`")))
    }

    /// `&&` and `||`: what one side decides holds whatever is wrong with the other.
    fn junction(&mut self, parts: &'a [Expr], decides: bool) -> Outcome<'a> {
        let mut failure = None;
        for part in parts {
            match self.value(part).and_then(|it| truth(&it)) {
                Ok(it) if it == decides => return Ok(Value::Bool(decides)),
                Ok(_) => {}
                Err(Failure::TooCostly) => return Err(Failure::TooCostly),
                Err(wrong) => {
                    failure.get_or_insert(wrong);
                }
            }
        }
        failure.map_or(Ok(Value::Bool(!decides)), Err)
    }

    fn list(&mut self, items: &'a [(Expr, bool)]) -> Outcome<'a> {
        let mut made = Vec::with_capacity(items.len());
        for (item, optional) in items {
            match (self.value(item)?, optional) {
                (Value::Optional(inner), true) => made.extend(inner.map(|it| it.as_ref().clone())),
                (value, _) => made.push(value),
            }
        }
        Ok(Value::list(made))
    }

    fn map(&mut self, entries: &'a [(Expr, Expr, bool)]) -> Outcome<'a> {
        let mut made: Vec<(Value<'a>, Value<'a>)> = Vec::with_capacity(entries.len());
        for (key, value, optional) in entries {
            let (key, value) = (self.value(key)?, self.value(value)?);
            let value = match (value, optional) {
                (Value::Optional(None), true) => continue,
                (Value::Optional(Some(inner)), true) => inner.as_ref().clone(),
                (value, _) => value,
            };
            self.spend(made.len())?;
            if made.iter().any(|(own, _)| own.equals(&key)) {
                return Err(Failure::Wrong("a map has a key twice".to_owned()));
            }
            made.push((key, value));
        }
        Ok(Value::Map(Rc::new(made)))
    }

    fn call(&mut self, name: &'a str, target: Option<&'a Expr>, arguments: &'a [Expr]) -> Outcome<'a> {
        if let (Some(target), "orValue" | "or", [other]) = (target, name, arguments) {
            return match self.value(target)? {
                Value::Optional(None) => self.value(other),
                Value::Optional(Some(inner)) if name == "orValue" => Ok(inner.as_ref().clone()),
                kept @ Value::Optional(_) => Ok(kept),
                other => Err(Failure::no_overload(name, &[&other])),
            };
        }
        let mut values = Vec::with_capacity(arguments.len() + 1);
        for expr in target.into_iter().chain(arguments) {
            values.push(self.value(expr)?);
        }
        let compares = functions::compares_items(name);
        let total: usize = values.iter().map(if compares { Value::nodes } else { weight }).sum();
        self.spend(total.saturating_mul(if compares { total / 8 + 1 } else { 1 }))?;
        functions::call(name, target.is_some(), &values)
    }

    fn fold(&mut self, fold: &'a Fold) -> Outcome<'a> {
        let over = self.value(&fold.over)?;
        let pairs =
            pairs(&over, fold).ok_or_else(|| Failure::no_overload("all, exists, map or filter", &[&over]))?;
        self.spend(pairs.len())?;
        if fold.kind == FoldKind::Sorted && !over.is_list() {
            return Err(Failure::no_overload("sortBy", &[&over]));
        }
        let before = self.variables.len();
        let mut state = State::default();
        for (first, second) in pairs {
            let item = first.clone();
            self.variables.truncate(before);
            self.variables.push((&fold.first, first));
            if let (Some(name), Some(value)) = (&fold.second, second) {
                self.variables.push((name, value));
            }
            let passes = match &fold.filter {
                Some(filter) => self.value(filter).and_then(|it| truth(&it)),
                None => Ok(true),
            };
            let done = match passes {
                Ok(false) => Ok(false),
                Ok(true) => {
                    let made = self.value(&fold.step);
                    state.take(fold.kind, item, made)
                }
                Err(failure) => Err(failure),
            };
            match done {
                Ok(false) => {}
                Ok(true) => break,
                Err(failure) => {
                    self.variables.truncate(before);
                    return Err(failure);
                }
            }
        }
        self.variables.truncate(before);
        state.finish(fold.kind)
    }
}

/// What a macro has come to so far.
#[derive(Default)]
struct State<'a> {
    decided: bool,
    count: usize,
    failure: Option<Failure>,
    items: Vec<Value<'a>>,
    entries: Vec<(Value<'a>, Value<'a>)>,
}

impl<'a> State<'a> {
    /// Takes the value for one item, and says whether that decides everything.
    fn take(&mut self, kind: FoldKind, item: Value<'a>, made: Outcome<'a>) -> Result<bool, Failure> {
        match kind {
            FoldKind::All | FoldKind::Exists => match made.and_then(|it| truth(&it)) {
                Ok(it) => self.decided = it == (kind == FoldKind::Exists),
                Err(Failure::TooCostly) => return Err(Failure::TooCostly),
                Err(failure) => {
                    self.failure.get_or_insert(failure);
                }
            },
            FoldKind::ExistsOne => self.count += usize::from(truth(&made?)?),
            FoldKind::Filter => {
                if truth(&made?)? {
                    self.items.push(item);
                }
            }
            FoldKind::List => self.items.push(made?),
            FoldKind::Map | FoldKind::Sorted => self.entries.push((item, made?)),
            FoldKind::Entries => {
                let made = made?;
                let entries =
                    made.entries().ok_or_else(|| Failure::no_overload("transformMapEntry", &[&made]))?;
                for (key, value) in entries {
                    if self.entries.iter().any(|(own, _)| own.equals(&key)) {
                        return Err(Failure::Wrong("insert failed: key already exists".to_owned()));
                    }
                    self.entries.push((key, value));
                }
            }
        }
        Ok(self.decided)
    }

    fn finish(self, kind: FoldKind) -> Outcome<'a> {
        match kind {
            FoldKind::All | FoldKind::Exists => match (self.decided, self.failure) {
                (true, _) => Ok(Value::Bool(kind == FoldKind::Exists)),
                (false, Some(failure)) => Err(failure),
                (false, None) => Ok(Value::Bool(kind == FoldKind::All)),
            },
            FoldKind::ExistsOne => Ok(Value::Bool(self.count == 1)),
            FoldKind::Filter | FoldKind::List => Ok(Value::list(self.items)),
            FoldKind::Map | FoldKind::Entries => Ok(Value::Map(Rc::new(self.entries))),
            FoldKind::Sorted => sorted(self.entries),
        }
    }
}

/// Items in the order of their keys.
fn sorted<'a>(mut entries: Vec<(Value<'a>, Value<'a>)>) -> Outcome<'a> {
    if let Some((_, first)) = entries.first()
        && let Some((_, odd)) = entries.iter().find(|(_, key)| key.order(first).is_none())
    {
        return Err(Failure::no_overload("sortBy", &[first, odd]));
    }
    entries.sort_by(|(_, a), (_, b)| a.order(b).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Value::list(entries.into_iter().map(|(item, _)| item).collect()))
}

/// What the variables of a macro are, for each item.
fn pairs<'a>(over: &Value<'a>, fold: &Fold) -> Option<Vec<(Value<'a>, Option<Value<'a>>)>> {
    let two = fold.second.is_some();
    if let Some(items) = over.items() {
        let index = |at: usize| Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
        let pair = |(at, item)| if two { (index(at), Some(item)) } else { (item, None) };
        return Some(items.into_iter().enumerate().map(pair).collect());
    }
    let entries = over.entries()?;
    Some(entries.into_iter().map(|(key, value)| (key, two.then_some(value))).collect())
}

/// What a value costs to look at: the length of a text, in tens.
fn weight(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len() / 10,
        _ => value.size().unwrap_or(0),
    }
}

/// What an operator costs: comparing wholes goes through all of the smaller one, or of the list that is searched.
fn cost(operator: Operator, left: &Value<'_>, right: &Value<'_>) -> usize {
    match operator {
        Operator::Equal | Operator::Unequal => left.nodes().min(right.nodes()),
        Operator::In if right.is_list() => right.nodes(),
        Operator::Add => weight(left) + weight(right),
        _ => 0,
    }
}

pub(super) fn truth(value: &Value<'_>) -> Result<bool, Failure> {
    match value {
        Value::Bool(it) => Ok(*it),
        other => Err(Failure::no_overload("a condition", &[other])),
    }
}

fn negative<'a>(value: &Value<'a>) -> Outcome<'a> {
    match value {
        Value::Int(it) => {
            it.checked_neg().map(Value::Int).ok_or_else(|| Failure::Wrong("integer overflow".to_owned()))
        }
        Value::Double(it) => Ok(Value::Double(-it)),
        Value::Duration(it) => Ok(Value::Duration(-it)),
        other => Err(Failure::no_overload("-", &[other])),
    }
}

fn select<'a>(of: &Value<'a>, name: &str, optional: bool) -> Outcome<'a> {
    if let Value::Optional(inner) = of {
        let Some(inner) = inner else { return Ok(Value::Optional(None)) };
        return Ok(Value::Optional(field(inner, name)?.map(Rc::new)));
    }
    match (field(of, name)?, optional) {
        (Some(value), false) => Ok(value),
        (value, true) => Ok(Value::Optional(value.map(Rc::new))),
        (None, false) => Err(Failure::Wrong(format!("no such key: {name}"))),
    }
}

fn present(of: &Value<'_>, name: &str) -> Result<bool, Failure> {
    match of {
        Value::Optional(None) => Ok(false),
        Value::Optional(Some(inner)) => present(inner, name),
        _ => Ok(field(of, name)?.is_some()),
    }
}

/// The field of an object or the value of a map.
fn field<'a>(of: &Value<'a>, name: &str) -> Result<Option<Value<'a>>, Failure> {
    if !matches!(of, Value::Map(_) | Value::Json(_)) || of.is_list() {
        return Err(Failure::no_overload(&format!(".{name}"), &[of]));
    }
    let found = of.entry(&Value::text(name.to_owned()));
    Ok(found.or_else(|| unescaped(name).and_then(|name| of.entry(&Value::text(name)))))
}

/// The name of a field that is no identifier: `__dot__` and its like, and reserved words between `__`.
///
/// <https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules>
fn unescaped(name: &str) -> Option<String> {
    if !name.contains("__") {
        return None;
    }
    if let Some(word) = name.strip_prefix("__").and_then(|it| it.strip_suffix("__"))
        && RESERVED.contains(&word)
    {
        return Some(word.to_owned());
    }
    let parts = [("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/")];
    let (mut text, mut rest) = (String::new(), name);
    while let Some(at) = rest.find("__") {
        text.push_str(&rest[..at]);
        let (from, to) = parts.iter().find(|(from, _)| rest[at..].starts_with(from))?;
        text.push_str(to);
        rest = &rest[at + from.len()..];
    }
    text.push_str(rest);
    Some(text)
}

fn index<'a>(of: &Value<'a>, at: &Value<'a>, optional: bool) -> Outcome<'a> {
    if let Value::Optional(inner) = of {
        return match inner {
            Some(inner) => Ok(Value::Optional(entry(inner, at)?.map(Rc::new))),
            None => Ok(Value::Optional(None)),
        };
    }
    match (entry(of, at)?, optional) {
        (Some(value), false) => Ok(value),
        (value, true) => Ok(Value::Optional(value.map(Rc::new))),
        (None, false) if of.is_list() => Err(Failure::Wrong("index out of bounds".to_owned())),
        (None, false) => Err(Failure::Wrong("no such key".to_owned())),
    }
}

fn entry<'a>(of: &Value<'a>, at: &Value<'a>) -> Result<Option<Value<'a>>, Failure> {
    if of.is_list() {
        let Value::Int(at) = at else { return Err(Failure::no_overload("[]", &[of, at])) };
        return Ok(usize::try_from(*at).ok().and_then(|at| of.item(at)));
    }
    match of {
        Value::Map(_) | Value::Json(_) => Ok(of.entry(at)),
        _ => Err(Failure::no_overload("[]", &[of, at])),
    }
}

impl Literal {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(it) => Value::Bool(*it),
            Self::Int(it) => Value::Int(*it),
            Self::Uint(it) => Value::Uint(*it),
            Self::Double(it) => Value::Double(*it),
            Self::Text(it) => Value::text(it.as_str()),
            Self::Bytes(it) => Value::Bytes(it.as_slice().into()),
        }
    }
}

impl Operator {
    /// The sign, for messages.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}
