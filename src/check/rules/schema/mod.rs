//! The object is of the shape that the API server of the target version decodes.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Schema;

pub(super) mod crd_structural;
mod definition;
pub(super) mod list_map_duplicate;
pub(super) mod quantity_syntax;
pub(super) mod schema_constraint;
pub(super) mod schema_null;
pub(super) mod schema_required;
pub(super) mod schema_rule;
pub(super) mod schema_rule_unjudged;
pub(super) mod schema_type;
pub(super) mod schema_unknown_field;
pub(super) mod unknown_custom_resource;
pub(super) mod unknown_kind;
