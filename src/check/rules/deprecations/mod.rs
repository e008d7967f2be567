//! What a version of Kubernetes will take away, or has taken.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Deprecations;

pub(super) mod dep_annotation_label;
pub(super) mod dep_crd_version;
pub(super) mod dep_deprecated_api;
pub(super) mod dep_field;
pub(super) mod lifecycle;
