//! Semantic versions: `semver('1.2.3').isLessThan(semver('2.0.0'))`.

use std::rc::Rc;

use super::{count, truth, wrong};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::value::{Value, Version};

pub(super) fn semver<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let text = argument(values)?;
    match parse(&text) {
        Some(version) => Some(Ok(Value::Version(Rc::new(version)))),
        None => wrong(format!("`{text}` is no semantic version")),
    }
}

pub(super) fn is_semver<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    truth(parse(&argument(values)?).is_some())
}

pub(super) fn major<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, 0)
}

pub(super) fn minor<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, 1)
}

pub(super) fn patch<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, 2)
}

fn part<'a>(values: &[Value<'a>], at: usize) -> Option<Outcome<'a>> {
    let [Value::Version(version)] = values else { return None };
    count(usize::try_from(version.numbers[at]).ok()?)
}

/// The text; with a second argument `true` a `v` in front is dropped and numbers that are missing are zero.
fn argument(values: &[Value<'_>]) -> Option<String> {
    match values {
        [Value::Text(text)] | [Value::Text(text), Value::Bool(false)] => Some(text.clone().into_owned()),
        [Value::Text(text), Value::Bool(true)] => Some(normal(text)),
        _ => None,
    }
}

fn normal(text: &str) -> String {
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let mut numbers: Vec<&str> = text[..end]
        .split('.')
        .map(|part| if part.len() > 1 { part.trim_start_matches('0') } else { part })
        .collect();
    numbers.resize(numbers.len().max(3), "0");
    let numbers: Vec<&str> =
        numbers.into_iter().map(|part| if part.is_empty() { "0" } else { part }).collect();
    format!("{}{}", numbers.join("."), &text[end..])
}

/// After <https://semver.org>.
fn parse(text: &str) -> Option<Version> {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (numbers, before) = text.split_once('-').map_or((text, None), |(text, before)| (text, Some(before)));
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let is_number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|it| it.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let digits = |part: &str| part.bytes().all(|it| it.is_ascii_digit());
    if !build.is_none_or(|build| build.split('.').all(is_part))
        || !before
            .is_none_or(|it| it.split('.').all(|part| is_part(part) && (!digits(part) || is_number(part))))
    {
        return None;
    }
    let parts: Vec<&str> = numbers.split('.').collect();
    let numbers: Option<Vec<u64>> =
        parts.iter().map(|part| if is_number(part) { part.parse().ok() } else { None }).collect();
    let before = before.map(|it| it.split('.').map(str::to_owned).collect()).unwrap_or_default();
    Some(Version { numbers: numbers?.try_into().ok()?, before })
}
