//! What breaks when a pod, a node or a release goes wrong.

use crate::check::rule::Family;

#[allow(dead_code)]
pub(super) const FAMILY: Family = Family::Reliability;
