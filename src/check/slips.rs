//! Names that are nearly one of those that are known: with one letter left out, added, exchanged, or swapped with its neighbour.
//!
//! Two such names become one when each of them loses at most one letter. So the known names are kept by what they become, and
//! a name is held against few of them, however many there are.

use std::collections::BTreeMap;

/// Known names.
#[derive(Debug, Default)]
pub(super) struct Slips {
    /// By what a name becomes without one of its letters, or is: the names.
    by_rest: BTreeMap<String, Vec<String>>,
}

impl Slips {
    pub fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut slips = Self::default();
        for name in names {
            for rest in rests(name) {
                let names = slips.by_rest.entry(rest).or_default();
                if names.last().is_none_or(|last| last != name) {
                    names.push(name.to_owned());
                }
            }
        }
        slips
    }

    /// Whether a name is nearly a known one, and nobody would call two things so on purpose.
    pub fn is_slip(&self, name: &str) -> bool {
        self.around(name).any(|known| !are_siblings(name, known))
    }

    /// The known name that a name is nearly.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        self.around(name).next()
    }

    /// The known names that are one letter away.
    fn around<'s, 'n>(&'s self, name: &'n str) -> impl Iterator<Item = &'s str> + use<'s, 'n> {
        let near = rests(name).filter_map(|rest| self.by_rest.get(&rest)).flatten().take(MOST);
        near.map(String::as_str).filter(move |known| strsim::osa_distance(name, known) == 1)
    }
}

/// How many names are looked at: more that differ in two letters say nothing about a third.
const MOST: usize = 256;

/// A name, and what is left of it without each of its letters.
fn rests(name: &str) -> impl Iterator<Item = String> + '_ {
    let without = |(at, letter): (usize, char)| format!("{}{}", &name[..at], &name[at + letter.len_utf8()..]);
    std::iter::once(name.to_owned()).chain(name.char_indices().map(without))
}

/// Whether two names that differ in one letter are both meant: they are numbered (`db-1`, `db-2`), differ in an `s` at the end of a
/// word (`user`, `users`; `http`, `https`), or in a word so short that one letter makes another (`team-a`, `team-b`; `app`, `api`;
/// `tls`, `mtls`).
fn are_siblings(one: &str, other: &str) -> bool {
    let (longer, shorter) = if one.len() < other.len() { (other, one) } else { (one, other) };
    let (longer, shorter) = (longer.as_bytes(), shorter.as_bytes());
    let front = longer.iter().zip(shorter).take_while(|(one, other)| one == other).count();
    let back = longer.iter().rev().zip(shorter.iter().rev()).take_while(|(one, other)| one == other).count();
    let back = back.min(shorter.len() - front);
    let (changed, rest) = (&longer[front..longer.len() - back], &shorter[front..shorter.len() - back]);
    let is_end = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let start = longer[..front].iter().rposition(is_end).map_or(0, |at| at + 1);
    let end = longer[front..].iter().position(is_end).map_or(longer.len(), |at| front + at);
    let (letters, is_last) = (end - start, front + 1 == end);
    let is_numbered = changed.iter().chain(rest).any(u8::is_ascii_digit);
    let is_added =
        rest.is_empty() && (changed == b"s" && is_last || letters <= 4 && (front == start || is_last));
    let is_exchanged = changed.len() == 1 && rest.len() == 1 && letters <= 3;
    is_numbered || is_added || is_exchanged || letters <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_both_meant_are_no_slips() {
        let known = ["db-1", "team-a", "http", "tls", "user-store", "api", "über"];
        let slips = Slips::of(known.into_iter());
        for other in ["db-2", "db-10", "team-b", "https", "mtls", "users-store", "app", "ap"] {
            assert!(!slips.is_slip(other), "{other}");
        }
        for slip in ["usre-store", "userstore", "user-stoe", "pai", "uber"] {
            assert!(slips.is_slip(slip), "{slip}");
        }
        assert_eq!(slips.nearest("app"), Some("api"));
    }

    #[test]
    fn one_letter_makes_a_slip() {
        let slips = Slips::of(["shop", "monitoring"].into_iter());
        for slip in ["shpo", "shp", "shopp", "ship", "monitorng", "monitorin"] {
            assert!(slips.is_slip(slip), "{slip}");
        }
        for other in ["", "soap", "observability", "monitors", "shpos"] {
            assert!(!slips.is_slip(other), "{other}");
        }
    }
}
