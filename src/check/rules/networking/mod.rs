//! How pods are reached, and by whom.

use crate::check::rule::Family;

pub(super) const FAMILY: Family = Family::Networking;

pub(super) mod net_app_protocol;
pub(super) mod net_dns_egress;
pub(super) mod net_external_traffic_policy;
pub(super) mod net_ingress_tls;
pub(super) mod net_ingress_wildcard;
pub(super) mod net_named_ports;
pub(super) mod net_ndots;
pub(super) mod net_pod_isolated;
pub(super) mod net_policy_empty_selector;
pub(super) mod net_service_loadbalancer;
pub(super) mod net_service_nodeport;
mod policies;
