//! Kubernetes quantities, as `resource.ParseQuantity` of apimachinery reads them.
//!
//! Takes `250m`, `1.5Gi`, `1e3` or a JSON number; gives an exact, ordered amount in billionths, capped at 2^63-1 as in
//! Kubernetes; refuses what the API server's decoder refuses.

use crate::value::Value;

/// An amount of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quantity {
    nano: i128,
}

const NANO: i128 = 1_000_000_000;
const CAP: i128 = (i64::MAX as i128) * NANO;

impl Quantity {
    pub const ZERO: Self = Self { nano: 0 };
    pub const ONE: Self = Self { nano: NANO };

    /// Reads a JSON string or number.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text),
            Value::Number(number) => Self::parse(&number.to_string()),
            _ => None,
        }
    }

    /// Reads the written form.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, rest) = split_digits(rest);
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), split_digits);
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let nano = scaled(whole, fraction, Scale::read(suffix)?);
        Some(Self { nano: if negative { -nano } else { nano } })
    }

    /// This amount so many times over.
    pub fn times(self, count: i64) -> Self {
        Self { nano: self.nano.saturating_mul(i128::from(count)).min(CAP) }
    }

    /// The amount for people, in whole units where it is one, else in thousandths.
    pub fn shown(self) -> String {
        if self.is_whole() { (self.milli() / 1000).to_string() } else { format!("{}m", self.milli()) }
    }

    pub const fn is_negative(self) -> bool {
        self.nano < 0
    }

    /// Whether it is a whole number once rounded up to thousandths, as Kubernetes counts objects.
    pub const fn is_whole(self) -> bool {
        self.milli() % 1000 == 0
    }

    /// The number, where it is a whole one of 64 bits.
    pub fn whole(self) -> Option<i64> {
        if self.nano % NANO == 0 { i64::try_from(self.nano / NANO).ok() } else { None }
    }

    /// The nearest number of 64 bits with a fraction.
    #[allow(clippy::cast_precision_loss, reason = "it is asked for an approximation")]
    pub const fn approximate(self) -> f64 {
        self.nano as f64 / NANO as f64
    }

    /// Thousandths, rounded away from zero.
    pub const fn milli(self) -> i128 {
        let milli = self.nano / 1_000_000;
        if self.nano % 1_000_000 == 0 { milli } else { milli + self.nano.signum() }
    }
}

impl std::iter::Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |total, amount| Self { nano: total.nano.saturating_add(amount.nano) })
    }
}

/// What a suffix multiplies by: a power of ten or of 1024.
#[derive(Clone, Copy)]
enum Scale {
    Ten(i64),
    Binary(u32),
}

impl Scale {
    fn read(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "n" => Self::Ten(-9),
            "u" => Self::Ten(-6),
            "m" => Self::Ten(-3),
            "" => Self::Ten(0),
            "k" => Self::Ten(3),
            "M" => Self::Ten(6),
            "G" => Self::Ten(9),
            "T" => Self::Ten(12),
            "P" => Self::Ten(15),
            "E" => Self::Ten(18),
            "Ki" => Self::Binary(1),
            "Mi" => Self::Binary(2),
            "Gi" => Self::Binary(3),
            "Ti" => Self::Binary(4),
            "Pi" => Self::Binary(5),
            "Ei" => Self::Binary(6),
            _ => Self::Ten(suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
        })
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// The amount in billionths, rounded up and capped.
fn scaled(whole: &str, fraction: &str, scale: Scale) -> i128 {
    let digits = whole.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0');
    let fraction_length = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    // 38 digits are beyond any amount that is not capped; the rest only move the exponent.
    let (mut mantissa, mut exponent, mut count) = (0_i128, 9 - fraction_length, 0);
    for digit in digits {
        if count < 28 {
            mantissa = mantissa * 10 + i128::from(digit - b'0');
            count += 1;
        } else {
            exponent = exponent.saturating_add(1);
        }
    }
    match scale {
        Scale::Ten(power) => shift(mantissa, exponent.saturating_add(power)),
        Scale::Binary(power) => binary(mantissa, power, exponent),
    }
}

fn binary(mantissa: i128, power: u32, exponent: i64) -> i128 {
    let factor = 1024_i128.pow(power);
    match mantissa.checked_mul(factor) {
        Some(product) => shift(product, exponent),
        None => shift(mantissa, exponent).saturating_mul(factor).min(CAP),
    }
}

fn shift(mantissa: i128, exponent: i64) -> i128 {
    if mantissa == 0 {
        return 0;
    }
    let power = u32::try_from(exponent.unsigned_abs()).ok().and_then(|power| 10_i128.checked_pow(power));
    match (exponent >= 0, power) {
        (true, Some(power)) => mantissa.saturating_mul(power).min(CAP),
        (true, None) => CAP,
        (false, Some(power)) => (mantissa / power + i128::from(mantissa % power != 0)).min(CAP),
        (false, None) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nano(text: &str) -> Option<i128> {
        Quantity::parse(text).map(|quantity| quantity.nano)
    }

    #[test]
    fn all_forms_of_one_amount_are_equal() {
        for same in [
            ["1", "1000m"],
            ["1Ki", "1024"],
            ["0.5", "500m"],
            ["1e3", "1k"],
            ["1.5Gi", "1536Mi"],
            ["1E", "1e18"],
        ] {
            assert_eq!(nano(same[0]), nano(same[1]), "{same:?}");
        }
        assert_eq!(Quantity::of(&crate::value::json!(0.5)), Quantity::parse("500m"));
    }

    #[test]
    fn what_the_decoder_refuses_is_refused() {
        for bad in ["", "Mi", "1.5Gx", "1 Gi", "1gi", "--1", "1e", "0x10", "1KiB", ".", "+", "1,5"] {
            assert_eq!(nano(bad), None, "{bad:?}");
        }
        for good in [".5", "1.", "+1", "-1", "1e-3", "0", "1n"] {
            assert!(nano(good).is_some(), "{good:?}");
        }
    }

    #[test]
    fn amounts_are_capped_and_rounded_up() {
        assert_eq!(nano("9999999999999999999999999999999999E"), Some(CAP));
        assert_eq!(nano("1e400"), Some(CAP));
        assert_eq!(nano("0.0000000000001"), Some(1));
        assert!(!Quantity::parse("1.5").is_some_and(Quantity::is_whole));
        assert!(Quantity::parse("-1").is_some_and(Quantity::is_negative));
    }
}
