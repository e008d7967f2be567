//! Names of environment variables, and keys of ConfigMaps and Secrets.

use super::error::Fault;
use super::text::{Class, at_most, every, hyphenated, no_guess, text_name};

/// The longest key: it becomes a file name.
const KEY_MOST: usize = 253;

const PRINTABLE: Class = Class {
    holds: |c| matches!(c, ' '..='~') && c != '=',
    name: "a printable ASCII character other than `=`",
};
const KEY: Class = Class {
    holds: |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'),
    name: "a letter, a digit, `-`, `_` or `.`",
};

text_name! {
    /// The name of an environment variable: printable ASCII without `=`.
    ///
    /// `validation.IsRelaxedEnvVarName`, which holds by default from Kubernetes 1.32 on.
    EnvName, "a name of an environment variable", environment, no_guess
}

text_name! {
    /// A key of a ConfigMap or a Secret: at most 253 letters, digits, `-`, `_` and `.`, and no step up a folder.
    ///
    /// `validation.IsConfigMapKey`.
    ConfigKey, "a key of a ConfigMap or Secret", config, hyphenated
}

impl EnvName {
    /// Whether a shell can name it: letters, digits and `_`, no digit first.
    #[must_use]
    pub fn is_shell_identifier(&self) -> bool {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        self.0.chars().all(word) && !self.0.starts_with(|c: char| c.is_ascii_digit())
    }
}

fn environment(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::of("it is empty"));
    }
    every(text, &PRINTABLE)
}

fn config(text: &str) -> Result<(), Fault> {
    if text.is_empty() {
        return Err(Fault::of("it is empty"));
    }
    every(text, &KEY)?;
    if text == "." || text.starts_with("..") {
        return Err(Fault::of("it is `.` or starts with `..`, and a key becomes a file name"));
    }
    at_most(text, KEY_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_printable_ascii_without_an_equals_sign() {
        for text in ["PATH", "a", "my.var-1", "1A", "a b", "~"] {
            assert!(EnvName::parse(text).is_ok(), "{text}");
        }
        for text in ["", "A=B", "é", "a\tb", "a\n", "\u{7f}"] {
            assert!(EnvName::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_shell_can_name_only_identifiers() -> Result<(), crate::names::NameError> {
        assert!(EnvName::parse("_A1")?.is_shell_identifier());
        assert!(!EnvName::parse("1A")?.is_shell_identifier());
        assert!(!EnvName::parse("a.b")?.is_shell_identifier());
        Ok(())
    }

    #[test]
    fn a_key_is_a_file_name_in_one_folder() {
        for text in ["a", ".env", "tls.crt", "A_B-c.d", "a..b", &"k".repeat(253)] {
            assert!(ConfigKey::parse(text).is_ok(), "{text}");
        }
        for text in ["", ".", "..", "..a", "a/b", "a b", "é", &"k".repeat(254)] {
            assert!(ConfigKey::parse(text).is_err(), "{text}");
        }
    }
}
