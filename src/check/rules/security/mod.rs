//! What an attacker could use.

use crate::check::rule::Family;

#[allow(dead_code)]
pub(super) const FAMILY: Family = Family::Security;
