//! Everything that an object names is there: in the tree, or declared to be outside.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::References;

pub(super) mod dup_ingress_route;
pub(super) mod duplicate_object;
mod pod_references;
pub(super) mod ref_config_map;
pub(super) mod ref_crd_order;
pub(super) mod ref_dns_name;
pub(super) mod ref_env_interpolation;
pub(super) mod ref_hpa_target;
pub(super) mod ref_http_route;
pub(super) mod ref_ingress_class;
pub(super) mod ref_ingress_route;
pub(super) mod ref_ingress_service;
pub(super) mod ref_namespace;
pub(super) mod ref_network_policy_peer;
pub(super) mod ref_network_policy_target;
pub(super) mod ref_owner_cert;
pub(super) mod ref_pdb_target;
pub(super) mod ref_port_name;
pub(super) mod ref_priority_class;
pub(super) mod ref_pull_secret;
pub(super) mod ref_pvc;
pub(super) mod ref_role;
pub(super) mod ref_secret;
pub(super) mod ref_selector_overlap;
pub(super) mod ref_service_account;
pub(super) mod ref_service_overlap;
pub(super) mod ref_service_port_undeclared;
pub(super) mod ref_service_selector;
pub(super) mod ref_service_target_port;
pub(super) mod ref_servicemonitor;
pub(super) mod ref_stateful_set_service;
pub(super) mod ref_storage_class;
pub(super) mod ref_subject;
pub(super) mod ref_tls_secret;
pub(super) mod ref_webhook_service;
