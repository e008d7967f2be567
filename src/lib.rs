//! Bayplan.
pub mod diag;
pub mod emit;
pub mod host;
pub mod layout;
pub mod object;
pub mod source;
