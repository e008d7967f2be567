//! Network policies let through what was declared.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Reachability;

pub(super) mod edge_cut;
