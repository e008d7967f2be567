//! Findings that are meant, each with a reason: exceptions of a policy, and annotations on the objects themselves.
//!
//! Takes findings; leaves out those that somebody excused, and adds one for each exception of ours that excuses nothing,
//! gives no reason, names no rule, or has run out. The annotations of kube-linter, kube-score, Polaris and Checkov excuse
//! what our rules find in the same place; what they have to say to their own tools is not ours to judge.

mod annotations;
mod codes;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::finding::Finding;
use super::rules::RULES;
use crate::diag::{Code, Diagnostic, did_you_mean};
use crate::object::Object;
use crate::source::wildcard::stars;
use crate::source::{KeyPath, Span};

pub use annotations::{PREFIX, speaks_of_exceptions};
pub use codes::{CODES, EXPIRED_ALLOW, UNKNOWN_RULE, UNREASONED_ALLOW, UNUSED_ALLOW};

/// One exception: which findings it excuses, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exception {
    /// The code of the findings, or `custom-rule/` and the id of a rule of one's own; `*` stands for any characters.
    pub rule: String,
    /// The objects that it concerns, as `Kind/name` or as findings name them (`Deployment shop/api`); `*` stands for any
    /// characters. All of them unless given.
    pub on: Option<String>,
    /// Why it is right here.
    pub because: String,
    /// The last day on which it holds, as `2026-12-31`; for ever unless given.
    pub until: Option<String>,
    /// Where it was written.
    pub span: Option<Span>,
}

impl Exception {
    /// Whether it is about that finding.
    #[must_use]
    pub fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let on = |object: &str| self.on.as_deref().is_none_or(|on| names(on, object));
        let own = |id: &String| stars(&self.rule, &format!("{}/{id}", diagnostic.code.name));
        let named = stars(&self.rule, diagnostic.code.name) || diagnostic.rule.as_ref().is_some_and(own);
        named && on(diagnostic.object.as_deref().unwrap_or_default())
    }

    /// Whether it holds on the day `today`, which is written as `2026-02-28`.
    #[must_use]
    pub fn holds_on(&self, today: &str) -> bool {
        self.until.as_deref().is_none_or(|until| is_day(until) && today <= until)
    }

    /// What is wrong with the exception itself, whether or not it excuses anything.
    #[must_use]
    pub fn flaws(&self, today: &str, codes: &[&'static Code]) -> Vec<Diagnostic> {
        let mut flaws = Vec::new();
        let named = self.rule.split_once('/').map_or(self.rule.as_str(), |(code, _)| code);
        if !codes.iter().any(|code| stars(named, code.name)) {
            let near = did_you_mean(&self.rule, codes.iter().map(|code| code.name));
            let message = format!("there is no rule `{}` to except from", self.rule);
            flaws.push(
                Diagnostic::new(&UNKNOWN_RULE, message)
                    .maybe_hint(near.map(|near| format!("did you mean `{near}`?"))),
            );
        }
        if self.because.trim().is_empty() {
            let message = format!("the exception from `{}`{} gives no reason", self.rule, self.subject());
            flaws.push(
                Diagnostic::new(&UNREASONED_ALLOW, message).hint("say in one sentence why it is right here"),
            );
        }
        if let Some(until) = self.until.as_deref().filter(|_| !self.holds_on(today)) {
            flaws.push(self.expired(until));
        }
        flaws.into_iter().map(|flaw| flaw.at(self.span, "")).collect()
    }

    fn expired(&self, until: &str) -> Diagnostic {
        let (rule, subject) = (&self.rule, self.subject());
        let message = if is_day(until) {
            format!("the exception from `{rule}`{subject} held until {until}, and holds no longer")
        } else {
            format!("the exception from `{rule}`{subject} holds until `{until}`, which is no day")
        };
        Diagnostic::new(&EXPIRED_ALLOW, message)
            .hint("mend what it excuses, or write a later day as 2026-12-31")
    }

    /// The finding that it excuses nothing.
    #[must_use]
    pub fn unused(&self) -> Diagnostic {
        let message = format!("nothing here needs the exception for `{}`{}", self.rule, self.subject());
        Diagnostic::new(&UNUSED_ALLOW, message)
            .at(self.span, "")
            .hint("remove it, or correct `rule` and `on`")
    }

    fn subject(&self) -> String {
        self.on.as_ref().map(|on| format!(" on `{on}`")).unwrap_or_default()
    }
}

/// An exception that stands on an object.
#[derive(Debug)]
struct Own {
    object: usize,
    field: KeyPath,
    id: String,
    exception: Exception,
    excuses: Excuses,
}

#[derive(Debug)]
enum Excuses {
    /// The rule that the exception names.
    Named,
    /// The rules that do what a check of another tool does.
    Foreign(BTreeSet<&'static str>),
}

/// The exceptions of a policy and of the objects that were gathered, and which of them have excused something.
#[derive(Debug)]
pub struct Exceptions<'p> {
    policy: &'p [Exception],
    today: &'p str,
    own: Vec<Own>,
    used: BTreeSet<usize>,
    used_own: BTreeSet<usize>,
}

impl<'p> Exceptions<'p> {
    /// The exceptions of a policy, on a day that is written as `2026-02-28`.
    #[must_use]
    pub fn new(policy: &'p [Exception], today: &'p str) -> Self {
        Self { policy, today, own: Vec::new(), used: BTreeSet::new(), used_own: BTreeSet::new() }
    }

    /// Adds the exceptions that stand on an object, which findings name by `index`.
    pub fn gather(&mut self, index: usize, object: &Object) {
        self.own.extend(annotations::of(index, object));
    }

    /// Whether nobody excuses the finding about the object `index`.
    pub fn keeps(&mut self, index: Option<usize>, diagnostic: &Diagnostic) -> bool {
        let mut kept = true;
        for (at, exception) in self.policy.iter().enumerate() {
            if exception.covers(diagnostic) && exception.holds_on(self.today) {
                self.used.insert(at);
                kept = false;
            }
        }
        // They are gathered in the order of the objects.
        let Some(index) = index else { return kept };
        let first = self.own.partition_point(|own| own.object < index);
        for (at, own) in self.own.iter().enumerate().skip(first).take_while(|(_, own)| own.object == index) {
            if own.excuses(diagnostic, self.today) {
                self.used_own.insert(at);
                kept = false;
            }
        }
        kept
    }

    /// What is to be said of the exceptions themselves, once all findings have been asked about.
    #[must_use]
    pub fn verdict(self, codes: &[&'static Code]) -> Vec<Finding> {
        let Self { policy, today, own, used, used_own } = self;
        let mut found = Vec::new();
        for (at, exception) in policy.iter().enumerate() {
            let mut flaws = exception.flaws(today, codes);
            if flaws.is_empty() && !used.contains(&at) {
                flaws.push(exception.unused());
            }
            found.extend(flaws.into_iter().map(|diagnostic| Finding {
                diagnostic,
                source: KeyPath::root(),
                object: None,
                field: KeyPath::root(),
            }));
        }
        for (at, own) in own.iter().enumerate().filter(|(_, own)| matches!(own.excuses, Excuses::Named)) {
            let mut flaws = own.exception.flaws(today, codes);
            if flaws.is_empty() && !used_own.contains(&at) {
                flaws.push(own.exception.unused());
            }
            found.extend(flaws.into_iter().map(|flaw| own.finding(flaw)));
        }
        found
    }
}

impl Own {
    fn excuses(&self, diagnostic: &Diagnostic, today: &str) -> bool {
        match &self.excuses {
            Excuses::Named => self.exception.covers(diagnostic) && self.exception.holds_on(today),
            Excuses::Foreign(rules) => rules.contains(diagnostic.code.name),
        }
    }

    fn finding(&self, diagnostic: Diagnostic) -> Finding {
        let field = Some(super::finding::notation(&self.field));
        let diagnostic = diagnostic.object(self.id.clone(), field);
        Finding { diagnostic, source: KeyPath::root(), object: Some(self.object), field: self.field.clone() }
    }
}

/// The rules whose rows of the catalogue have such a check of another tool.
fn rules_like(has_check: impl Fn(&str) -> bool) -> BTreeSet<&'static str> {
    let rows: BTreeSet<&str> = super::CATALOGUE
        .lines()
        .skip(1)
        .filter(|line| has_check(line))
        .filter_map(|line| line.split('\t').next())
        .collect();
    let answers = RULES.iter().filter(|rule| rule.rows().any(|row| rows.contains(row)));
    answers.map(|rule| rule.code.name).collect()
}

/// Whether `on` names the object that findings print as `printed`.
fn names(on: &str, printed: &str) -> bool {
    if stars(on, printed) {
        return true;
    }
    let (kind, rest) = printed.split_once(' ').unwrap_or((printed, ""));
    let name = rest.rsplit('/').next().unwrap_or(rest);
    stars(on, &format!("{kind}/{name}"))
}

/// Whether a text is a day, as `2026-02-28`.
fn is_day(text: &str) -> bool {
    let shape = |(at, c): (usize, u8)| if at == 4 || at == 7 { c == b'-' } else { c.is_ascii_digit() };
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u8>().ok());
    text.len() == 10
        && text.bytes().enumerate().all(shape)
        && part(5..7).is_some_and(|month| (1..=12).contains(&month))
        && part(8..10).is_some_and(|day| (1..=31).contains(&day))
}
