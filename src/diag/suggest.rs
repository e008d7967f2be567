//! The one "did you mean" of the project.

/// The candidate that `word` was probably meant to be, if any is near enough.
///
/// Nearness is Damerau–Levenshtein; up to a third of the longer word's letters may differ, and a candidate that
/// differs only in case, `-`, `_` or `.` always counts. Ties go to the candidate that comes first.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (folded, length) = (fold(word), word.chars().count());
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| {
            let longest = length.max(candidate.chars().count());
            let other = fold(candidate);
            // The distance is at least what one word is longer: most of many candidates need no closer look.
            let apart = folded.chars().count().abs_diff(other.chars().count());
            if apart * 3 > longest {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&folded, &other);
            (distance * 3 <= longest).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | '.')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let keys = ["replicas", "resources", "ports", "cpu"];
        assert_eq!(did_you_mean("replica", keys), Some("replicas"));
        assert_eq!(did_you_mean("Ports", keys), Some("ports"));
        assert_eq!(did_you_mean("cp", keys), Some("cpu"));
        assert_eq!(did_you_mean("image", keys), None);
    }
}
