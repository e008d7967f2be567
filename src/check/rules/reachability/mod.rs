//! Network policies let through what was declared, and policies of admission what is in the tree.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Reachability;

pub(super) mod edge_cut;
pub(super) mod policy_not_judged;
pub(super) mod policy_refused;
pub(super) mod policy_reported;
pub(super) mod rel_hpa_replicas_conflict;
pub(super) mod rel_pdb_blocks;
pub(super) mod rel_rwo_multi_replica;
