//! One value against one pattern of Kyverno: wildcards, `|` and `&`, operators and ranges.
//!
//! Source: <https://kyverno.io/docs/policy-types/cluster-policy/validate/#patterns> and `pkg/engine/pattern` of Kyverno, whose
//! order of readings this follows: durations, then quantities, then texts.

use crate::check::duration;
use crate::check::quantity::Quantity;
use crate::source::wildcard::stars_and_marks;
use crate::value::Value;

/// Whether a value fits a pattern that is no map and no list; `None` is a field that is not there.
pub(super) fn fits(value: Option<&Value>, pattern: &Value) -> bool {
    let value = value.unwrap_or(&Value::Null);
    match pattern {
        Value::Bool(_) => value == pattern,
        Value::Number(wanted) => fits_number(value, wanted.as_f64().unwrap_or(f64::NAN)),
        Value::Null => is_nothing(value),
        Value::String(text) => fits_text(value, text),
        Value::Array(_) | Value::Object(_) => false,
    }
}

#[allow(clippy::float_cmp, reason = "Kyverno compares figures as they are written")]
fn fits_number(value: &Value, wanted: f64) -> bool {
    let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
    number == Some(wanted)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(_) | Value::Object(_) => false,
    }
}

fn fits_text(value: &Value, pattern: &str) -> bool {
    if value.as_str() == Some(pattern) {
        return true;
    }
    let all =
        |text: &str| text.split('&').all(|condition| fits_condition(value, condition.trim_matches(' ')));
    pattern.split('|').any(|either| all(either.trim_matches(' ')))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    More,
    Less,
    MoreEqual,
    LessEqual,
}

const OPERATORS: [(&str, Operator); 5] = [
    (">=", Operator::MoreEqual),
    ("<=", Operator::LessEqual),
    (">", Operator::More),
    ("<", Operator::Less),
    ("!", Operator::NotEqual),
];

fn fits_condition(value: &Value, condition: &str) -> bool {
    // A single character is never an operator.
    let operator = OPERATORS.iter().find(|(text, _)| condition.len() > 1 && condition.starts_with(text));
    if let Some((text, operator)) = operator {
        return compare(value, condition[text.len()..].trim(), *operator);
    }
    if let Some((least, most)) = range(condition, "!-") {
        return compare(value, least, Operator::Less) || compare(value, most, Operator::More);
    }
    if let Some((least, most)) = range(condition, "-") {
        return compare(value, least, Operator::MoreEqual) && compare(value, most, Operator::LessEqual);
    }
    compare(value, condition.trim(), Operator::Equal)
}

/// The ends of `1-10` or `10Mi!-20Mi`: figures with a unit of letters at most.
fn range<'p>(condition: &'p str, between: &str) -> Option<(&'p str, &'p str)> {
    let (least, most) = condition.split_once(between)?;
    let is_figure = |text: &str| {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.starts_with(|c: char| c.is_ascii_digit())
    };
    (is_figure(least) && is_figure(most)).then_some((least, most))
}

fn compare(value: &Value, pattern: &str, operator: Operator) -> bool {
    compare_durations(value, pattern, operator).unwrap_or(false)
        || compare_quantities(value, pattern, operator).unwrap_or(false)
        || compare_texts(value, pattern, operator)
}

fn compare_durations(value: &Value, pattern: &str, operator: Operator) -> Option<bool> {
    let (wanted, value) = (duration::parse(pattern)?, duration::parse(value.as_str()?)?);
    Some(holds(value.cmp(&wanted), operator))
}

/// A field that is not there counts as none of it.
fn compare_quantities(value: &Value, pattern: &str, operator: Operator) -> Option<bool> {
    let wanted = Quantity::parse(pattern)?;
    let value = if value.is_null() { Quantity::ZERO } else { Quantity::of(value)? };
    Some(holds(value.cmp(&wanted), operator))
}

fn holds(order: std::cmp::Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::More => order.is_gt(),
        Operator::Less => order.is_lt(),
        Operator::MoreEqual => order.is_ge(),
        Operator::LessEqual => order.is_le(),
    }
}

fn compare_texts(value: &Value, pattern: &str, operator: Operator) -> bool {
    let text = match value {
        Value::String(text) => text.to_string(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return false,
    };
    match operator {
        Operator::Equal => stars_and_marks(pattern, &text),
        Operator::NotEqual => !stars_and_marks(pattern, &text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::value::json;

    use super::*;

    #[test]
    fn values_fit_as_in_the_documentation_of_kyverno() {
        for (value, pattern, fit) in [
            (json!("nginx:1.2"), json!("*:* & !*:latest"), true),
            (json!("nginx:latest"), json!("*:* & !*:latest"), false),
            (json!("nginx"), json!("*:* & !*:latest"), false),
            (json!("a"), json!("?*"), true),
            (json!(""), json!("?*"), false),
            (Value::Null, json!("?*"), false),
            (Value::Null, json!("*"), false),
            (json!(false), json!("false"), true),
            (json!(true), json!("false"), false),
            (json!("100m"), json!("<1"), true),
            (json!("1Gi"), json!("<= 512Mi"), false),
            (json!("2048Mi"), json!("2Gi"), true),
            (json!(5), json!("1-10"), true),
            (json!(11), json!("1-10"), false),
            (json!(11), json!("1!-10"), true),
            (json!("15Mi"), json!("10Mi-20Mi"), true),
            (json!("90s"), json!(">1m"), true),
            (json!("30s"), json!(">1m"), false),
            (json!("1.5h"), json!(">=90m"), true),
            (json!("80m"), json!(">=1.5h"), false),
            (json!("100m"), json!("1.5h-2h"), true),
            (json!("prod"), json!("dev | prod"), true),
            (json!("test"), json!("dev | prod"), false),
            (json!("registry.a/x"), json!("registry.a/* | registry.b/*"), true),
            (Value::Null, json!("<=1"), true),
            (Value::Null, json!(">0"), false),
            (json!(true), json!(true), true),
            (json!("true"), json!(true), false),
            (json!("3"), json!(3), true),
            (json!(3.5), json!(3), false),
            (json!(""), Value::Null, true),
            (json!({}), Value::Null, false),
            (json!({}), json!("?*"), false),
            (json!("x"), json!("!x"), false),
            (json!("!"), json!("!"), true),
        ] {
            assert_eq!(fits(Some(&value), &pattern), fit, "{value} against {pattern}");
        }
    }

    #[test]
    fn a_wildcard_takes_what_it_must() {
        for (pattern, text, fit) in [
            ("*", "", true),
            ("?", "", false),
            ("a*c", "abbc", true),
            ("a*c*d", "acbcd", true),
            ("a*c", "abcd", false),
            ("**", "x", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
        ] {
            assert_eq!(stars_and_marks(pattern, text), fit, "{pattern} on {text}");
        }
    }
}
