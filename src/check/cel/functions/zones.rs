//! The zones of times by name, from the database that `jiff` carries: what the machine has would be another answer on another
//! machine.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;

use crate::check::cel::value::Failure;

/// The seconds by which a zone is ahead of UTC at a time, which is given in billionths of a second since 1970.
///
/// Go finds zones as files, so case matters.
pub(super) fn seconds_ahead(zone: &str, nanos: i128) -> Result<i64, Failure> {
    static ZONES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    match zone {
        "" | "UTC" => return Ok(0),
        // That of the server.
        "Local" => return Err(Failure::Beyond("the time zone `Local`".to_owned())),
        _ => {}
    }
    let found = ZONES.get_or_init(TimeZoneDatabase::bundled).get(zone).ok();
    let found = found.filter(|found| found.iana_name() == Some(zone));
    let found = found.ok_or_else(|| Failure::Wrong(format!("`{zone}` is no time zone")))?;
    let time = Timestamp::from_nanosecond(nanos);
    let time = time.map_err(|_| Failure::Beyond("a time so far away in a time zone".to_owned()))?;
    Ok(i64::from(found.to_offset(time).seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_is_an_hour_ahead() {
        let second = 1_000_000_000;
        let (january, july) = (1_704_110_400 * second, 1_719_835_200 * second);
        assert_eq!(seconds_ahead("Europe/Amsterdam", january), Ok(3600));
        assert_eq!(seconds_ahead("Europe/Amsterdam", july), Ok(7200));
        assert_eq!(seconds_ahead("America/New_York", january), Ok(-5 * 3600));
        for wrong in ["europe/amsterdam", "Mars/Phobos", "../UTC"] {
            assert!(matches!(seconds_ahead(wrong, july), Err(Failure::Wrong(_))), "{wrong}");
        }
    }
}
