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

    /// Whether a name is nearly a known one, and none of them.
    pub fn is_slip(&self, name: &str) -> bool {
        let near = rests(name).filter_map(|rest| self.by_rest.get(&rest)).flatten();
        let mut near = near.take(MOST).map(|known| strsim::osa_distance(name, known));
        near.any(|distance| distance == 1)
    }
}

/// How many names are looked at: more that differ in two letters say nothing about a third.
const MOST: usize = 256;

/// A name, and what is left of it without each of its letters.
fn rests(name: &str) -> impl Iterator<Item = String> + '_ {
    let without = |(at, letter): (usize, char)| format!("{}{}", &name[..at], &name[at + letter.len_utf8()..]);
    std::iter::once(name.to_owned()).chain(name.char_indices().map(without))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_makes_a_slip() {
        let slips = Slips::of(["shop", "monitoring"].into_iter());
        for slip in ["shpo", "shp", "shopp", "ship", "monitorng", "hop"] {
            assert!(slips.is_slip(slip), "{slip}");
        }
        for other in ["", "soap", "observability", "monitors", "shpos"] {
            assert!(!slips.is_slip(other), "{other}");
        }
    }
}
