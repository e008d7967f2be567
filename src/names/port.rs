//! Port numbers and the names that ports go by.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::NameError;
use super::error::Fault;
use super::text::{
    Class, LOWER_ALPHANUMERIC, at_most, ends, every, hyphenated, is_lower_alphanumeric, starts, text_name,
};

/// The longest name of RFC 6335.
const NAME_MOST: usize = 15;
const NAME: Class =
    Class { holds: |c| is_lower_alphanumeric(c) || c == '-', name: "a lower-case letter, a digit or `-`" };

/// A port from 1 to 65535 (`validation.IsValidPortNum`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PortNumber(u16);

impl PortNumber {
    /// The port of that number.
    ///
    /// # Errors
    /// States the range where `number` is outside it.
    pub fn new(number: i64) -> Result<Self, NameError> {
        let port = u16::try_from(number).ok().filter(|port| *port > 0);
        port.map(Self).ok_or_else(|| refused(&number.to_string()))
    }

    /// Reads a port written in decimal digits.
    ///
    /// # Errors
    /// States the range where `text` is no number inside it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused(text));
        }
        text.parse::<u16>().ok().filter(|port| *port > 0).map(Self).ok_or_else(|| refused(text))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Whether only a privileged process may listen on it: below 1024, as Linux draws the line.
    #[must_use]
    pub const fn is_privileged(self) -> bool {
        self.0 < 1024
    }
}

impl fmt::Display for PortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PortNumber {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl From<PortNumber> for i32 {
    /// The type that Kubernetes' own structs have.
    fn from(port: PortNumber) -> Self {
        Self::from(port.0)
    }
}

fn refused(text: &str) -> NameError {
    NameError::new(text, "a port number", Fault::of("it is not a whole number from 1 to 65535"))
}

text_name! {
    /// The name of a port: at most 15 lower-case letters, digits and single `-`, at least one letter, none of the `-`
    /// at an end.
    ///
    /// `validation.IsValidPortName`, after RFC 6335.
    PortName, "a port name", name, hyphenated
}

fn name(text: &str) -> Result<(), Fault> {
    every(text, &NAME)?;
    starts(text, &LOWER_ALPHANUMERIC)?;
    ends(text, &LOWER_ALPHANUMERIC)?;
    if text.contains("--") {
        return Err(Fault::of("two `-` follow each other"));
    }
    if !text.contains(|c: char| c.is_ascii_lowercase()) {
        return Err(Fault::of("it has no letter"));
    }
    at_most(text, NAME_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_lies_between_1_and_65535() {
        for (number, fits) in
            [(-1, false), (0, false), (1, true), (65535, true), (65536, false), (i64::MAX, false)]
        {
            assert_eq!(PortNumber::new(number).is_ok(), fits, "{number}");
            assert_eq!(PortNumber::parse(&number.to_string()).is_ok(), fits, "{number}");
        }
        for text in ["", "+80", " 80", "http", "8e1", "٨٠"] {
            assert!(PortNumber::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_port_out_of_range_says_the_range() {
        let error = PortNumber::new(70_000).expect_err("too large");
        assert_eq!(error.message(), "`70000` is not a port number: it is not a whole number from 1 to 65535");
    }

    #[test]
    fn a_port_name_is_short_and_has_a_letter() {
        for text in ["http", "a", "1a", "grpc-web", "abcdefghijklmno"] {
            assert!(PortName::parse(text).is_ok(), "{text}");
        }
        for text in ["", "80", "1-2", "a--b", "-a", "a-", "Http", "a_b", "é", "abcdefghijklmnop"] {
            assert!(PortName::parse(text).is_err(), "{text}");
        }
    }
}
