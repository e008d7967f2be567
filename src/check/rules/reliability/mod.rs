//! What breaks when a pod, a node or a release goes wrong.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Reliability;

pub(super) mod rel_anti_affinity;
pub(super) mod rel_config_rollout;
pub(super) mod rel_cronjob_concurrency;
pub(super) mod rel_cronjob_deadline;
pub(super) mod rel_hpa_min;
pub(super) mod rel_image_digest;
pub(super) mod rel_image_pinned;
pub(super) mod rel_image_pull_policy;
pub(super) mod rel_image_registry;
pub(super) mod rel_job_ttl;
pub(super) mod rel_liveness_probe;
pub(super) mod rel_naked_pod;
pub(super) mod rel_node_affinity;
pub(super) mod rel_pdb_eviction_policy;
pub(super) mod rel_pdb_exists;
pub(super) mod rel_prestop;
pub(super) mod rel_priority_class;
pub(super) mod rel_probe_timing;
pub(super) mod rel_probes_identical;
pub(super) mod rel_readiness_probe;
pub(super) mod rel_replicas_min;
pub(super) mod rel_rolling_update;
pub(super) mod rel_service_single_endpoint;
pub(super) mod rel_spread_schedulable;
pub(super) mod rel_statefulset_vct_annotation;
