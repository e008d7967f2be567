//! The text of quantities: reading the grammar, and writing the canonical form.
//!
//! All arithmetic is on decimal digits and 128-bit integers, so amounts are exact to the billionth and nothing overflows.

use super::NameError;
use super::error::Fault;
use super::quantity::{MOST, NANOS};

const WHAT: &str = "a quantity";
/// The suffixes of powers of 1024, by their exponent of two, upwards.
const BINARY: [(&str, u32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];
/// The suffixes of powers of 1000, by their exponent of ten, upwards.
const DECIMAL: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

/// In which of its three ways a quantity is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// `512Mi`
    Binary,
    /// `250m`
    Decimal,
    /// `5e3`
    Exponent,
}

/// What follows the number.
#[derive(Debug, Clone, Copy)]
enum Suffix {
    Two(u32),
    Ten(i32),
    Exponent(i32),
}

/// A quantity taken apart.
struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
}

/// The amount in billionths, and the notation.
pub(super) fn parse(text: &str) -> Result<(i128, Notation), NameError> {
    let refuse = |fault| NameError::new(text, WHAT, fault).suggest(guess(text));
    let parts = split(text).map_err(refuse)?;
    let suffix = suffix(parts.suffix).ok_or_else(|| refuse(suffix_fault(text, parts.suffix)))?;
    let (magnitude, notation) = match suffix {
        Suffix::Two(power) => (binary_nanos(&parts, power), Notation::Binary),
        Suffix::Ten(power) => (decimal_nanos(&parts, power), Notation::Decimal),
        Suffix::Exponent(power) => (decimal_nanos(&parts, power), Notation::Exponent),
    };
    let magnitude = magnitude.min(MOST);
    Ok((if parts.negative { -magnitude } else { magnitude }, notation))
}

fn split(text: &str) -> Result<Parts<'_>, Fault> {
    let negative = text.starts_with('-');
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = digits(number);
    let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits);
    if whole.is_empty() && fraction.is_empty() {
        return Err(Fault::of("it does not start with a number"));
    }
    Ok(Parts { negative, whole, fraction, suffix })
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn suffix(text: &str) -> Option<Suffix> {
    if let Some((_, power)) = BINARY.iter().find(|(name, _)| *name == text) {
        return Some(Suffix::Two(*power));
    }
    if let Some((_, power)) = DECIMAL.iter().find(|(name, _)| *name == text) {
        return Some(Suffix::Ten(*power));
    }
    text.strip_prefix(['e', 'E'])?.parse().ok().map(Suffix::Exponent)
}

fn suffix_fault(text: &str, suffix: &str) -> Fault {
    let position = text.len() - suffix.len();
    let reason = if suffix.trim().is_empty() || text.trim() != text {
        "it holds blanks".to_owned()
    } else {
        format!(
            "`{}` is no suffix; there are n u m k M G T P E and Ki Mi Gi Ti Pi Ei",
            super::error::shown(suffix)
        )
    };
    Fault::at(position, reason)
}

/// The quantity that was meant, for the suffixes that people write from habit.
fn guess(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != '_').collect();
    if parse_plain(&compact) {
        return Some(compact);
    }
    let parts = split(&compact).ok()?;
    let number = compact.strip_suffix(parts.suffix)?;
    let unit = match parts.suffix.to_ascii_lowercase().as_str() {
        "kb" | "kib" | "ki" | "k" => "Ki",
        "mb" | "mib" | "mi" => "Mi",
        "gb" | "gib" | "gi" | "g" => "Gi",
        "tb" | "tib" | "ti" | "t" => "Ti",
        "b" | "cpu" | "cpus" | "core" | "cores" => "",
        _ => return None,
    };
    Some(format!("{number}{unit}"))
}

fn parse_plain(text: &str) -> bool {
    split(text).is_ok_and(|parts| suffix(parts.suffix).is_some())
}

/// The magnitude in billionths of a number times `2^power`, rounded up.
fn binary_nanos(parts: &Parts<'_>, power: u32) -> i128 {
    let unit = NANOS << power;
    let whole = parts
        .whole
        .bytes()
        .fold(0, |sum: i128, digit| sum.saturating_mul(10).saturating_add(value(digit) * unit).min(MOST));
    // The ceiling of a nested division is the division of the ceiling, so rounding at every digit is exact.
    let fraction =
        parts.fraction.bytes().rev().fold(0, |sum: i128, digit| (value(digit) * unit + sum + 9) / 10);
    whole.saturating_add(fraction)
}

/// The magnitude in billionths of a number times `10^power`, rounded up.
fn decimal_nanos(parts: &Parts<'_>, power: i32) -> i128 {
    let all = || parts.whole.bytes().chain(parts.fraction.bytes()).skip_while(|digit| *digit == b'0');
    let length = i64::try_from(all().count()).unwrap_or(i64::MAX);
    let places = i64::try_from(parts.fraction.len()).unwrap_or(i64::MAX);
    // The digits before the point once the number counts billionths.
    let before = length.saturating_sub(places).saturating_add(i64::from(power)).saturating_add(9);
    if length == 0 {
        return 0;
    }
    // The largest amount has 28 digits in billionths.
    let before = usize::try_from(before.clamp(0, 30)).unwrap_or(30);
    let kept =
        all().chain(std::iter::repeat(b'0')).take(before).fold(0, |sum: i128, digit| sum * 10 + value(digit));
    let dropped = all().skip(before).any(|digit| digit != b'0');
    kept + i128::from(dropped)
}

const fn value(digit: u8) -> i128 {
    (digit - b'0') as i128
}

/// The canonical text: no fraction, and the largest suffix that keeps the number whole.
pub(super) fn canonical(nanos: i128, notation: Notation) -> String {
    let small = nanos.abs() < 1024 * NANOS;
    match notation {
        _ if nanos == 0 => "0".to_owned(),
        Notation::Binary if !small && nanos % NANOS == 0 => binary_text(nanos / NANOS),
        Notation::Binary | Notation::Decimal => decimal_text(nanos, Notation::Decimal),
        Notation::Exponent => decimal_text(nanos, Notation::Exponent),
    }
}

fn binary_text(units: i128) -> String {
    let fits = BINARY.iter().rev().find(|(_, power)| units % (1_i128 << power) == 0);
    fits.map_or_else(|| units.to_string(), |(name, power)| format!("{}{name}", units >> power))
}

fn decimal_text(nanos: i128, notation: Notation) -> String {
    let (mut mantissa, mut power) = (nanos, -9);
    while mantissa % 1000 == 0 && power < 18 {
        mantissa /= 1000;
        power += 3;
    }
    let name = DECIMAL.iter().find(|(_, exponent)| *exponent == power).map_or("", |(name, _)| *name);
    match notation {
        Notation::Exponent if power != 0 => format!("{mantissa}e{power}"),
        _ => format!("{mantissa}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        parse(text).map_or_else(|error| error.to_string(), |(nanos, notation)| canonical(nanos, notation))
    }

    #[test]
    fn the_canonical_form_is_that_of_kubernetes() {
        // From the documentation of `resource.Quantity` and from its tests.
        for (text, canonical) in [
            ("0", "0"),
            ("0Mi", "0"),
            ("-0", "0"),
            ("+1", "1"),
            ("1.5", "1500m"),
            ("0.5", "500m"),
            ("1000m", "1"),
            ("100m", "100m"),
            ("1.5Gi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("1Ki", "1Ki"),
            ("0.5Ki", "512"),
            ("1000Ki", "1000Ki"),
            ("1536Mi", "1536Mi"),
            ("0.1Ki", "102400m"),
            ("1.Gi", "1Gi"),
            (".5G", "500M"),
            ("12.34e3", "12340"),
            ("1e3", "1e3"),
            ("1E3", "1e3"),
            ("1E", "1E"),
            ("1e-3", "1e-3"),
            ("100e-3", "100e-3"),
            ("1e0", "1"),
            ("1n", "1n"),
            ("0.1n", "1n"),
            ("-0.1n", "-1n"),
            ("1.0000000001", "1000000001n"),
            ("1000000", "1M"),
            ("1025Ki", "1025Ki"),
            ("-1Mi", "-1Mi"),
            ("001", "1"),
            ("1000E", "9223372036854775807"),
            ("8Ei", "9223372036854775807"),
            ("1e999999", "9223372036854775807"),
            ("1e-999999", "1e-9"),
        ] {
            assert_eq!(rewritten(text), canonical, "{text}");
        }
    }

    #[test]
    fn fractions_of_powers_of_two_are_exact_to_the_billionth() {
        assert_eq!(rewritten("0.000001Gi"), "1073741824u");
        assert_eq!(rewritten("1.0000000000000000000000000000001Ki"), "1024000000001n");
    }

    #[test]
    fn what_is_no_quantity_says_why() {
        for text in [
            "",
            "m",
            "Mi",
            ".",
            "-",
            "abc",
            "--1",
            "1 Gi",
            "1KiB",
            "1K",
            "1mi",
            "1e",
            "1e+",
            "1e99999999999",
            "0x1",
            "1,5",
            "١",
            "1Mi\n",
            "1_000",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(rewritten("Mi"), "`Mi` is not a quantity: it does not start with a number");
        assert_eq!(
            rewritten("512MB"),
            "`512MB` is not a quantity: `MB` is no suffix; there are n u m k M G T P E and Ki Mi Gi Ti Pi Ei"
        );
    }

    #[test]
    fn suffixes_of_habit_are_mended() {
        let meant = |text: &str| parse(text).err()?.suggestion().map(str::to_owned);
        for (text, mended) in [
            ("512MB", "512Mi"),
            ("1gb", "1Gi"),
            ("100 m", "100m"),
            ("1K", "1Ki"),
            ("2cores", "2"),
            ("1_000", "1000"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(mended), "{text}");
        }
        assert_eq!(meant("1x"), None);
    }
}
