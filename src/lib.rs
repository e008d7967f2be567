//! Bayplan.
pub mod diag;
pub mod layout;
pub mod lower;
pub mod model;
pub mod names;
pub mod object;
pub mod source;
pub mod spec;
