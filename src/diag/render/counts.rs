//! How often each rule found something, the most frequent first.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diag::Diagnostic;

/// A line for each code with its count and its weight; empty where there is nothing.
#[must_use]
pub fn counts(diagnostics: &[Diagnostic]) -> String {
    let mut counted: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        *counted.entry((diagnostic.severity.as_str(), diagnostic.code.name)).or_default() += 1;
    }
    let mut rows: Vec<_> = counted.into_iter().collect();
    rows.sort_by_key(|(key, count)| (std::cmp::Reverse(*count), *key));
    let mut text = String::new();
    for ((severity, code), count) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{count:>7}  {severity:<7}  {code}");
    }
    text
}
