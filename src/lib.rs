//! Bayplan.
pub mod diag;
pub mod layout;
pub mod names;
pub mod object;
pub mod source;
pub mod spec;
