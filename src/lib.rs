//! Bayplan.
pub mod check;
pub mod cli;
pub mod compile;
pub mod diag;
pub mod emit;
pub mod host;
pub mod layout;
pub mod lower;
pub mod model;
pub mod names;
pub mod object;
pub mod report;
pub mod resolve;
pub mod source;
pub mod spec;
