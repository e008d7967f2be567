//! What `bayplan explain` says of a code.

use std::fmt;

use super::{Code, did_you_mean};

/// The code that somebody asked for is none of those that exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode {
    /// What was asked for.
    pub name: String,
    /// The code that was probably meant.
    pub suggestion: Option<&'static str>,
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no diagnostic code `{}`", super::clean::line(&self.name))?;
        match self.suggestion {
            Some(meant) => write!(f, "; did you mean `{meant}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownCode {}

/// The explanation of the code `name` in Markdown, ending in a newline.
///
/// The name may be pasted as a diagnostic prints it: `error[unknown-key]` is `unknown-key`.
///
/// # Errors
/// Where no code has that name.
pub fn explain(codes: &[&'static Code], name: &str) -> Result<String, UnknownCode> {
    let name = bare(name);
    match codes.iter().find(|code| code.name == name) {
        Some(code) => Ok(format!("# {} ({})\n\n{}\n", code.name, code.severity.as_str(), code.docs.trim())),
        None => Err(UnknownCode {
            name: name.to_owned(),
            suggestion: did_you_mean(name, codes.iter().map(|code| code.name)),
        }),
    }
}

fn bare(name: &str) -> &str {
    let inner = name.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(inner, _)| inner);
    inner.unwrap_or(name).trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Severity;

    static UNKNOWN_KEY: Code =
        Code { name: "unknown-key", severity: Severity::Error, docs: "\n## What it means\nA key.\n" };
    static CODES: [&Code; 1] = [&UNKNOWN_KEY];

    #[test]
    fn a_code_is_explained_under_its_name_and_as_pasted() {
        let text = "# unknown-key (error)\n\n## What it means\nA key.\n";
        assert_eq!(explain(&CODES, "unknown-key").as_deref(), Ok(text));
        assert_eq!(explain(&CODES, "error[unknown-key]:").as_deref(), Ok(text));
    }

    #[test]
    fn a_near_miss_is_answered_with_the_code_that_was_meant() {
        let message = |name: &str| explain(&CODES, name).map_err(|error| error.to_string());
        assert_eq!(
            message("unknwon-key"),
            Err("there is no diagnostic code `unknwon-key`; did you mean `unknown-key`?".to_owned())
        );
        assert_eq!(message("tea\u{1b}"), Err("there is no diagnostic code `tea\\u{1b}`".to_owned()));
    }
}
