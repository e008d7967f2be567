//! Kubernetes' quantities: `quantity('500Mi').isLessThan(quantity('1Gi'))`.

use super::{truth, wrong};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::value::Value;
use crate::check::quantity::Quantity;

pub(super) fn quantity<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    match Quantity::parse(text) {
        Some(quantity) => Some(Ok(Value::Quantity(quantity))),
        None => wrong(format!("`{text}` is no quantity")),
    }
}

pub(super) fn is_quantity<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    truth(Quantity::parse(text).is_some())
}

pub(super) fn is_integer<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Quantity(quantity)] = values else { return None };
    truth(quantity.whole().is_some())
}

pub(super) fn as_integer<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Quantity(quantity)] = values else { return None };
    match quantity.whole() {
        Some(whole) => Some(Ok(Value::Int(whole))),
        None => wrong("cannot convert value to integer"),
    }
}

pub(super) fn as_double<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Quantity(quantity)] = values else { return None };
    Some(Ok(Value::Double(quantity.approximate())))
}

pub(super) fn sign<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Quantity(quantity)] = values else { return None };
    Some(Ok(Value::Int(quantity.cmp(&Quantity::ZERO) as i64)))
}

pub(super) fn add<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    combine(values, 1)
}

pub(super) fn sub<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    combine(values, -1)
}

fn combine<'a>(values: &[Value<'a>], sign: i64) -> Option<Outcome<'a>> {
    let other = match values {
        [Value::Quantity(_), Value::Quantity(other)] => *other,
        [Value::Quantity(_), Value::Int(other)] => Quantity::ONE.times(*other),
        _ => return None,
    };
    let [Value::Quantity(quantity), _] = values else { return None };
    Some(Ok(Value::Quantity([*quantity, other.times(sign)].into_iter().sum())))
}
