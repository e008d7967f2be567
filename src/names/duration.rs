//! Lengths of time in whole seconds: `30s`, `5m`, `1h30m`.

use std::fmt;

use super::NameError;
use super::error::Fault;
use super::text::{serialize_as_text, string_traits};

const WHAT: &str = "a length of time";
/// The units, longest first, in seconds.
const UNITS: [(char, u32); 3] = [('h', 3600), ('m', 60), ('s', 1)];

/// A length of time in whole seconds, at most 2^31-1 of them: what the fields of Kubernetes that end in `Seconds` hold.
///
/// Written as numbers with the units `h`, `m` and `s`, each at most once and the longest first. The text is canonical:
/// `90s` becomes `1m30s`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    seconds: u32,
    text: String,
}

impl Duration {
    /// Reads a length of time.
    ///
    /// # Errors
    /// States how lengths of time are written. A bare number is taken for seconds in the suggestion.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let refuse = |reason: &str| NameError::new(text, WHAT, Fault::of(reason));
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            let seconds = format!("{text}s");
            let meant = Self::parse(&seconds).ok().map(|_| seconds);
            return Err(refuse("it has no unit").suggest(meant));
        }
        let seconds = seconds(text).ok_or_else(|| {
            refuse(
                "write whole numbers with the units `h`, `m` and `s` in that order, as in `30s` or `1h30m`",
            )
        })?;
        let fits = u32::try_from(seconds).ok().filter(|seconds| *seconds <= i32::MAX.unsigned_abs());
        fits.map(Self::from_seconds).ok_or_else(|| refuse("it is longer than 2147483647 seconds"))
    }

    /// That many seconds.
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Self {
        let seconds = seconds.min(i32::MAX.unsigned_abs());
        Self { seconds, text: written(seconds) }
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The whole of it in seconds.
    #[must_use]
    pub const fn seconds(&self) -> u32 {
        self.seconds
    }

    /// The whole of it in seconds, as Kubernetes' own structs hold it.
    #[must_use]
    pub const fn seconds_i32(&self) -> i32 {
        self.seconds.cast_signed()
    }
}

string_traits!(Duration);
serialize_as_text!(Duration);

/// `None` where the text breaks the grammar; a sum too large for any field saturates.
fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut total = 0_u64;
    for (unit, length) in UNITS {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let count = number.parse().unwrap_or(u64::MAX);
        total = total.saturating_add(count.saturating_mul(length.into()));
        rest = after;
    }
    (rest.is_empty() && !text.is_empty()).then_some(total)
}

fn written(seconds: u32) -> String {
    use fmt::Write as _;
    let mut rest = seconds;
    let mut text = String::new();
    for (unit, length) in UNITS {
        if rest >= length {
            // Writing to a string cannot fail.
            let _ = write!(text, "{}{unit}", rest / length);
            rest %= length;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_add_up_and_print_canonically() {
        for (text, seconds, canonical) in [
            ("0s", 0, "0s"),
            ("30s", 30, "30s"),
            ("5m", 300, "5m"),
            ("1h30m", 5400, "1h30m"),
            ("90s", 90, "1m30s"),
            ("1h0m1s", 3601, "1h1s"),
            ("24h", 86_400, "24h"),
            ("2147483647s", 2_147_483_647, "596523h14m7s"),
        ] {
            let duration = Duration::parse(text).expect("the test writes lengths that hold");
            assert_eq!((duration.seconds(), duration.as_str()), (seconds, canonical), "{text}");
        }
    }

    #[test]
    fn lengths_that_do_not_hold() {
        for text in [
            "",
            "s",
            "1",
            "1d",
            "1.5h",
            "-1s",
            "+1s",
            "1s1m",
            "1m1m",
            "1 m",
            "1ms",
            "1h30",
            "h1",
            "2147483648s",
            "99999999999999999999999h",
            "١s",
        ] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
        let error = Duration::parse("30").expect_err("no unit");
        assert_eq!(
            (error.message(), error.suggestion()),
            ("`30` is not a length of time: it has no unit", Some("30s"))
        );
    }
}
