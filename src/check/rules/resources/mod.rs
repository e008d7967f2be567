//! What pods ask of nodes, and what they may take.

use crate::check::rule::Family;

#[allow(dead_code)]
pub(super) const FAMILY: Family = Family::Resources;
