//! Functions of texts, positions counted in characters: CEL's own, its extension of strings and Kubernetes' regular
//! expressions.

use regex::Regex;

use super::{count, truth, wrong};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::syntax::compile;
use crate::check::cel::value::{Failure, Value};

pub(super) fn contains<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text), Value::Text(part)] = values else { return None };
    truth(text.contains(part.as_ref()))
}

pub(super) fn starts_with<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text), Value::Text(part)] = values else { return None };
    truth(text.starts_with(part.as_ref()))
}

pub(super) fn ends_with<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text), Value::Text(part)] = values else { return None };
    truth(text.ends_with(part.as_ref()))
}

pub(super) fn char_at<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text), Value::Int(at)] = values else { return None };
    let length = text.chars().count();
    match usize::try_from(*at) {
        Ok(at) if at <= length => {
            Some(Ok(Value::text(text.chars().nth(at).map(String::from).unwrap_or_default())))
        }
        _ => wrong(format!("index out of range: {at}")),
    }
}

pub(super) fn index_of<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let (text, part, from) = match values {
        [Value::Text(text), Value::Text(part)] => (text, part, 0),
        [Value::Text(text), Value::Text(part), Value::Int(from)] => (text, part, *from),
        _ => return None,
    };
    let Ok(from) = usize::try_from(from) else { return wrong(format!("index out of range: {from}")) };
    let Some(start) = byte_at(text, from) else { return Some(Ok(Value::Int(-1))) };
    let found = text[start..].find(part.as_ref()).map(|at| text[..start + at].chars().count());
    found.map_or(Some(Ok(Value::Int(-1))), count)
}

/// The last place at which a part begins, no later than a given one.
pub(super) fn last_index_of<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let (text, part, most) = match values {
        [Value::Text(text), Value::Text(part)] => (text, part, None),
        [Value::Text(text), Value::Text(part), Value::Int(most)] => (text, part, Some(*most)),
        _ => return None,
    };
    let Some(most) = most else {
        let found = text.rfind(part.as_ref()).map(|at| text[..at].chars().count());
        return found.map_or(Some(Ok(Value::Int(-1))), count);
    };
    let Ok(most) = usize::try_from(most) else { return wrong(format!("index out of range: {most}")) };
    let Some(start) = byte_at(text, most) else { return Some(Ok(Value::Int(-1))) };
    let mut end = (start + part.len()).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let found = text[..end].rmatch_indices(part.as_ref()).find(|(at, _)| *at <= start);
    found.map_or(Some(Ok(Value::Int(-1))), |(at, _)| count(text[..at].chars().count()))
}

pub(super) fn lower_ascii<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    Some(Ok(Value::text(text.to_ascii_lowercase())))
}

pub(super) fn upper_ascii<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    Some(Ok(Value::text(text.to_ascii_uppercase())))
}

pub(super) fn trim<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    Some(Ok(Value::text(text.trim().to_owned())))
}

pub(super) fn reverse<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [Value::Text(text)] => Some(Ok(Value::text(text.chars().rev().collect::<String>()))),
        [list] => {
            let mut items = list.items()?;
            items.reverse();
            Some(Ok(Value::list(items)))
        }
        _ => None,
    }
}

pub(super) fn replace<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let (text, from, to, most) = match values {
        [Value::Text(text), Value::Text(from), Value::Text(to)] => (text, from, to, -1),
        [Value::Text(text), Value::Text(from), Value::Text(to), Value::Int(most)] => (text, from, to, *most),
        _ => return None,
    };
    // An expression that lengthens a text again and again would take memory without end.
    if text.len().saturating_mul(to.len().max(1)) > 1 << 24 {
        return Some(Err(Failure::TooCostly));
    }
    let made = usize::try_from(most)
        .map_or_else(|_| text.replace(from.as_ref(), to), |most| text.replacen(from.as_ref(), to, most));
    Some(Ok(Value::text(made)))
}

pub(super) fn split<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let (text, by, most) = match values {
        [Value::Text(text), Value::Text(by)] => (text, by, -1),
        [Value::Text(text), Value::Text(by), Value::Int(most)] => (text, by, *most),
        _ => return None,
    };
    let part = |part: &str| Value::text(part.to_owned());
    let parts: Vec<_> = match usize::try_from(most) {
        _ if by.is_empty() => text.chars().map(|it| Value::text(it.to_string())).collect(),
        Ok(most) => text.splitn(most, by.as_ref()).map(part).collect(),
        Err(_) => text.split(by.as_ref()).map(part).collect(),
    };
    Some(Ok(Value::list(parts)))
}

pub(super) fn join<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let (list, by) = match values {
        [list] => (list, ""),
        [list, Value::Text(by)] => (list, by.as_ref()),
        _ => return None,
    };
    let items = list.items()?;
    let texts: Option<Vec<&str>> = items
        .iter()
        .map(|item| if let Value::Text(text) = item { Some(text.as_ref()) } else { None })
        .collect();
    Some(Ok(Value::text(texts?.join(by))))
}

pub(super) fn substring<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let (text, from, to) = match values {
        [Value::Text(text), Value::Int(from)] => (text, *from, None),
        [Value::Text(text), Value::Int(from), Value::Int(to)] => (text, *from, Some(*to)),
        _ => return None,
    };
    let byte = |at: i64| usize::try_from(at).ok().and_then(|at| byte_at(text, at));
    let end = to.map_or(Some(text.len()), byte);
    match (byte(from), end) {
        (Some(from), Some(to)) if from <= to => Some(Ok(Value::text(text[from..to].to_owned()))),
        _ => wrong(format!("index out of range: {from}")),
    }
}

/// The byte at which a character begins, or the end of the text.
fn byte_at(text: &str, at: usize) -> Option<usize> {
    text.char_indices().map(|(byte, _)| byte).chain([text.len()]).nth(at)
}

/// Whether a text holds a match.
pub(in crate::check::cel) fn matches<'a>(text: &Value<'a>, regex: Option<&Regex>) -> Outcome<'a> {
    match (text, regex) {
        (Value::Text(text), Some(regex)) => Ok(Value::Bool(regex.is_match(text))),
        (_, None) => Err(Failure::Beyond("a regular expression that cannot be read here".to_owned())),
        (other, _) => Err(Failure::no_overload("matches", &[other])),
    }
}

pub(super) fn matches_any<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [text @ Value::Text(_), Value::Text(pattern)] = values else { return None };
    Some(matches(text, compile(pattern).as_ref()))
}

pub(super) fn find<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text), Value::Text(pattern)] = values else { return None };
    Some(with_regex(pattern, |regex| {
        Value::text(regex.find(text).map(|it| it.as_str().to_owned()).unwrap_or_default())
    }))
}

pub(super) fn find_all<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let (text, pattern, most) = match values {
        [Value::Text(text), Value::Text(pattern)] => (text, pattern, -1),
        [Value::Text(text), Value::Text(pattern), Value::Int(most)] => (text, pattern, *most),
        _ => return None,
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    Some(with_regex(pattern, |regex| {
        Value::list(regex.find_iter(text).take(most).map(|it| Value::text(it.as_str().to_owned())).collect())
    }))
}

fn with_regex<'a>(pattern: &str, made: impl FnOnce(&Regex) -> Value<'a>) -> Outcome<'a> {
    let beyond = || Failure::Beyond("a regular expression that cannot be read here".to_owned());
    Ok(made(&compile(pattern).ok_or_else(beyond)?))
}
