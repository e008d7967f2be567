//! Who may talk to whom: the semantics of `NetworkPolicy` (`networking.k8s.io/v1`).
//!
//! Takes the `NetworkPolicies` of a tree and the labels of namespaces; answers whether a connection is let through from
//! both ends. A pod that no policy selects for a direction accepts everything in that direction; a pod that some select
//! accepts what any of them allows. An `ipBlock` is for addresses outside the cluster, as its documentation says, and
//! never matches a pod here. See <https://kubernetes.io/docs/concepts/services-networking/network-policies/>.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::context::Labels;
use super::network::Cidr;
use super::selector;
use super::subject::{self, PodTemplate};
use super::values::Fields;
pub use crate::model::Protocol;
use crate::object::{Object, ObjectRef};
use crate::source::KeyPath;
use crate::value::Value;

/// The pods of one workload, as policies see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pod {
    /// Their namespace.
    pub namespace: String,
    /// Their labels.
    pub labels: Labels,
    /// Their named ports: name, number, protocol.
    pub ports: Vec<(String, u16, Protocol)>,
}

/// One end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peer {
    /// A pod of the cluster.
    Pod(Pod),
    /// An address outside the cluster.
    Address(IpAddr),
}

/// A connection that must be possible, declared by an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The workload that opens the connection.
    pub from: ObjectRef,
    /// What it connects to.
    pub to: Target,
    /// The port at the far end: that of the container, not of a Service.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// Where the connection was declared.
    pub source: KeyPath,
}

/// The far end of an [`Edge`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The pods of a workload in the tree.
    Workload(ObjectRef),
    /// Pods or addresses that others own, such as those of the cluster's DNS.
    External(Peer),
}

/// The direction in which a policy cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Into the pod.
    Ingress,
    /// Out of the pod.
    Egress,
}

impl Direction {
    const fn policy_type(self) -> &'static str {
        match self {
            Self::Ingress => "Ingress",
            Self::Egress => "Egress",
        }
    }

    const fn rules(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }

    const fn peers(self) -> &'static str {
        match self {
            Self::Ingress => "from",
            Self::Egress => "to",
        }
    }
}

/// One connection.
#[derive(Debug, Clone, Copy)]
pub struct Connection<'a> {
    /// Who opens it.
    pub from: &'a Peer,
    /// Who accepts it.
    pub to: &'a Peer,
    /// The port at which it is accepted.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
}

impl Pod {
    /// The pods that a workload makes; `None` for objects that make none.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        let template = PodTemplate::of(&object.id.gvk.kind, &object.value)?;
        let labels = selector::labels(template.labels());
        Some(Self {
            namespace: object.id.namespace.clone().unwrap_or_else(|| "default".to_owned()),
            labels: labels.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            ports: template.ports().filter(|port| !port.name.is_empty()).filter_map(named_port).collect(),
        })
    }
}

fn named_port(port: subject::PodPort<'_>) -> Option<(String, u16, Protocol)> {
    let protocol =
        [Protocol::Tcp, Protocol::Udp, Protocol::Sctp].into_iter().find(|it| it.as_str() == port.protocol)?;
    Some((port.name.to_owned(), u16::try_from(port.number).ok()?, protocol))
}

/// The `NetworkPolicies` of a tree.
#[derive(Debug)]
pub struct Policies<'a> {
    policies: BTreeMap<&'a str, Vec<Policy<'a>>>,
    namespaces: BTreeMap<String, Labels>,
}

#[derive(Debug)]
struct Policy<'a> {
    namespace: &'a str,
    spec: &'a Value,
}

impl<'a> Policies<'a> {
    /// The policies among `objects`. `namespaces` holds the labels of all namespaces; each is given its own name under
    /// `kubernetes.io/metadata.name`, as in a cluster.
    pub fn new(
        objects: impl IntoIterator<Item = &'a Object>,
        mut namespaces: BTreeMap<String, Labels>,
    ) -> Self {
        for (name, labels) in &mut namespaces {
            labels.insert("kubernetes.io/metadata.name".to_owned(), name.clone());
        }
        let mut policies: BTreeMap<&str, Vec<Policy<'_>>> = BTreeMap::new();
        for object in objects {
            let gvk = &object.id.gvk;
            let is_policy = gvk.kind == "NetworkPolicy" && gvk.group() == "networking.k8s.io";
            let namespace = object.id.namespace.as_deref().unwrap_or("default");
            if let Some(spec) = object.value.child("spec").filter(|_| is_policy) {
                policies.entry(namespace).or_default().push(Policy { namespace, spec });
            }
        }
        Self { policies, namespaces }
    }

    /// Whether the connection is let through from both ends.
    #[must_use]
    pub fn allow(&self, connection: Connection<'_>) -> bool {
        self.cut(connection).is_none()
    }

    /// The direction in which the connection is cut, if it is; egress is looked at first.
    #[must_use]
    pub fn cut(&self, connection: Connection<'_>) -> Option<Direction> {
        if !self.lets(Direction::Egress, connection.from, connection) {
            return Some(Direction::Egress);
        }
        (!self.lets(Direction::Ingress, connection.to, connection)).then_some(Direction::Ingress)
    }

    fn lets(&self, direction: Direction, end: &Peer, connection: Connection<'_>) -> bool {
        let Peer::Pod(pod) = end else { return true };
        let own = self.policies.get(pod.namespace.as_str()).into_iter().flatten();
        let mut selecting = own.filter(|policy| policy.selects(pod, direction)).peekable();
        selecting.peek().is_none() || selecting.any(|policy| self.policy_lets(policy, direction, connection))
    }

    fn policy_lets(&self, policy: &Policy<'_>, direction: Direction, connection: Connection<'_>) -> bool {
        let other = match direction {
            Direction::Ingress => connection.from,
            Direction::Egress => connection.to,
        };
        policy.spec.items(direction.rules()).iter().any(|rule| {
            let (peers, ports) = (rule.items(direction.peers()), rule.items("ports"));
            let peer = peers.is_empty() || peers.iter().any(|peer| self.peer_matches(policy, peer, other));
            peer && (ports.is_empty() || ports.iter().any(|port| port_matches(port, connection)))
        })
    }

    fn peer_matches(&self, policy: &Policy<'_>, peer: &Value, other: &Peer) -> bool {
        match other {
            Peer::Address(address) => peer.child("ipBlock").is_some_and(|block| block_holds(block, *address)),
            Peer::Pod(pod) => self.pod_matches(policy, peer, pod),
        }
    }

    fn pod_matches(&self, policy: &Policy<'_>, peer: &Value, pod: &Pod) -> bool {
        let (pods, namespaces) = (peer.child("podSelector"), peer.child("namespaceSelector"));
        if pods.is_none() && namespaces.is_none() {
            return false;
        }
        let namespace = match namespaces {
            None => pod.namespace == policy.namespace,
            Some(selector) => self
                .namespaces
                .get(&pod.namespace)
                .is_some_and(|labels| selector::matches(selector, &borrowed(labels))),
        };
        namespace && pods.is_none_or(|selector| selector::matches(selector, &borrowed(&pod.labels)))
    }
}

impl Policy<'_> {
    fn selects(&self, pod: &Pod, direction: Direction) -> bool {
        let selected = |selector| selector::matches(selector, &borrowed(&pod.labels));
        self.spec.child("podSelector").is_none_or(selected) && self.concerns(direction)
    }

    /// Left out, `policyTypes` is `Ingress`, and `Egress` too where there are egress rules.
    fn concerns(&self, direction: Direction) -> bool {
        if self.spec.items("policyTypes").is_empty() {
            return direction == Direction::Ingress || !self.spec.items("egress").is_empty();
        }
        self.spec.texts("policyTypes").any(|it| it == direction.policy_type())
    }
}

fn borrowed(labels: &Labels) -> selector::LabelMap<'_> {
    labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

fn block_holds(block: &Value, address: IpAddr) -> bool {
    let within = |text: &str| Cidr::parse(text).is_some_and(|range| range.contains(address));
    within(block.text_or_empty("cidr")) && !block.texts("except").any(within)
}

fn port_matches(port: &Value, connection: Connection<'_>) -> bool {
    if subject::protocol(port) != connection.protocol.as_str() {
        return false;
    }
    let wanted = i64::from(connection.port);
    match port.child("port") {
        None => true,
        Some(Value::String(name)) => has_named_port(connection, name),
        Some(_) => {
            let first = port.integer("port").unwrap_or(0);
            (first..=port.integer("endPort").unwrap_or(first)).contains(&wanted)
        }
    }
}

/// A port's name is that of the accepting pod's container port.
fn has_named_port(connection: Connection<'_>, name: &str) -> bool {
    let Peer::Pod(pod) = connection.to else { return false };
    pod.ports.iter().any(|(own, number, protocol)| {
        own == name && *number == connection.port && *protocol == connection.protocol
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    fn policy(namespace: &str, spec: &Value) -> Object {
        let value = json!({ "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                            "metadata": { "name": "policy", "namespace": namespace }, "spec": spec });
        Object::from_value(value, "", KeyPath::root())
    }

    fn pod(namespace: &str, app: &str) -> Peer {
        let labels = Labels::from([("app".to_owned(), app.to_owned())]);
        let ports = vec![("http".to_owned(), 8080, Protocol::Tcp)];
        Peer::Pod(Pod { namespace: namespace.to_owned(), labels, ports })
    }

    fn allows(policies: &[Object], from: &Peer, to: &Peer, port: u16) -> bool {
        let namespaces = ["core", "infra"].map(|name| (name.to_owned(), Labels::new())).into();
        let connection = Connection { from, to, port, protocol: Protocol::Tcp };
        Policies::new(policies, namespaces).allow(connection)
    }

    fn deny_all(namespace: &str) -> Object {
        policy(namespace, &json!({ "podSelector": {}, "policyTypes": ["Ingress", "Egress"] }))
    }

    #[test]
    fn without_a_policy_everything_is_allowed() {
        assert!(allows(&[], &pod("core", "a"), &pod("infra", "b"), 1));
        assert!(allows(&[deny_all("other")], &pod("core", "a"), &pod("infra", "b"), 1));
    }

    #[test]
    fn both_ends_have_to_allow() {
        let (a, b) = (pod("core", "a"), pod("infra", "b"));
        let out = policy(
            "core",
            &json!({ "podSelector": { "matchLabels": { "app": "a" } }, "policyTypes": ["Egress"],
            "egress": [{ "to": [{ "podSelector": { "matchLabels": { "app": "b" } },
                "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "infra" } } }],
                "ports": [{ "port": 8080 }] }] }),
        );
        let into = policy(
            "infra",
            &json!({ "podSelector": { "matchLabels": { "app": "b" } },
            "ingress": [{ "from": [{ "namespaceSelector": {} }], "ports": [{ "port": "http" }] }] }),
        );
        let denied = [deny_all("core"), deny_all("infra")];
        assert!(!allows(&denied, &a, &b, 8080));
        assert!(!allows(&[deny_all("core"), deny_all("infra"), out.clone()], &a, &b, 8080));
        let both = [deny_all("core"), deny_all("infra"), out, into];
        assert!(allows(&both, &a, &b, 8080));
        assert!(!allows(&both, &a, &b, 8081));
        assert!(!allows(&both, &pod("core", "c"), &b, 8080));
        assert!(!allows(&both, &b, &a, 8080));
    }

    #[test]
    fn a_pod_selector_alone_stays_in_its_namespace() {
        let rule =
            policy("infra", &json!({ "podSelector": {}, "ingress": [{ "from": [{ "podSelector": {} }] }] }));
        assert!(allows(std::slice::from_ref(&rule), &pod("infra", "a"), &pod("infra", "b"), 1));
        assert!(!allows(&[rule], &pod("core", "a"), &pod("infra", "b"), 1));
    }

    #[test]
    fn policy_types_follow_the_rules_where_they_are_left_out() {
        let egress = policy(
            "core",
            &json!({ "podSelector": {}, "egress": [{ "ports": [{ "port": 1, "endPort": 9 }] }] }),
        );
        let from = pod("core", "a");
        assert!(allows(std::slice::from_ref(&egress), &from, &pod("infra", "b"), 9));
        assert!(!allows(std::slice::from_ref(&egress), &from, &pod("infra", "b"), 10));
        assert!(!allows(&[egress], &pod("infra", "b"), &from, 5), "ingress is cut as well");
    }

    #[test]
    fn address_blocks_are_for_addresses() {
        let rule = policy(
            "core",
            &json!({ "podSelector": {}, "policyTypes": ["Egress"],
            "egress": [{ "to": [{ "ipBlock": { "cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"] } }] }] }),
        );
        let from = pod("core", "a");
        let allowed = |to: &Peer| allows(std::slice::from_ref(&rule), &from, to, 443);
        assert!(allowed(&Peer::Address([1, 1, 1, 1].into())));
        assert!(!allowed(&Peer::Address([10, 1, 1, 1].into())));
        assert!(!allowed(&pod("infra", "b")));
    }
}
