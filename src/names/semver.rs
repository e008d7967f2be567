//! Semantic versions, as Helm wants them of charts.

use super::NameError;
use super::error::Fault;
use super::text::{serialize_as_text, string_traits};

const WHAT: &str = "a semantic version";

/// A version of the form `1.2.3`, `1.2.3-rc.1` or `1.2.3+build` (Semantic Versioning 2.0.0, section "Backus-Naur form";
/// `helm lint` refuses every other one in `Chart.yaml`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SemanticVersion(String);

impl SemanticVersion {
    /// Reads a version.
    ///
    /// # Errors
    /// States what is missing or superfluous. A leading `v` and missing zeros are mended in the suggestion.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        match fault(text) {
            None => Ok(Self(text.to_owned())),
            Some(fault) => Err(NameError::new(text, WHAT, fault).suggest(mended(text))),
        }
    }

    /// The version as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

string_traits!(SemanticVersion);
serialize_as_text!(SemanticVersion);

fn fault(text: &str) -> Option<Fault> {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    if core.split('.').count() != 3 || !core.split('.').all(is_number) {
        return Some(Fault::of("it begins with three whole numbers without leading zeros, as in `1.2.3`"));
    }
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let in_order =
        |word: &str| is_word(word) && (is_number(word) || !word.chars().all(|c| c.is_ascii_digit()));
    if pre.is_some_and(|pre| !pre.split('.').all(in_order)) {
        return Some(Fault::of("behind `-` stand words of letters, digits and `-`, with dots between them"));
    }
    let build = build.filter(|build| !build.split('.').all(is_word));
    build.map(|_| Fault::of("behind `+` stand words of letters, digits and `-`, with dots between them"))
}

fn is_number(text: &str) -> bool {
    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

/// `v1.2` to `1.2.0`.
fn mended(text: &str) -> Option<String> {
    let plain = text.trim().trim_start_matches(['v', 'V']);
    let missing = 3_usize.checked_sub(plain.split('.').count())?;
    let full = format!("{plain}{}", ".0".repeat(missing));
    fault(&full).is_none().then_some(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_three_numbers() {
        for text in ["1.2.3", "0.1.0", "1.2.3-rc.1", "1.2.3-0a", "1.2.3+2026.11", "1.0.0-x-y.z+b"] {
            assert!(SemanticVersion::parse(text).is_ok(), "{text}");
        }
        for text in
            ["", "1", "1.2", "v1.2.3", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "1.2.x", "latest"]
        {
            assert!(SemanticVersion::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_nearly_one_is_mended() {
        let meant = |text: &str| {
            SemanticVersion::parse(text).err().and_then(|error| error.suggestion().map(str::to_owned))
        };
        assert_eq!(meant("v1.2"), Some("1.2.0".to_owned()));
        assert_eq!(meant("v1.2.3"), Some("1.2.3".to_owned()));
        assert_eq!(meant("latest"), None);
    }
}
