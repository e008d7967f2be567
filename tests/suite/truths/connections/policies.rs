//! What NetworkPolicy objects let through, by the words of their documentation
//! (<https://kubernetes.io/docs/concepts/services-networking/network-policies/>): a pod that no policy selects for a
//! direction is open there; one that some select may do what any of them allows.

use std::net::Ipv4Addr;

use bayplan::object::ObjectSet;
use bayplan::value::Value;

use super::{Pod, Port};

/// The policies of one environment.
pub(super) struct Policies(Vec<Value>);

/// The far end of a connection.
pub(super) enum Far<'a> {
    Pod(&'a Pod),
    Address(Ipv4Addr),
}

impl Policies {
    pub(super) fn of(objects: &ObjectSet) -> Self {
        let policies = objects.iter().filter(|object| object.id.gvk.kind == "NetworkPolicy");
        Self(policies.map(|object| Value::clone(&object.value)).collect())
    }

    /// Whether `pod` may open a connection to `far`.
    pub(super) fn let_out(&self, pod: &Pod, far: &Far<'_>, port: &Port) -> bool {
        self.lets(pod, ("Egress", "egress", "to"), far, port)
    }

    /// Whether `to` takes a connection of `from`.
    pub(super) fn let_in(&self, from: &Pod, to: &Pod, port: &Port) -> bool {
        self.lets(to, ("Ingress", "ingress", "from"), &Far::Pod(from), port)
    }

    fn lets(&self, pod: &Pod, (kind, rules, peers): (&str, &str, &str), far: &Far<'_>, port: &Port) -> bool {
        let here = self.0.iter().filter(|policy| {
            policy["metadata"]["namespace"] == *pod.namespace
                && policy["spec"]["policyTypes"].as_array().is_some_and(|types| types.contains(&kind.into()))
                && selects(&policy["spec"]["podSelector"], &pod.labels)
        });
        let mut here = here.peekable();
        if here.peek().is_none() {
            return true;
        }
        let rules = here.flat_map(|policy| list(&policy["spec"][rules]));
        let mut rules = rules.filter(|rule| any(&rule["ports"], |allowed| names_port(allowed, port)));
        rules.any(|rule| any(&rule[peers], |peer| names_peer(peer, &pod.namespace, far)))
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A list that is absent or empty restricts nothing.
fn any(value: &Value, test: impl Fn(&Value) -> bool) -> bool {
    let items = list(value);
    items.is_empty() || items.iter().any(test)
}

fn names_port(allowed: &Value, port: &Port) -> bool {
    assert!(allowed.get("endPort").is_none(), "no range is emitted, and none is understood here");
    let number = allowed.get("port").is_none_or(|number| *number == port.number || *number == *port.name);
    number && allowed["protocol"].as_str().unwrap_or("TCP") == port.protocol
}

fn names_peer(peer: &Value, own: &str, far: &Far<'_>) -> bool {
    match (peer.get("ipBlock"), far) {
        (Some(block), Far::Address(address)) => {
            block["cidr"].as_str().is_some_and(|cidr| contains(cidr, *address))
        }
        (None, Far::Pod(pod)) => {
            let name = bayplan::value::json!({"kubernetes.io/metadata.name": pod.namespace});
            let namespace = peer.get("namespaceSelector");
            namespace.map_or(pod.namespace == own, |selector| selects(selector, &name))
                && peer.get("podSelector").is_none_or(|selector| selects(selector, &pod.labels))
        }
        _ => false,
    }
}

fn selects(selector: &Value, labels: &Value) -> bool {
    assert!(selector.get("matchExpressions").is_none(), "none is emitted, and none is understood here");
    let wanted = selector["matchLabels"].as_object();
    wanted.into_iter().flatten().all(|(key, value)| labels.get(key) == Some(value))
}

fn contains(cidr: &str, address: Ipv4Addr) -> bool {
    let Some((network, bits)) = cidr.split_once('/') else { return false };
    let (Ok(network), Ok(bits)) = (network.parse::<Ipv4Addr>(), bits.parse::<u32>()) else { return false };
    let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
    u32::from(network) & mask == u32::from(address) & mask
}
