//! NetworkPolicies: in an isolated namespace nothing may talk but along a declared edge, and to DNS.
//!
//! Policies add up, so each says one thing: `default-deny` closes the namespace, `allow-dns` opens DNS, `allow-uses`
//! opens what every pod of the namespace may reach, and one policy a workload opens the workload's own edges. An edge
//! needs a policy at an end only where that end lies in an isolated namespace. An edge without ports opens nothing.
//! A tenant's namespace has policies of its own, which depend on nothing but the tenant: see `tenant`.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::labels::Selectors;
use super::metadata::pairs;
use super::{absent, labels, metadata, namespace, workload};
use crate::model::{Edge, EdgePort, Namespace, Opening, Pairs, Peer, Platform, Tenancy, Workload};
use crate::names::DnsLabel;
use crate::object::Object;

/// The label that the API server keeps on every namespace, equal to its name.
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";
/// The address of the `NodeLocal` DNS cache, where a cluster has one
/// (<https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/>).
const NODE_LOCAL_DNS: &str = "169.254.20.10/32";

/// Who may be talked to, and on which ports.
type Peers<'a> = BTreeMap<&'a Peer, BTreeSet<EdgePort>>;

/// What one end of the edges may do.
#[derive(Default)]
pub(super) struct Rights<'a> {
    ingress: Peers<'a>,
    egress: Peers<'a>,
}

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let isolated = |namespace: &&Namespace| namespace.isolated && !namespace.external;
    let isolated: BTreeMap<&DnsLabel, &Namespace> =
        platform.namespaces.iter().filter(isolated).map(|namespace| (&namespace.name, namespace)).collect();
    let (rights, selectors) = (rights(&platform.edges), Selectors::of(platform));
    let ends = (&rights, &selectors);
    let of_namespaces = isolated.values().flat_map(|namespace| of_namespace(platform, namespace, ends));
    let inside = platform.workloads.iter().filter(|workload| isolated.contains_key(&workload.namespace));
    let of_workloads = inside.filter_map(|workload| of_workload(platform, workload, ends));
    let of_pods = rights.iter().filter_map(|(peer, rights)| match peer {
        Peer::Pods { namespace, labels } => {
            let namespace = *isolated.get(namespace)?;
            Some(of_pods(platform, namespace, labels, (rights, &selectors)))
        }
        _ => None,
    });
    of_namespaces.chain(of_workloads).chain(of_pods).collect()
}

/// What each end of the edges may do.
pub(super) fn rights(edges: &[Edge]) -> BTreeMap<&Peer, Rights<'_>> {
    let mut rights: BTreeMap<&Peer, Rights> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| !edge.ports.is_empty()) {
        rights.entry(&edge.from).or_default().egress.entry(&edge.to).or_default().extend(&edge.ports);
        rights.entry(&edge.to).or_default().ingress.entry(&edge.from).or_default().extend(&edge.ports);
    }
    rights
}

fn of_namespace(
    platform: &Platform,
    namespace: &Namespace,
    (rights, selectors): (&BTreeMap<&Peer, Rights>, &Selectors<'_>),
) -> Vec<Object> {
    if let Some(tenancy) = &namespace.tenancy {
        return of_tenant(platform, namespace, (tenancy, selectors));
    }
    let everyone = rights.get(&Peer::Namespace(namespace.name.clone()));
    let uses = everyone
        .map(|rights| ("allow-uses", opened(LabelSelector::default(), &namespace.name, rights, selectors)));
    closed().into_iter().chain(uses).map(|policy| object(platform, namespace, policy)).collect()
}

/// What every isolated namespace has.
fn closed() -> [(&'static str, NetworkPolicySpec); 2] {
    [("default-deny", default_deny()), ("allow-dns", allow_dns())]
}

fn object(platform: &Platform, namespace: &Namespace, (name, spec): (&str, NetworkPolicySpec)) -> Object {
    let metadata = metadata::of(name, &namespace.name, labels::of_platform(platform));
    let policy = NetworkPolicy { metadata, spec: Some(spec) };
    Object::from_typed(&policy, namespace::component(namespace), namespace.source.clone())
}

/// The policies of a tenant's namespace. What the far ends need stands at the far ends, once for all tenants.
fn of_tenant(
    platform: &Platform,
    namespace: &Namespace,
    (tenancy, selectors): (&Tenancy, &Selectors<'_>),
) -> Vec<Object> {
    let open = |rights: &Rights| opened(LabelSelector::default(), &namespace.name, rights, selectors);
    let uses = Rights { egress: peers(&tenancy.uses), ingress: Peers::new() };
    let callers = Rights { ingress: peers(&tenancy.callers), egress: Peers::new() };
    let internal = tenancy.internal.then(|| ("allow-internal", internal()));
    let uses = (!uses.egress.is_empty()).then(|| ("allow-uses", open(&uses)));
    let callers = (!callers.ingress.is_empty()).then(|| ("allow-callers", open(&callers)));
    let policies = closed().into_iter().chain(internal).chain(uses).chain(callers);
    policies.map(|policy| object(platform, namespace, policy)).collect()
}

fn peers(openings: &[Opening]) -> Peers<'_> {
    let mut peers = Peers::new();
    for opening in openings.iter().filter(|opening| !opening.ports.is_empty()) {
        peers.entry(&opening.peer).or_default().extend(&opening.ports);
    }
    peers
}

/// The pods of a namespace may talk to one another, on every port.
fn internal() -> NetworkPolicySpec {
    let everyone =
        || NetworkPolicyPeer { pod_selector: Some(LabelSelector::default()), ..NetworkPolicyPeer::default() };
    NetworkPolicySpec {
        pod_selector: Some(LabelSelector::default()),
        policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
        ingress: Some(vec![NetworkPolicyIngressRule { from: Some(vec![everyone()]), ports: None }]),
        egress: Some(vec![NetworkPolicyEgressRule { to: Some(vec![everyone()]), ports: None }]),
    }
}

fn of_workload(
    platform: &Platform,
    workload: &Workload,
    (rights, selectors): (&BTreeMap<&Peer, Rights>, &Selectors<'_>),
) -> Option<Object> {
    let (namespace, name) = (workload.namespace.clone(), workload.name.clone());
    let rights = rights.get(&Peer::Workload { namespace, name })?;
    let spec = opened(labels::selector(workload), &workload.namespace, rights, selectors);
    let policy = NetworkPolicy { metadata: workload::meta(platform, workload), spec: Some(spec) };
    Some(workload::object(workload, &policy))
}

/// Pods in a namespace of ours that a chart brings: an ingress controller, mostly.
fn of_pods(
    platform: &Platform,
    namespace: &Namespace,
    selected: &Pairs,
    (rights, selectors): (&Rights<'_>, &Selectors<'_>),
) -> Object {
    let words: Vec<String> = selected.values().map(|value| value.to_ascii_lowercase()).collect();
    let word = words.join("-").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let name = format!("allow-{}", word.trim_matches('-'));
    let metadata = metadata::of(&name, &namespace.name, labels::of_platform(platform));
    let spec = opened(labels::matching(selected.clone()), &namespace.name, rights, selectors);
    let policy = NetworkPolicy { metadata, spec: Some(spec) };
    Object::from_typed(&policy, namespace::COMPONENT, namespace.source.clone())
}

fn default_deny() -> NetworkPolicySpec {
    NetworkPolicySpec {
        pod_selector: Some(LabelSelector::default()),
        policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
        ..NetworkPolicySpec::default()
    }
}

/// DNS as clusters run it: the pods behind the `kube-dns` Service (`CoreDNS` keeps that label), and the cache on the node,
/// by its label for data planes that redirect to the pod and by its address for those that do not.
fn allow_dns() -> NetworkPolicySpec {
    let pods = |app: &str| NetworkPolicyPeer {
        namespace_selector: Some(labels::matching(pairs([(NAMESPACE_NAME, "kube-system")]))),
        pod_selector: Some(labels::matching(pairs([("k8s-app", app)]))),
        ip_block: None,
    };
    let dns = |protocol: &str| NetworkPolicyPort {
        port: Some(IntOrString::Int(53)),
        protocol: Some(protocol.to_owned()),
        end_port: None,
    };
    let rule = NetworkPolicyEgressRule {
        to: Some(vec![pods("kube-dns"), pods("node-local-dns"), addresses(NODE_LOCAL_DNS)]),
        ports: Some(vec![dns("UDP"), dns("TCP")]),
    };
    NetworkPolicySpec {
        pod_selector: Some(LabelSelector::default()),
        policy_types: Some(vec!["Egress".to_owned()]),
        egress: Some(vec![rule]),
        ingress: None,
    }
}

/// Opens exactly `rights` for the pods of `namespace` that `selector` selects.
pub(super) fn opened(
    selector: LabelSelector,
    namespace: &DnsLabel,
    rights: &Rights,
    selectors: &Selectors<'_>,
) -> NetworkPolicySpec {
    let ingress = by_ports(&rights.ingress).into_iter().map(|(ports, peers)| NetworkPolicyIngressRule {
        from: Some(peers.into_iter().flat_map(|peer| entries(peer, namespace, selectors)).collect()),
        ports: Some(ports.iter().copied().map(port).collect()),
    });
    let egress = by_ports(&rights.egress).into_iter().map(|(ports, peers)| NetworkPolicyEgressRule {
        to: Some(peers.into_iter().flat_map(|peer| entries(peer, namespace, selectors)).collect()),
        ports: Some(ports.iter().copied().map(port).collect()),
    });
    let (ingress, egress) = (absent::list(ingress), absent::list(egress));
    let types = [("Ingress", ingress.is_some()), ("Egress", egress.is_some())];
    let types = types.into_iter().filter(|(_, there)| *there).map(|(name, _)| name.to_owned());
    NetworkPolicySpec { pod_selector: Some(selector), policy_types: absent::list(types), ingress, egress }
}

/// Peers that are reached on the same ports share a rule.
fn by_ports<'a>(peers: &'a Peers<'a>) -> BTreeMap<&'a BTreeSet<EdgePort>, Vec<&'a Peer>> {
    let mut rules: BTreeMap<&BTreeSet<EdgePort>, Vec<&Peer>> = BTreeMap::new();
    for (peer, ports) in peers {
        rules.entry(ports).or_default().push(peer);
    }
    rules
}

/// A peer as a policy in `own` names it. Both selectors stand in one entry: in two, they would mean "or".
fn entries(peer: &Peer, own: &DnsLabel, selectors: &Selectors<'_>) -> Vec<NetworkPolicyPeer> {
    match peer {
        Peer::Workload { namespace, name } => vec![NetworkPolicyPeer {
            namespace_selector: elsewhere(namespace, own),
            pod_selector: Some(selectors.selector(namespace, name)),
            ip_block: None,
        }],
        Peer::Namespace(namespace) => {
            let namespace_selector = elsewhere(namespace, own);
            let pod_selector = namespace_selector.is_none().then(LabelSelector::default);
            vec![NetworkPolicyPeer { namespace_selector, pod_selector, ip_block: None }]
        }
        Peer::Pods { namespace, labels } => vec![NetworkPolicyPeer {
            namespace_selector: elsewhere(namespace, own),
            pod_selector: Some(labels::matching(labels.clone())),
            ip_block: None,
        }],
        Peer::Tenants => vec![NetworkPolicyPeer {
            namespace_selector: Some(labels::of_every_tenant()),
            ..NetworkPolicyPeer::default()
        }],
        Peer::Addresses(blocks) => blocks.iter().map(|block| addresses(block.as_str())).collect(),
    }
}

/// RFC 1918, carrier-grade NAT (RFC 6598), and link-local addresses (RFC 3927).
const PRIVATE_V4: [&str; 5] =
    ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
/// Unique local (RFC 4193) and link-local addresses (RFC 4291).
const PRIVATE_V6: [&str; 2] = ["fc00::/7", "fe80::/10"];

/// Selects `namespace`, unless it is the policy's own, where a pod selector alone means just that.
fn elsewhere(namespace: &DnsLabel, own: &DnsLabel) -> Option<LabelSelector> {
    (namespace != own).then(|| labels::matching(pairs([(NAMESPACE_NAME, namespace.as_str())])))
}

/// A block of addresses. One that holds all of them means the Internet: what is private to a network, pods and nodes and the
/// cloud's metadata service among them, is never meant by it.
fn addresses(block: &str) -> NetworkPolicyPeer {
    let except = match block {
        "0.0.0.0/0" => Some(PRIVATE_V4.map(str::to_owned).to_vec()),
        "::/0" => Some(PRIVATE_V6.map(str::to_owned).to_vec()),
        _ => None,
    };
    let block = IPBlock { cidr: block.to_owned(), except };
    NetworkPolicyPeer { ip_block: Some(block), ..NetworkPolicyPeer::default() }
}

fn port(port: EdgePort) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(IntOrString::Int(port.number.into())),
        protocol: Some(port.protocol.as_str().to_owned()),
        end_port: None,
    }
}
