//! A calendar day, for what holds until one.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar. Earlier days are less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

const SECONDS_A_DAY: u64 = 24 * 60 * 60;

impl Date {
    /// The day so many days after 1970-01-01.
    ///
    /// The algorithm is Howard Hinnant's `civil_from_days`: years start in March, so a leap day comes last.
    #[must_use]
    pub fn from_days_since_epoch(days: u32) -> Self {
        let days = u64::from(days) + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
        Self { year: i64::try_from(year).unwrap_or(i64::MAX), month: small(month), day: small(day) }
    }

    /// The day of `time` in UTC; 1970-01-01 for a clock that stands before it.
    pub(super) fn of(time: SystemTime) -> Self {
        let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self::from_days_since_epoch(u32::try_from(seconds / SECONDS_A_DAY).unwrap_or(u32::MAX))
    }
}

/// `2026-02-28`
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn days_become_dates() {
        let written = |days| Date::from_days_since_epoch(days).to_string();
        assert_eq!(written(0), "1970-01-01");
        assert_eq!(written(58), "1970-02-28");
        assert_eq!(written(11_016), "2000-02-29");
        assert_eq!(written(11_017), "2000-03-01");
        assert_eq!(written(20_453), "2025-12-31");
        assert_eq!(written(20_454), "2026-01-01");
        assert_eq!(written(47_540), "2100-02-28");
        assert_eq!(written(47_541), "2100-03-01");
    }

    #[test]
    fn a_day_ends_at_midnight_in_utc() {
        let at = |seconds| Date::of(UNIX_EPOCH + Duration::from_secs(seconds)).to_string();
        assert_eq!(at(SECONDS_A_DAY - 1), "1970-01-01");
        assert_eq!(at(SECONDS_A_DAY), "1970-01-02");
        assert_eq!(Date::of(UNIX_EPOCH - Duration::from_secs(1)).to_string(), "1970-01-01");
    }

    #[test]
    fn every_day_is_later_than_the_one_before() {
        let dates: Vec<Date> = (0..60_000).map(Date::from_days_since_epoch).collect();
        assert!(dates.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
