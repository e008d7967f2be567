//! Systems that exist already, as a platform: files of other tools become `spec`, the types of `platform.toml`.
//!
//! Takes texts that somebody else has read; gives what the user would have written, and says of everything that could not be
//! carried over where it stands and why. It decides nothing that the language decides: what it gives is compiled like any
//! other platform. It refuses what is not of the format, and never passes on the value of a secret.

pub mod compose;
mod toml;

pub use compose::CODES;
pub use toml::write;
