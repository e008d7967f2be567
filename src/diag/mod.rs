//! What went wrong, as data: a [`Diagnostic`] with a stable code, a place and a remedy.
//!
//! Stages collect diagnostics and [`fold`] puts them in order; nothing here prints. A renderer of [`render`] turns them
//! into one string, and the command line decides where that goes.

mod clean;
mod code;
mod diagnostic;
mod explain;
mod fold;
pub mod render;
mod suggest;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Label, Warned};
pub use explain::{UnknownCode, explain};
pub use fold::fold;
pub use suggest::did_you_mean;
