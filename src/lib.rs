//! Bayplan.
pub mod check;
pub mod diag;
pub mod layout;
pub mod object;
pub mod source;
