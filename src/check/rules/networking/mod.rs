//! How pods are reached, and by whom.

use crate::check::rule::Family;

#[allow(dead_code)]
pub(super) const FAMILY: Family = Family::Networking;
