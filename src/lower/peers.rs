//! What the owners of other namespaces must open for the platform to work: `NetworkPolicies` to hand over.
//!
//! A connection between two isolated namespaces needs a policy at each end, and one end is not ours to write.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::metadata::pairs;
use super::network_policy::{opened, rights};
use super::{labels, metadata};
use crate::model::{External, Peer, Platform, Reach};
use crate::names::DnsLabel;
use crate::object::Object;
use crate::source::KeyPath;
use crate::value::Value;

/// What whoever applies the policy has to know first.
const WARNING: &str = "Apply this only where the namespace denies what no policy allows: on pods that no policy selects \
                       yet, it would close everything else.";

/// The policies that each namespace of others needs, by its name.
#[must_use]
pub fn peer_policies(platform: &Platform) -> BTreeMap<DnsLabel, Vec<Value>> {
    let external = |namespace: &DnsLabel| {
        platform.namespaces.iter().any(|known| known.external && known.name == *namespace)
    };
    let selectors = labels::Selectors::of(platform);
    let mut policies: BTreeMap<DnsLabel, Vec<Value>> = BTreeMap::new();
    for (peer, rights) in rights(&platform.edges) {
        let (namespace, selector) = match peer {
            Peer::Pods { namespace, labels } => (namespace, labels::matching(labels.clone())),
            Peer::Namespace(namespace) if external(namespace) => (namespace, LabelSelector::default()),
            Peer::Namespace(_) | Peer::Workload { .. } | Peer::Tenants | Peer::Addresses(_) => continue,
        };
        let spec = opened(selector, namespace, &rights, &selectors);
        let meta = metadata::of(&name(platform, peer), namespace, labels::of_platform(platform));
        let meta = metadata::annotated(meta, pairs([("kubernetes.io/description", WARNING)]));
        let policy = NetworkPolicy { metadata: meta, spec: Some(spec) };
        let object = Object::from_typed(&policy, "peers", KeyPath::root());
        policies.entry(namespace.clone()).or_default().push(object.value.into_value());
    }
    policies
}

/// `<platform>-<environment>-<external>`, so that several platforms and environments can ask one namespace.
fn name(platform: &Platform, peer: &Peer) -> String {
    let environment = platform.environment.as_ref().map_or("base", DnsLabel::as_str);
    let external = platform.surroundings.externals.iter().find(|external| is(external, peer));
    let what = external.map_or("callers", |external| external.key.as_str());
    format!("{}-{environment}-{what}", platform.name)
}

fn is(external: &External, peer: &Peer) -> bool {
    match (&external.reach, peer) {
        (Reach::Pods { namespace, labels, .. }, Peer::Pods { namespace: other, labels: others }) => {
            namespace == other && labels == others
        }
        _ => false,
    }
}
