//! What keeps a tree readable.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Hygiene;

pub(super) mod custom_rule;
pub(super) mod hyg_forbidden_annotations;
pub(super) mod hyg_namespace_explicit;
pub(super) mod hyg_required_annotations;
pub(super) mod hyg_required_labels;
pub(super) mod hyg_unused_object;
pub(super) mod reject_kind;
