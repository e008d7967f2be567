//! Texts with wildcards: which names a pattern is about.

/// Whether `pattern` matches the whole text; `*` stands for any characters.
#[must_use]
pub fn stars(pattern: &str, text: &str) -> bool {
    matches(pattern, text, None)
}

/// Whether `pattern` matches the whole text; `*` stands for any characters, `?` for one.
#[must_use]
pub fn stars_and_marks(pattern: &str, text: &str) -> bool {
    matches(pattern, text, Some('?'))
}

/// Greedy matching that goes back to the last star only: linear in practice, quadratic at worst.
fn matches(mut pattern: &str, mut text: &str, mark: Option<char>) -> bool {
    let mut star: Option<(&str, &str)> = None;
    loop {
        let (mut after, mut rest) = (pattern.chars(), text.chars());
        match (after.next(), rest.next()) {
            (Some('*'), _) => {
                pattern = after.as_str();
                star = Some((pattern, text));
            }
            (Some(wanted), Some(c)) if wanted == c || mark == Some(wanted) => {
                (pattern, text) = (after.as_str(), rest.as_str());
            }
            (None, None) => return true,
            (_, None) => return false,
            (_, Some(_)) => {
                // The last star takes one more character.
                let Some((behind, taken)) = star else { return false };
                let mut left = taken.chars();
                left.next();
                (pattern, text) = (behind, left.as_str());
                star = Some((pattern, text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for matches in [stars, stars_and_marks] {
            assert!(matches("shop-*", "shop-dev"));
            assert!(matches("*-dev", "shop-dev"));
            assert!(matches("a*c*e", "abcde"));
            assert!(
                matches("*é*", "café au lait") && matches("", "") && matches("**", "") && matches("*", "*")
            );
            assert!(!matches("shop-*", "myshop-dev"));
            assert!(!matches("shop", "shop-dev"));
            assert!(!matches("*ab", "abx") && !matches("", "a") && !matches("a", ""));
        }
    }

    #[test]
    fn a_mark_is_one_character_where_it_means_that() {
        assert!(stars_and_marks("a?c*", "aéc") && stars("a?", "a?"));
        assert!(!stars_and_marks("?", "") && !stars_and_marks("a?", "a") && !stars("a?", "ab"));
    }
}
