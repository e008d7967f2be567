//! What the text names share: the shape of the type, and the predicates that the rules are made of.

use super::error::Fault;

/// Declares a newtype over `String` whose constructor is `$rule`, with `$mend` to guess what was meant.
macro_rules! text_name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:path, $mend:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Reads ", $what, ".")]
            ///
            /// # Errors
            /// States the rule that `text` breaks, and where it breaks it.
            pub fn parse(text: &str) -> Result<Self, $crate::names::NameError> {
                match $rule(text) {
                    Ok(()) => Ok(Self(text.to_owned())),
                    Err(fault) => {
                        let meant = $mend(text).filter(|meant| meant != text && $rule(meant).is_ok());
                        Err($crate::names::NameError::new(text, $what, fault).suggest(meant))
                    }
                }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        $crate::names::text::string_traits!($name);
    };
}

/// What every name does that has `parse` and `as_str`: it prints, reads and lends itself as text.
macro_rules! string_traits {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::names::NameError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }
    };
}

/// Serialises a name as its text, for the types that hold more than the text.
macro_rules! serialize_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(super) use {serialize_as_text, string_traits, text_name};

/// A class of characters, and how a message names it.
pub(super) struct Class {
    /// Whether a character belongs.
    pub(super) holds: fn(char) -> bool,
    /// "a lower-case letter or a digit".
    pub(super) name: &'static str,
}

/// `[a-z0-9]`
pub(super) const LOWER_ALPHANUMERIC: Class =
    Class { holds: is_lower_alphanumeric, name: "a lower-case letter or a digit" };

/// Whether `c` is in `[a-z0-9]`.
pub(super) const fn is_lower_alphanumeric(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Refuses the first character of `text` that is outside `class`.
pub(super) fn every(text: &str, class: &Class) -> Result<(), Fault> {
    match text.char_indices().find(|(_, c)| !(class.holds)(*c)) {
        Some((position, _)) => Err(Fault::character(text, position, class.name)),
        None => Ok(()),
    }
}

/// Refuses a text whose first character is outside `class`.
pub(super) fn starts(text: &str, class: &Class) -> Result<(), Fault> {
    match text.chars().next() {
        Some(c) if (class.holds)(c) => Ok(()),
        Some(_) => Err(Fault::character(text, 0, &format!("{}, as the first must be", class.name))),
        None => Err(Fault::of("it is empty")),
    }
}

/// Refuses a text whose last character is outside `class`.
pub(super) fn ends(text: &str, class: &Class) -> Result<(), Fault> {
    match text.char_indices().next_back() {
        Some((_, c)) if (class.holds)(c) => Ok(()),
        Some((position, _)) => {
            Err(Fault::character(text, position, &format!("{}, as the last must be", class.name)))
        }
        None => Err(Fault::of("it is empty")),
    }
}

/// Refuses a text of more than `most` bytes. Every rule here allows ASCII alone, where bytes are characters.
pub(super) fn at_most(text: &str, most: usize) -> Result<(), Fault> {
    if text.len() > most { Err(Fault::too_long(text.len(), most)) } else { Ok(()) }
}

/// No guess.
pub(super) fn no_guess(_: &str) -> Option<String> {
    None
}

/// The lower-case, hyphenated form of a text that holds nothing else than letters, digits and separators.
pub(super) fn hyphenated(text: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || is_separator(c);
    if !text.chars().all(plain) {
        return None;
    }
    let words: Vec<&str> = text.split(is_separator).filter(|word| !word.is_empty()).collect();
    Some(words.join("-").to_ascii_lowercase())
}

const fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | ' ' | '/' | ':')
}
