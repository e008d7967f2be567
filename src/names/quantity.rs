//! Quantities: `250m` of a processor, `512Mi` of memory, as exact amounts that can be compared and summed.
//!
//! The grammar, the rounding and the canonical form are those of `k8s.io/apimachinery/pkg/api/resource`. Three spellings
//! differ: a number without a digit (`Mi`, `.`) is refused, where the API server reads a zero by accident; a number
//! beyond 2^63-1 becomes 2^63-1 in every notation, as that package's documentation says; and the canonical form is
//! always the documented one (`1500m`, never `1.500`).

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::iter::Sum;
use std::ops::Add;

use super::NameError;
use super::quantity_text::{Notation, canonical, parse};
use super::text::{serialize_as_text, string_traits};

/// How many of the smallest unit make one.
pub(super) const NANOS: i128 = 1_000_000_000;
/// The largest amount: 2^63-1.
pub(super) const MOST: i128 = i64::MAX as i128 * NANOS;

const MILLI: i128 = NANOS / 1_000;

/// An exact amount of something, and the notation that it is written in.
///
/// Equality, order and hash go by the amount: `1Gi` equals `1024Mi`. The text is the canonical form, which is what the
/// API server stores and hands back: `0.5` becomes `500m`, `1024Mi` becomes `1Gi`.
#[derive(Debug, Clone)]
pub struct Quantity {
    nanos: i128,
    notation: Notation,
    text: String,
}

impl Quantity {
    /// Reads a quantity.
    ///
    /// # Errors
    /// States what is wrong with the number or the suffix; the suggestion mends the suffix that people get wrong
    /// (`512MB`, `1gb`, `100 m`).
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let (nanos, notation) = parse(text)?;
        Ok(Self::of(nanos, notation))
    }

    /// An amount of thousandths: `from_millis(250)` is `250m` of a processor.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self::of(i128::from(millis).saturating_mul(MILLI), Notation::Decimal)
    }

    /// An amount of whole units, written in powers of 1024: `from_bytes(1 << 30)` is `1Gi`.
    #[must_use]
    pub fn from_bytes(bytes: i64) -> Self {
        Self::of(i128::from(bytes).saturating_mul(NANOS), Notation::Binary)
    }

    /// Nothing.
    #[must_use]
    pub fn zero() -> Self {
        Self::of(0, Notation::Decimal)
    }

    fn of(nanos: i128, notation: Notation) -> Self {
        let nanos = nanos.clamp(-MOST, MOST);
        Self { nanos, notation, text: canonical(nanos, notation) }
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The exact amount in billionths.
    #[must_use]
    pub const fn nanos(&self) -> i128 {
        self.nanos
    }

    /// The amount in thousandths, rounded away from zero: millicores of a processor.
    #[must_use]
    pub const fn millis(&self) -> i128 {
        rounded_away(self.nanos, MILLI)
    }

    /// The amount in whole units, rounded away from zero: bytes of memory.
    #[must_use]
    pub const fn units(&self) -> i128 {
        rounded_away(self.nanos, NANOS)
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.nanos == 0
    }

    /// Whether it is below nothing, which Kubernetes refuses for every resource.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.nanos < 0
    }

    /// This amount `count` times: what that many replicas ask for.
    #[must_use]
    pub fn times(&self, count: u32) -> Self {
        Self::of(self.nanos.saturating_mul(i128::from(count)), self.notation)
    }
}

const fn rounded_away(nanos: i128, unit: i128) -> i128 {
    let whole = nanos / unit;
    if nanos % unit == 0 { whole } else { whole + nanos.signum() }
}

/// The sum in the notation of the left side, or of the right where the left is nothing, as Kubernetes adds.
impl Add<&Quantity> for Quantity {
    type Output = Self;

    fn add(self, other: &Self) -> Self {
        let notation = if self.is_zero() { other.notation } else { self.notation };
        Self::of(self.nanos.saturating_add(other.nanos), notation)
    }
}

impl<'a> Sum<&'a Quantity> for Quantity {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        amounts.fold(Self::zero(), |total, amount| total + amount)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nanos.hash(state);
    }
}

string_traits!(Quantity);
serialize_as_text!(Quantity);

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).expect("the test writes quantities that hold")
    }

    #[test]
    fn amounts_compare_across_notations() {
        assert_eq!(quantity("1Gi"), quantity("1024Mi"));
        assert_eq!(quantity("1"), quantity("1000m"));
        assert!(quantity("1Gi") > quantity("1G"));
        assert!(quantity("-1") < quantity("0"));
        assert!(quantity("999m") < quantity("1"));
    }

    #[test]
    fn amounts_add_up_in_the_first_notation() {
        assert_eq!((quantity("512Mi") + &quantity("0.5Gi")).as_str(), "1Gi");
        assert_eq!((quantity("750m") + &quantity("0.25")).as_str(), "1");
        let total: Quantity = [quantity("0"), quantity("128Mi"), quantity("1Gi")].iter().sum();
        assert_eq!(total.as_str(), "1152Mi");
        assert_eq!(quantity("100m").times(3).as_str(), "300m");
    }

    #[test]
    fn thousandths_and_units_round_away_from_zero() {
        assert_eq!(quantity("0.1m").millis(), 1);
        assert_eq!(quantity("-0.1m").millis(), -1);
        assert_eq!(quantity("1500m").units(), 2);
        assert_eq!(quantity("1Ki").units(), 1024);
        assert_eq!(quantity("250m").millis(), 250);
    }

    #[test]
    fn nothing_overflows() {
        let most = quantity("9223372036854775807");
        assert_eq!(most.clone() + &most, most);
        assert_eq!(most.times(u32::MAX), most);
        assert_eq!(Quantity::from_millis(i64::MIN).millis(), i128::from(i64::MIN));
        assert_eq!(Quantity::from_bytes(1 << 30).as_str(), "1Gi");
    }
}
