//! Rules over objects. The rules themselves land next; this is the seam that the driver calls.

use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::KeyPath;

/// Every diagnostic of this stage, by name.
pub static CODES: &[&Code] = &[];

/// What the rules have to know beside the objects.
#[derive(Debug, Default)]
pub struct Context;

impl Context {
    /// The context of a platform.
    #[must_use]
    pub const fn of(_: &crate::model::Platform) -> Self {
        Self
    }
}

/// One thing that a rule has to say of one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The diagnostic.
    pub diagnostic: Diagnostic,
    /// The entity of `platform.toml` that the object comes from.
    pub source: KeyPath,
}

/// Checks all objects of one environment with every rule.
#[must_use]
pub const fn run(_: &[Object], _: &Context) -> Vec<Finding> {
    Vec::new()
}
