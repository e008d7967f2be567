//! What the rules about the fields of one kind have in common: each asks for a word, a form or a number, under one code.
//!
//! Takes a value and a key below it; adds a finding where the API server would. What the schema requires and does not find is
//! left to the rule of the schema.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::check::finding::{Findings, Place};
use crate::check::format::Problem;
use crate::check::values::{Fields, decoded};
use crate::diag::Code;
use crate::value::Value;

/// One rule that asks.
pub(super) struct Ask<'f, 'a> {
    code: &'static Code,
    found: &'f mut Findings<'a>,
}

impl<'f, 'a> Ask<'f, 'a> {
    pub const fn new(code: &'static Code, found: &'f mut Findings<'a>) -> Self {
        Self { code, found }
    }

    /// Where other rules report what they find in the same object.
    pub const fn findings(&mut self) -> &mut Findings<'a> {
        self.found
    }

    pub const fn code(&self) -> &'static Code {
        self.code
    }

    pub fn refuse(&mut self, place: impl Into<Place<'a>>, message: impl Into<String>) {
        self.found.add(self.code, place, message);
    }

    /// A text, where there is one, is one of these.
    pub fn word(&mut self, of: &'a Value, key: &'a str, words: &[&str]) {
        if let Some(text) = of.text(key).filter(|text| !words.contains(text)) {
            self.refuse((of, key), no_word(text, key, words));
        }
    }

    /// Each text of a list is one of these.
    pub fn words(&mut self, of: &'a Value, key: &'a str, words: &[&str]) {
        for item in of.items(key) {
            if let Some(text) = decoded(item).filter(|text| !words.contains(text)) {
                self.refuse(item, no_word(text, key, words));
            }
        }
    }

    /// A text, where there is one, has a form.
    pub fn form(&mut self, of: &'a Value, key: &'a str, form: fn(&str) -> Problem) {
        if let Some(text) = of.text(key)
            && let Some(problem) = form(text)
        {
            self.refuse((of, key), format!("`{text}` is {problem}"));
        }
    }

    /// A text has a form, unless it is left out or empty, which is the same.
    pub fn form_if_any(&mut self, of: &'a Value, key: &'a str, form: fn(&str) -> Problem) {
        if !of.text_or_empty(key).is_empty() {
            self.form(of, key, form);
        }
    }

    /// Each text of a list has a form.
    pub fn forms(&mut self, of: &'a Value, key: &str, form: fn(&str) -> Problem) {
        for item in of.items(key) {
            if let Some(text) = decoded(item)
                && let Some(problem) = form(text)
            {
                self.refuse(item, format!("`{text}` is {problem}"));
            }
        }
    }

    /// A text that the schema requires is not empty.
    pub fn filled(&mut self, of: &'a Value, key: &'a str) {
        if of.text(key) == Some("") {
            self.refuse((of, key), format!("`{key}` is empty"));
        }
    }

    /// A text is there, though no schema requires it.
    pub fn needed(&mut self, of: &'a Value, key: &'a str) {
        if of.child(key).is_none() || of.text(key) == Some("") {
            self.refuse((of, key), format!("`{key}` is missing"));
        }
    }

    /// A list has an item.
    pub fn needed_list(&mut self, of: &'a Value, key: &'a str) {
        if of.child(key).is_none() || of.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty) {
            self.refuse((of, key), format!("`{key}` has to have an item"));
        }
    }

    /// A list that the schema requires has an item.
    pub fn filled_list(&mut self, of: &'a Value, key: &'a str) {
        if of.child(key).is_some() {
            self.needed_list(of, key);
        }
    }

    /// A list holds no more items than this; tells whether it does not.
    pub fn most(&mut self, of: &'a Value, key: &'a str, most: usize) -> bool {
        let count = of.items(key).len();
        if count > most {
            self.refuse((of, key), format!("`{key}` has {count} items, and may have {most}"));
        }
        count <= most
    }

    /// No text is twice in a list.
    pub fn each_once(&mut self, of: &'a Value, key: &str) {
        let mut seen = BTreeSet::new();
        for item in of.items(key) {
            if let Some(text) = decoded(item).filter(|text| !seen.insert(*text)) {
                self.refuse(item, format!("`{text}` is in `{key}` twice"));
            }
        }
    }

    /// No two items of a list have one text below a key. What is left out counts as empty.
    pub fn keyed_once(&mut self, items: &'a [Value], key: &'a str) {
        let mut seen = BTreeSet::new();
        for item in items {
            let text = item.text_or_empty(key);
            if !seen.insert(text) {
                self.refuse((item, key), format!("another item has the `{key}` `{text}`"));
            }
        }
    }

    /// A number, where there is one, lies in a range.
    pub fn number(&mut self, of: &'a Value, key: &'a str, range: RangeInclusive<i64>) {
        let Some(number) = of.integer(key).filter(|number| !range.contains(number)) else { return };
        let (least, most) = range.into_inner();
        let wanted =
            if most == i64::MAX { format!("{least} or more") } else { format!("from {least} to {most}") };
        self.refuse((of, key), format!("`{key}` is {wanted}, and not {number}"));
    }

    /// A field has no place there.
    pub fn absent(&mut self, of: &'a Value, key: &'a str, where_it_is: &str) {
        if of.child(key).is_some() {
            self.refuse((of, key), format!("`{key}` has no place {where_it_is}"));
        }
    }

    /// Where a list has a star, it has nothing else.
    pub fn lone_star(&mut self, of: &'a Value, key: &'a str) {
        if of.items(key).len() > 1 && of.texts(key).any(|text| text == "*") {
            self.refuse((of, key), format!("`*` stands alone in `{key}`"));
        }
    }
}

fn no_word(text: &str, key: &str, words: &[&str]) -> String {
    format!("`{text}` is no `{key}`; there are {}", words.join(", "))
}
