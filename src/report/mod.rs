//! Views of a compiled platform: what follows from it, for people to read.
//!
//! Takes models and objects; gives values and the texts that show them. Changes nothing and refuses nothing.

mod capacity;
pub mod diff;

pub use capacity::{Capacity, Load, Row, capacity};
