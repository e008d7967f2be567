//! Functions of lists, sets and optional values.

use std::rc::Rc;

use super::{count, truth, wrong};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::functions::operators;
use crate::check::cel::syntax::Operator;
use crate::check::cel::value::Value;

fn items<'a>(values: &[Value<'a>]) -> Option<Vec<Value<'a>>> {
    let [list] = values else { return None };
    list.items()
}

pub(super) fn is_sorted<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let items = items(values)?;
    let mut sorted = true;
    for pair in items.windows(2) {
        sorted &= pair[0].order(&pair[1])?.is_le();
    }
    truth(sorted)
}

pub(super) fn sum<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let mut items = items(values)?.into_iter();
    let Some(first) = items.next() else { return Some(Ok(Value::Int(0))) };
    Some(items.try_fold(first, |sum, item| operators::apply(Operator::Add, &sum, &item)))
}

pub(super) fn min<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    extreme(values, std::cmp::Ordering::Less)
}

pub(super) fn max<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    extreme(values, std::cmp::Ordering::Greater)
}

fn extreme<'a>(values: &[Value<'a>], wanted: std::cmp::Ordering) -> Option<Outcome<'a>> {
    let mut items = items(values)?.into_iter();
    let Some(mut best) = items.next() else { return wrong("min and max of an empty list") };
    for item in items {
        if item.order(&best)? == wanted {
            best = item;
        }
    }
    Some(Ok(best))
}

pub(super) fn index_of<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [list, wanted] = values else { return None };
    let at = list.items()?.iter().position(|item| item.equals(wanted));
    at.map_or(Some(Ok(Value::Int(-1))), count)
}

pub(super) fn last_index_of<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [list, wanted] = values else { return None };
    let at = list.items()?.iter().rposition(|item| item.equals(wanted));
    at.map_or(Some(Ok(Value::Int(-1))), count)
}

pub(super) fn slice<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [list, Value::Int(from), Value::Int(to)] = values else { return None };
    let items = list.items()?;
    match (usize::try_from(*from), usize::try_from(*to)) {
        (Ok(from), Ok(to)) if from <= to && to <= items.len() => {
            Some(Ok(Value::list(items[from..to].to_vec())))
        }
        _ => wrong(format!("cannot slice({from}, {to}) a list of {}", items.len())),
    }
}

pub(super) fn flatten<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let items = items(values)?;
    let flat = items.into_iter().flat_map(|item| item.items().unwrap_or_else(|| vec![item]));
    Some(Ok(Value::list(flat.collect())))
}

pub(super) fn distinct<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let mut kept: Vec<Value<'a>> = Vec::new();
    for item in items(values)? {
        if !kept.iter().any(|own| own.equals(&item)) {
            kept.push(item);
        }
    }
    Some(Ok(Value::list(kept)))
}

pub(super) fn sort<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let mut items = items(values)?;
    if let Some(first) = items.first()
        && items.iter().any(|item| item.order(first).is_none())
    {
        return None;
    }
    items.sort_by(|a, b| a.order(b).unwrap_or(std::cmp::Ordering::Equal));
    Some(Ok(Value::list(items)))
}

pub(super) fn sets_contains<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [list, wanted] = values else { return None };
    truth(holds_all(&list.items()?, &wanted.items()?))
}

pub(super) fn sets_equivalent<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [a, b] = values else { return None };
    let (a, b) = (a.items()?, b.items()?);
    truth(holds_all(&a, &b) && holds_all(&b, &a))
}

pub(super) fn sets_intersect<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [a, b] = values else { return None };
    let (a, b) = (a.items()?, b.items()?);
    truth(a.iter().any(|item| b.iter().any(|other| other.equals(item))))
}

fn holds_all(list: &[Value<'_>], wanted: &[Value<'_>]) -> bool {
    wanted.iter().all(|item| list.iter().any(|own| own.equals(item)))
}

pub(super) fn none<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    values.is_empty().then_some(Ok(Value::Optional(None)))
}

pub(super) fn some<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [value] = values else { return None };
    Some(Ok(Value::some(value.clone())))
}

pub(super) fn some_unless_zero<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [value] = values else { return None };
    let is_zero = match value {
        Value::Null | Value::Bool(false) | Value::Int(0) | Value::Uint(0) => true,
        Value::Double(it) => *it == 0.0,
        other => other.size() == Some(0),
    };
    Some(Ok(Value::Optional((!is_zero).then(|| Rc::new(value.clone())))))
}

pub(super) fn has_value<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Optional(inner)] = values else { return None };
    truth(inner.is_some())
}

pub(super) fn value<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [Value::Optional(Some(inner))] => Some(Ok(inner.as_ref().clone())),
        [Value::Optional(None)] => wrong("optional.none() dereference"),
        _ => None,
    }
}
