//! Exceptions that stand on an object, or on the template of its pods: ours, and those that other tools read.

use super::{Exception, Excuses, Own, rules_like};
use crate::check::values::Fields;
use crate::object::Object;
use crate::source::KeyPath;

/// What our own annotation begins with; the code of the rule follows, and the value is the reason.
pub const PREFIX: &str = "bayplan.dev/allow.";

/// The places of an object where annotations speak for it.
const PLACES: [&[&str]; 3] = [
    &["metadata"],
    &["spec", "template", "metadata"],
    &["spec", "jobTemplate", "spec", "template", "metadata"],
];

/// The columns of the catalogue.
const KUBE_LINTER: usize = 1;
const KUBE_SCORE: usize = 2;
const POLARIS: usize = 3;
const CHECKOV: usize = 4;

/// The exceptions of an object.
pub(super) fn of(index: usize, object: &Object) -> Vec<Own> {
    let mut found = Vec::new();
    for place in PLACES {
        let Some(metadata) = object.value.below(place) else { continue };
        for (key, value) in metadata.strings("annotations") {
            let Some((exception, excuses)) = read(key, value) else { continue };
            let field = KeyPath::of(place.iter().copied()).key("annotations").key(key);
            found.push(Own { object: index, field, id: object.id.to_string(), exception, excuses });
        }
    }
    found
}

/// What an annotation excuses, if it is one that excuses something.
fn read(key: &str, value: &str) -> Option<(Exception, Excuses)> {
    if let Some(rule) = key.strip_prefix(PREFIX) {
        return Some((ours(rule, value), Excuses::Named));
    }
    let (prefix, name) = key.split_once('/')?;
    let rules = match (prefix, name) {
        ("ignore-check.kube-linter.io", check) => rules_like(|row| lists(row, KUBE_LINTER, check)),
        ("kube-linter.io", "ignore-all") => rules_like(|row| !column(row, KUBE_LINTER).is_empty()),
        ("kube-score", "ignore") => {
            rules_like(|row| value.split(',').any(|check| lists(row, KUBE_SCORE, check.trim())))
        }
        ("polaris.fairwinds.com", "exempt") if value == "true" => {
            rules_like(|row| !column(row, POLARIS).is_empty())
        }
        ("polaris.fairwinds.com", _) if value == "true" => {
            let check = name.strip_suffix("-exempt")?;
            rules_like(|row| lists(row, POLARIS, check))
        }
        ("checkov.io", _) if name.starts_with("skip") => {
            let check = value.split('=').next().unwrap_or(value).trim();
            rules_like(|row| lists(row, CHECKOV, check))
        }
        _ => return None,
    };
    Some((Exception::default(), Excuses::Foreign(rules)))
}

/// The reason may end in ` (until 2026-12-31)`.
fn ours(rule: &str, value: &str) -> Exception {
    let value = value.trim();
    let limited = value.strip_suffix(')').and_then(|text| text.rsplit_once("(until "));
    let (because, until) = match limited {
        Some((because, until)) => (because.trim(), Some(until.trim().to_owned())),
        None => (value, None),
    };
    Exception { rule: rule.to_owned(), because: because.to_owned(), until, ..Exception::default() }
}

fn column(row: &str, column: usize) -> &str {
    row.split('\t').nth(column).unwrap_or_default()
}

/// Polaris writes its checks in camel case, and in annotations also with hyphens.
fn lists(row: &str, tool: usize, check: &str) -> bool {
    let plain = |name: &str| name.replace('-', "").to_ascii_lowercase();
    let same = |name: &str| name == check || tool == POLARIS && plain(name) == plain(check);
    column(row, tool).split(' ').any(|name| !name.is_empty() && same(name))
}

/// Whether an object has an annotation that excuses something.
#[must_use]
pub fn speaks_of_exceptions(object: &Object) -> bool {
    let keys = PLACES.iter().filter_map(|place| object.value.below(place));
    keys.flat_map(|metadata| metadata.strings("annotations")).any(|(key, value)| read(key, value).is_some())
}
