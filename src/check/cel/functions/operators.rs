//! Operators with two sides.

use std::cmp::Ordering;

use crate::check::cel::evaluate::Outcome;
use crate::check::cel::listed;
use crate::check::cel::syntax::Operator;
use crate::check::cel::value::{Failure, Listed, Value};

/// Applies an operator.
pub(in crate::check::cel) fn apply<'a>(
    operator: Operator,
    left: &Value<'a>,
    right: &Value<'a>,
) -> Outcome<'a> {
    let ordered = |holds: fn(Ordering) -> bool| {
        let order = left.order(right);
        match (order, left.as_double(), right.as_double()) {
            (Some(order), ..) => Ok(Value::Bool(holds(order))),
            // What is not a number is neither less nor more than anything.
            (None, Some(_), Some(_)) => Ok(Value::Bool(false)),
            _ => Err(Failure::no_overload(operator.sign(), &[left, right])),
        }
    };
    match operator {
        Operator::Equal => Ok(Value::Bool(left.equals(right))),
        Operator::Unequal => Ok(Value::Bool(!left.equals(right))),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::AtMost => ordered(Ordering::is_le),
        Operator::More => ordered(Ordering::is_gt),
        Operator::AtLeast => ordered(Ordering::is_ge),
        Operator::In => contains(left, right),
        _ => arithmetic(operator, left, right),
    }
}

fn contains<'a>(left: &Value<'a>, right: &Value<'a>) -> Outcome<'a> {
    if let Some(items) = right.items() {
        return Ok(Value::Bool(items.iter().any(|item| item.equals(left))));
    }
    match right {
        Value::Map(_) | Value::Json(_) => Ok(Value::Bool(right.entry(left).is_some())),
        _ => Err(Failure::no_overload("in", &[left, right])),
    }
}

fn arithmetic<'a>(operator: Operator, left: &Value<'a>, right: &Value<'a>) -> Outcome<'a> {
    let made = match (left, right) {
        (Value::Int(a), Value::Int(b)) => return whole(operator, *a, *b).map(Value::Int),
        (Value::Uint(a), Value::Uint(b)) => return natural(operator, *a, *b).map(Value::Uint),
        (Value::Double(_), _) | (_, Value::Double(_)) => left
            .as_double()
            .zip(right.as_double())
            .and_then(|(a, b)| double(operator, a, b))
            .map(Value::Double),
        _ => spans(operator, left, right),
    };
    if let Some(made) = made {
        return Ok(made);
    }
    match (operator, left, right) {
        (Operator::Add, Value::Text(a), Value::Text(b)) => Ok(Value::text(format!("{a}{b}"))),
        (Operator::Add, Value::Bytes(a), Value::Bytes(b)) => {
            Ok(Value::Bytes(a.iter().chain(b.iter()).copied().collect::<Vec<u8>>().into()))
        }
        (Operator::Add, ..) => match (left.items(), right.items()) {
            (Some(mut a), Some(b)) => Ok(match left.list_shape() {
                Some(shape) if shape.listed() != Listed::Plain => listed::join(shape, a, b),
                _ => {
                    a.extend(b);
                    Value::list(a)
                }
            }),
            _ => Err(Failure::no_overload("+", &[left, right])),
        },
        _ => Err(Failure::no_overload(operator.sign(), &[left, right])),
    }
}

fn spans<'a>(operator: Operator, left: &Value<'a>, right: &Value<'a>) -> Option<Value<'a>> {
    Some(match (operator, left, right) {
        (Operator::Add, Value::Duration(a), Value::Duration(b)) => Value::Duration(a + b),
        (Operator::Subtract, Value::Duration(a), Value::Duration(b))
        | (Operator::Subtract, Value::Time(a), Value::Time(b)) => Value::Duration(a - b),
        (Operator::Add, Value::Time(a), Value::Duration(b))
        | (Operator::Add, Value::Duration(b), Value::Time(a)) => Value::Time(a + b),
        (Operator::Subtract, Value::Time(a), Value::Duration(b)) => Value::Time(a - b),
        _ => return None,
    })
}

/// Arithmetic on one type of integers, in which nothing wraps round.
macro_rules! arithmetic {
    ($name:ident, $integer:ty, $overflow:literal) => {
        fn $name(operator: Operator, a: $integer, b: $integer) -> Result<$integer, Failure> {
            let made = match operator {
                Operator::Add => a.checked_add(b),
                Operator::Subtract => a.checked_sub(b),
                Operator::Multiply => a.checked_mul(b),
                _ if b == 0 => return Err(by_zero(operator)),
                Operator::Divide => a.checked_div(b),
                _ => a.checked_rem(b),
            };
            made.ok_or_else(|| Failure::Wrong($overflow.to_owned()))
        }
    };
}

arithmetic!(whole, i64, "integer overflow");
arithmetic!(natural, u64, "unsigned integer overflow");

fn by_zero(operator: Operator) -> Failure {
    Failure::Wrong(if operator == Operator::Divide { "divide by zero" } else { "modulus by zero" }.to_owned())
}

fn double(operator: Operator, a: f64, b: f64) -> Option<f64> {
    Some(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        _ => return None,
    })
}
