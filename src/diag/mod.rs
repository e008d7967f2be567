//! What went wrong, as data: a [`Diagnostic`] with a stable code, a place and a remedy.
//!
//! Stages collect diagnostics; nothing here prints. A renderer turns them into one string
//! (`text`, `json`), and the command line decides where that goes.

mod code;
mod diagnostic;
mod suggest;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Label, Warned};
pub use suggest::did_you_mean;
