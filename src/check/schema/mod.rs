//! Structural validation: is an object of the shape that the API server decodes?
//!
//! Takes an object as a JSON value and the [`Schemas`] of a Kubernetes version; gives every [`Violation`] with its path.
//! It knows types, required and unknown fields, formats and value validations, and nothing of meaning: that two ports
//! have one name is for the rules.

mod constraints;
mod crd;
mod definition;
mod embedded;
pub(crate) mod formats;
mod library;
mod validations;
mod walker;

pub use library::{Kind, Schemas};
pub use walker::{Violation, ViolationKind, validate};
