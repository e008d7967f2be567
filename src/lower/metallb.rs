//! The addresses that `MetalLB` gives away, where the cluster has it. The set-up script installs `MetalLB` itself.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{labels, metadata};
use crate::model::{MetalLb, Platform};
use crate::object::Object;
use crate::object::custom::{IpAddressPool, IpAddressPoolSpec, L2Advertisement, L2AdvertisementSpec};
use crate::source::KeyPath;

const COMPONENT: &str = "metallb";
/// The namespace of `MetalLB`'s own manifests. It reads pools from no other.
pub(super) const NAMESPACE: &str = "metallb-system";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let Some(metallb) = &platform.cluster.metallb else { return Vec::new() };
    let source = source(platform);
    vec![
        Object::from_typed(&pool(platform, metallb), COMPONENT, source.clone()),
        Object::from_typed(&advertisement(platform), COMPONENT, source),
    ]
}

fn pool(platform: &Platform, metallb: &MetalLb) -> IpAddressPool {
    IpAddressPool::new(meta(platform), IpAddressPoolSpec { addresses: metallb.addresses.clone() })
}

fn advertisement(platform: &Platform) -> L2Advertisement {
    let spec = L2AdvertisementSpec { ip_address_pools: vec![platform.name.to_string()] };
    L2Advertisement::new(meta(platform), spec)
}

fn meta(platform: &Platform) -> ObjectMeta {
    let meta = metadata::of_cluster(platform.name.as_str(), labels::of_platform(platform));
    ObjectMeta { namespace: Some(NAMESPACE.to_owned()), ..meta }
}

/// `MetalLB` is a field of the environment's cluster and no entity of its own.
fn source(platform: &Platform) -> KeyPath {
    let environment = platform.environment.as_ref().map_or("", |name| name.as_str());
    KeyPath::of(["environments", environment, "cluster", "metallb"])
}
