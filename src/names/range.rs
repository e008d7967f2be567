//! A request and a limit in one text: `100m..250m`.

use std::fmt;
use std::str::FromStr;

use super::error::Fault;
use super::text::serialize_as_text;
use super::{NameError, Quantity};

const WHAT: &str = "a range from request to limit";

/// What a container asks for and what it may take at most, of one resource.
///
/// `100m..250m` has both ends, `..512Mi` a limit alone, `128Mi..` a request alone, and `1Gi` is both at once. Neither is
/// negative and the request is not above the limit (`ValidateResourceRequirements` in
/// `k8s.io/kubernetes/pkg/apis/core/validation`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceRange {
    request: Option<Quantity>,
    limit: Option<Quantity>,
    text: String,
}

impl ResourceRange {
    /// Reads a range.
    ///
    /// # Errors
    /// States which end is no quantity, or that the request is above the limit.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        match text.split_once("..") {
            None => {
                let both = end(text)?;
                Self::checked(text, both.clone(), both)
            }
            Some((request, limit)) => Self::checked(text, end(request)?, end(limit)?),
        }
    }

    fn checked(text: &str, request: Option<Quantity>, limit: Option<Quantity>) -> Result<Self, NameError> {
        let refuse = |reason: String| Err(NameError::new(text, WHAT, Fault::of(reason)));
        match (&request, &limit) {
            (None, None) => refuse(
                "it has neither a request nor a limit; write `100m..250m`, `..250m` or `100m..`".into(),
            ),
            (Some(amount), _) | (_, Some(amount)) if amount.is_negative() => {
                refuse(format!("{amount} is below zero"))
            }
            (Some(low), Some(high)) if low > high => {
                let swapped = Some(format!("{high}..{low}"));
                let fault = Fault::of(format!("the request {low} is above the limit {high}"));
                Err(NameError::new(text, WHAT, fault).suggest(swapped.filter(|_| !high.is_negative())))
            }
            _ => Ok(Self { text: written(request.as_ref(), limit.as_ref()), request, limit }),
        }
    }

    /// What the scheduler sets aside.
    #[must_use]
    pub const fn request(&self) -> Option<&Quantity> {
        self.request.as_ref()
    }

    /// What the container may take at most.
    #[must_use]
    pub const fn limit(&self) -> Option<&Quantity> {
        self.limit.as_ref()
    }

    /// The text, with canonical quantities.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ResourceRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for ResourceRange {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

serialize_as_text!(ResourceRange);

fn end(text: &str) -> Result<Option<Quantity>, NameError> {
    if text.is_empty() { Ok(None) } else { Quantity::parse(text).map(Some) }
}

fn written(request: Option<&Quantity>, limit: Option<&Quantity>) -> String {
    let text = |amount: Option<&Quantity>| amount.map(ToString::to_string).unwrap_or_default();
    if request == limit { text(request) } else { format!("{}..{}", text(request), text(limit)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(text: &str) -> Result<(String, String), String> {
        let range = ResourceRange::parse(text).map_err(|error| error.to_string())?;
        let shown = |end: Option<&Quantity>| end.map_or_else(|| "-".to_owned(), ToString::to_string);
        Ok((shown(range.request()), shown(range.limit())))
    }

    fn both(request: &str, limit: &str) -> (String, String) {
        (request.to_owned(), limit.to_owned())
    }

    #[test]
    fn either_end_may_be_left_out() {
        assert_eq!(ends("100m..250m"), Ok(both("100m", "250m")));
        assert_eq!(ends("..512Mi"), Ok(both("-", "512Mi")));
        assert_eq!(ends("128Mi.."), Ok(both("128Mi", "-")));
        assert_eq!(ends("1Gi"), Ok(both("1Gi", "1Gi")));
        assert_eq!(ends("0..1"), Ok(both("0", "1")));
        assert_eq!(ends("1.5..2"), Ok(both("1500m", "2")));
    }

    #[test]
    fn a_range_without_an_end_or_upside_down_is_refused() {
        for text in ["", "..", "a..b", "1..2..3", "100m...250m", "-1..1", "..-1", "-1", "100m - 250m"] {
            assert!(ends(text).is_err(), "{text}");
        }
        let error = ResourceRange::parse("1Gi..512Mi").expect_err("upside down");
        assert_eq!(
            error.message(),
            "`1Gi..512Mi` is not a range from request to limit: the request 1Gi is above the limit 512Mi"
        );
        assert_eq!(error.suggestion(), Some("512Mi..1Gi"));
    }

    #[test]
    fn a_range_prints_as_it_reads() {
        for (text, printed) in
            [("1000m..2", "1..2"), ("1Gi..1024Mi", "1Gi"), ("..1024Mi", "..1Gi"), ("1..", "1..")]
        {
            assert_eq!(ResourceRange::parse(text).map(|range| range.to_string()), Ok(printed.to_owned()));
        }
    }
}
