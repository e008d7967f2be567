//! Value validations: enumerations, patterns, bounds, and the junctors `allOf`, `anyOf`, `oneOf` and `not`.

use super::definition::{Bound, Constraints, Range, Schema};
use super::walker::{Mode, Violation, ViolationKind, Walker};
use crate::value::Value;

pub(super) fn check<'a>(walker: &mut Walker<'a>, constraints: &'a Constraints, value: &'a Value, mode: Mode) {
    for problem in problems(constraints, value) {
        walker.report(ViolationKind::Constraint, problem);
    }
    junctors(walker, constraints, value, mode);
}

fn problems(constraints: &Constraints, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    if !constraints.allowed.is_empty() && !constraints.allowed.contains(value) {
        let allowed: Vec<_> = constraints.allowed.iter().map(Value::to_string).collect();
        problems.push(format!("must be one of {}, and is {value}", allowed.join(", ")));
    }
    match value {
        Value::String(text) => string_problems(constraints, text, &mut problems),
        Value::Number(number) => {
            problems.extend(number.as_f64().and_then(|it| number_problem(constraints, it)));
        }
        Value::Array(items) => {
            problems.extend(count_problem(constraints.items, items.len(), "item"));
            if constraints.unique_items && has_twice(items) {
                problems.push("must not hold an item twice".to_owned());
            }
        }
        Value::Object(fields) => {
            problems.extend(count_problem(constraints.properties, fields.len(), "field"));
        }
        Value::Bool(_) | Value::Null => {}
    }
    problems
}

fn string_problems(constraints: &Constraints, text: &str, problems: &mut Vec<String>) {
    problems.extend(count_problem(constraints.length, text.chars().count(), "character"));
    if let Some(pattern) = &constraints.pattern
        && !pattern.matches(text)
    {
        problems.push(format!("must match `{}`", pattern.text));
    }
}

fn number_problem(constraints: &Constraints, number: f64) -> Option<String> {
    let short = |bound: &Bound| number < bound.value || bound.exclusive && number <= bound.value;
    let beyond = |bound: &Bound| number > bound.value || bound.exclusive && number >= bound.value;
    if let Some(bound) = constraints.minimum.filter(short) {
        let word = if bound.exclusive { "more than" } else { "at least" };
        return Some(format!("must be {word} {}, and is {number}", bound.value));
    }
    if let Some(bound) = constraints.maximum.filter(beyond) {
        let word = if bound.exclusive { "less than" } else { "at most" };
        return Some(format!("must be {word} {}, and is {number}", bound.value));
    }
    let step = constraints.multiple_of.filter(|step| *step > 0.0)?;
    let quotient = number / step;
    ((quotient - quotient.round()).abs() > 1e-9)
        .then(|| format!("must be a multiple of {step}, and is {number}"))
}

fn count_problem(range: Range, count: usize, noun: &str) -> Option<String> {
    let count = count as u64;
    let plural = |limit: u64| if limit == 1 { "" } else { "s" };
    if let Some(least) = range.least.filter(|least| count < *least) {
        return Some(format!("must have at least {least} {noun}{}, and has {count}", plural(least)));
    }
    let most = range.most.filter(|most| count > *most)?;
    Some(format!("must have at most {most} {noun}{}, and has {count}", plural(most)))
}

fn has_twice(items: &[Value]) -> bool {
    let mut texts: Vec<_> = items.iter().map(Value::to_string).collect();
    texts.sort();
    texts.windows(2).any(|pair| pair[0] == pair[1])
}

fn junctors<'a>(walker: &mut Walker<'a>, constraints: &'a Constraints, value: &'a Value, mode: Mode) {
    for schema in &constraints.all_of {
        walker.walk(schema, value, mode);
    }
    if !constraints.any_of.is_empty() {
        any_of(walker, &constraints.any_of, value, mode);
    }
    if !constraints.one_of.is_empty() {
        one_of(walker, &constraints.one_of, value, mode);
    }
    if let Some(schema) = &constraints.not
        && walker.attempt(schema, value, Mode::Restricting).iter().all(is_mere_null)
    {
        walker.report(ViolationKind::Constraint, "is what the schema excludes".to_owned());
    }
}

fn any_of<'a>(walker: &mut Walker<'a>, schemas: &'a [Schema], value: &'a Value, mode: Mode) {
    let attempts: Vec<_> = schemas.iter().map(|schema| walker.attempt(schema, value, mode)).collect();
    if attempts.iter().all(|found| !found.iter().all(is_mere_null)) {
        explain(walker, schemas, value, attempts);
    }
}

fn one_of<'a>(walker: &mut Walker<'a>, schemas: &'a [Schema], value: &'a Value, mode: Mode) {
    let attempts: Vec<_> = schemas.iter().map(|schema| walker.attempt(schema, value, mode)).collect();
    match attempts.iter().filter(|found| found.iter().all(is_mere_null)).count() {
        1 => {}
        0 => explain(walker, schemas, value, attempts),
        fitting => {
            let message = format!("must fit one of {} alternatives, and fits {fitting}", schemas.len());
            walker.report(ViolationKind::Constraint, message);
        }
    }
}

/// Where only one alternative is of the value's type, its mistakes are the ones to tell.
fn explain(walker: &mut Walker<'_>, schemas: &[Schema], value: &Value, attempts: Vec<Vec<Violation>>) {
    let typed = |schema: &Schema| {
        let schema = walker.schemas.resolve(schema);
        !schema.types.is_empty() && schema.types.allow(value)
    };
    let fitting: Vec<_> = schemas.iter().map(typed).collect();
    if fitting.iter().filter(|fits| **fits).count() == 1 {
        let chosen = attempts.into_iter().zip(fitting).find(|(_, fits)| *fits);
        walker.adopt(chosen.map(|(found, _)| found).unwrap_or_default());
    } else {
        let message = format!("must fit one of {} alternatives, and fits none", schemas.len());
        walker.report(ViolationKind::Constraint, message);
    }
}

fn is_mere_null(violation: &Violation) -> bool {
    violation.kind == ViolationKind::Null
}
