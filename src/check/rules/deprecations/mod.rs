//! What a version of Kubernetes will take away, or has taken.

use crate::check::rule::Family;

#[allow(dead_code)]
pub(super) const FAMILY: Family = Family::Deprecations;
