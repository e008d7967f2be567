//! What pods ask of nodes, and what they may take.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Resources;

mod amounts;
mod nodes;
pub(super) mod res_cpu_limit;
pub(super) mod res_cpu_request;
pub(super) mod res_emptydir_limit;
pub(super) mod res_ephemeral_storage;
pub(super) mod res_hpa_max_fit;
pub(super) mod res_memory_limit;
pub(super) mod res_memory_request;
pub(super) mod res_namespace_quota_present;
pub(super) mod res_node_fit;
pub(super) mod res_quota_fit;
pub(super) mod res_ratio;
pub(super) mod res_request_eq_limit;
