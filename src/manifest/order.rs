//! Whether the keys of objects were written in the order of the alphabet, for those who ask for that.

use super::codes::KEY_ORDER;
use super::document::DEEPEST;
use super::spots::Spots;
use super::{Problem, Reading};

impl Reading {
    /// The first key of each object that stands behind one that it comes before in the alphabet, byte by byte.
    #[must_use]
    pub fn unsorted(&self) -> Vec<Problem> {
        let objects = self.roots.iter().enumerate();
        objects.filter_map(|(object, root)| self.unsorted_in(object, *root)).collect()
    }

    fn unsorted_in(&self, object: usize, (document, root): (usize, usize)) -> Option<Problem> {
        let spots = self.spots.get(document)?;
        let (before, entry) = first_unsorted(spots, &self.text, root, 0)?;
        let at = spots.key_range(entry)?;
        let (key, before) = (spots.key_of(&self.text, entry)?, spots.key_of(&self.text, before)?);
        Some(Problem {
            code: &KEY_ORDER,
            message: format!("the key `{key}` stands behind `{before}`, and keys are to be sorted"),
            within: spots.path_of(&self.text, root, &at).map(|path| (object, path)),
            at,
            hint: Some(
                "sort the keys of every mapping, or take `sorted-keys` out of the configuration".to_owned(),
            ),
        })
    }
}

/// Two neighbours in a mapping of which the second comes first in the alphabet.
fn first_unsorted(spots: &Spots, text: &str, entry: usize, deep: usize) -> Option<(usize, usize)> {
    if deep > DEEPEST {
        return None;
    }
    let mut last: Option<(usize, String)> = None;
    for child in spots.children(entry) {
        if let Some(key) = spots.key_of(text, child) {
            // What a merge key brings stands elsewhere.
            let is_next = |before: usize| {
                spots.key_range(before).map(|it| it.end) < spots.key_range(child).map(|it| it.start)
            };
            match &last {
                Some((before, own)) if is_next(*before) && key < *own => return Some((*before, child)),
                _ => last = Some((child, key)),
            }
        }
        if let Some(found) = first_unsorted(spots, text, child, deep + 1) {
            return Some(found);
        }
    }
    None
}
