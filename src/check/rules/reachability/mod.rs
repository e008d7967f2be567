//! Network policies let through what was declared.

pub(super) mod edge_cut;
