//! The keys and values of labels, and the keys of annotations.

use super::dns::subdomain;
use super::error::Fault;
use super::text::{Class, at_most, ends, every, no_guess, starts, text_name};

/// The longest name part of a key, and the longest label value.
const NAME_MOST: usize = 63;

const INNER: Class = Class {
    holds: |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'),
    name: "a letter, a digit, `-`, `_` or `.`",
};
const OUTER: Class = Class { holds: |c| c.is_ascii_alphanumeric(), name: "a letter or a digit" };

text_name! {
    /// The key of a label: a name of at most 63 characters, after an optional DNS subdomain and `/`.
    ///
    /// `validation.IsQualifiedName`.
    LabelKey, "a label key", qualified, lower_prefix
}

text_name! {
    /// The value of a label: at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, or
    /// nothing at all.
    ///
    /// `validation.IsValidLabelValue`.
    LabelValue, "a label value", value, no_guess
}

text_name! {
    /// The key of an annotation: as a label's, but the prefix may hold upper case.
    ///
    /// `ValidateAnnotations` in `k8s.io/apimachinery/pkg/api/validation` judges the key in lower case.
    AnnotationKey, "an annotation key", annotation, no_guess
}

impl LabelKey {
    /// The DNS subdomain before the `/`, where there is one.
    #[must_use]
    pub fn prefix(&self) -> Option<&str> {
        self.0.split_once('/').map(|(prefix, _)| prefix)
    }
}

impl From<LabelKey> for AnnotationKey {
    fn from(key: LabelKey) -> Self {
        Self(key.0)
    }
}

fn qualified(text: &str) -> Result<(), Fault> {
    let Some((prefix, rest)) = text.split_once('/') else {
        return name(text);
    };
    if rest.contains('/') {
        return Err(Fault::of("it has more than one `/`"));
    }
    if prefix.is_empty() || rest.is_empty() {
        let side = if prefix.is_empty() { "before" } else { "after" };
        return Err(Fault::of(format!("nothing stands {side} the `/`")));
    }
    subdomain(prefix).map_err(|fault| fault.within("the prefix", 0))?;
    name(rest).map_err(|fault| fault.within("the name", prefix.len() + 1))
}

fn annotation(text: &str) -> Result<(), Fault> {
    qualified(&text.to_ascii_lowercase())
}

fn value(text: &str) -> Result<(), Fault> {
    if text.is_empty() { Ok(()) } else { name(text) }
}

fn name(text: &str) -> Result<(), Fault> {
    every(text, &INNER)?;
    starts(text, &OUTER)?;
    ends(text, &OUTER)?;
    at_most(text, NAME_MOST)
}

fn lower_prefix(text: &str) -> Option<String> {
    let (prefix, name) = text.split_once('/')?;
    Some(format!("{}/{name}", prefix.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_name_behind_an_optional_domain() {
        let long = format!("{}/{}", "a".repeat(253), "N".repeat(63));
        for text in ["app", "app.kubernetes.io/name", "A_b.c-D", "1", "a/1", &long] {
            assert!(LabelKey::parse(text).is_ok(), "{text}");
        }
        let (prefix, name) = (format!("{}/a", "a".repeat(254)), "N".repeat(64));
        for text in
            ["", "/a", "a/", "/", "a/b/c", "A.io/name", "-a", "a-", "a/_b", "a b", "é", &prefix, &name]
        {
            assert!(LabelKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fault_names_the_part_that_it_is_in() {
        let error = LabelKey::parse("Example.io/na!me").expect_err("upper case prefix");
        assert!(error.message().contains("in the prefix, in `Example`, character 1"), "{error}");
        let error = LabelKey::parse("example.io/na!me").expect_err("punctuation in the name");
        assert!(error.message().contains("in the name, character 3, `!`"), "{error}");
        assert_eq!(error.position(), Some(13));
        let error = LabelKey::parse("Example.io/name").expect_err("upper case prefix");
        assert_eq!(error.suggestion(), Some("example.io/name"));
    }

    #[test]
    fn a_value_may_be_empty() {
        for text in ["", "a", "A.b_c-1", "16.4", &"v".repeat(63)] {
            assert!(LabelValue::parse(text).is_ok(), "{text}");
        }
        for text in ["-", "a-", ".a", "a b", "a/b", "a:b", "é", &"v".repeat(64)] {
            assert!(LabelValue::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_annotation_may_have_upper_case_in_its_prefix() {
        assert!(AnnotationKey::parse("Example.IO/Name").is_ok());
        assert!(AnnotationKey::parse("a/b/c").is_err());
        assert!(AnnotationKey::parse("").is_err());
    }
}
