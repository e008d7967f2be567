//! Diagnostics as text for people and as data for programs: one renderer a file.
//!
//! A renderer takes diagnostics and the texts that they point into, and gives one string. It prints nothing, sorts
//! nothing (that is [`fold`](super::fold)'s) and lets no control character of the user's text through.

mod counts;
mod github;
mod json;
mod junit;
mod sarif;
mod tap;
mod text;

pub use counts::counts;
pub use github::github;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;
pub use tap::tap;
pub use text::{Color, Style, text};

use super::{Diagnostic, Severity};

/// How many there are of each weight: `2 errors, 1 warning`. Empty where there is none.
#[must_use]
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let of = |severity: Severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let counted = |severity: Severity| match of(severity) {
        0 => None,
        1 => Some(format!("1 {}", severity.as_str())),
        count => Some(format!("{count} {}s", severity.as_str())),
    };
    let parts: Vec<String> =
        [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(counted).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests;
