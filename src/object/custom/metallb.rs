//! `metallb.io/v1beta1`: addresses that `MetalLB` gives to Services of type `LoadBalancer`.
//!
//! Source: <https://metallb.io/apis/>. Both kinds only count in `MetalLB`'s own namespace.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;

/// Addresses that may be given away.
pub type IpAddressPool = Custom<IpAddressPoolSpec>;

/// Makes pools known to the network by ARP and NDP.
pub type L2Advertisement = Custom<L2AdvertisementSpec>;

/// The addresses of a pool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IpAddressPoolSpec {
    /// Ranges `<first>-<last>` or CIDR blocks.
    pub addresses: Vec<String>,
}

kind!(IpAddressPoolSpec: Namespaced, "metallb.io", "v1beta1", "IPAddressPool", "ipaddresspools");

/// The pools that are made known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct L2AdvertisementSpec {
    /// The pools by name.
    #[serde(rename = "ipAddressPools")]
    pub ip_address_pools: Vec<String>,
}

kind!(L2AdvertisementSpec: Namespaced, "metallb.io", "v1beta1", "L2Advertisement", "l2advertisements");
