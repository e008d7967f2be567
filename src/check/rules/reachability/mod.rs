//! Network policies let through what was declared.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Reachability;

pub(super) mod edge_cut;
pub(super) mod rel_hpa_replicas_conflict;
pub(super) mod rel_pdb_blocks;
pub(super) mod rel_rwo_multi_replica;
