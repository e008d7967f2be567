//! Functions of lists, sets and optional values.

use std::rc::Rc;

use super::{count, truth, wrong};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::functions::operators;
use crate::check::cel::syntax::Operator;
use crate::check::cel::value::{Failure, Value};

/// The longest list that `lists.range` makes.
const LONGEST: i64 = 100_000;

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

/// `flatten()` takes lists within the list apart, `flatten(2)` also those within them.
pub(super) fn flatten<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let (list, depth) = match values {
        [list] => (list, 1),
        [list, Value::Int(depth)] => (list, *depth),
        _ => return None,
    };
    if depth < 0 {
        return wrong("level must be non-negative");
    }
    let mut items = list.items()?;
    for _ in 0..depth {
        if !items.iter().any(Value::is_list) {
            break;
        }
        items = items.into_iter().flat_map(|item| item.items().unwrap_or_else(|| vec![item])).collect();
    }
    Some(Ok(Value::list(items)))
}

pub(super) fn range<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Int(end)] = values else { return None };
    if *end > LONGEST {
        return Some(Err(Failure::TooCostly));
    }
    Some(Ok(Value::list((0..*end).map(Value::Int).collect())))
}

pub(super) fn first<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [list] = values else { return None };
    list.is_list().then(|| Ok(Value::Optional(list.item(0).map(Rc::new))))
}

pub(super) fn last<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    Some(Ok(Value::Optional(items(values)?.pop().map(Rc::new))))
}

/// What is there of optional values.
pub(super) fn unwrap<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let mut kept = Vec::new();
    for item in items(values)? {
        let Value::Optional(inner) = item else { return None };
        kept.extend(inner.map(|it| it.as_ref().clone()));
    }
    Some(Ok(Value::list(kept)))
}

pub(super) fn includes<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [list, wanted] = values else { return None };
    truth(list.items()?.iter().any(|item| item.equals(wanted)))
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
