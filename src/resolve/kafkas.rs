//! Event brokers: Kafka clusters of Strimzi, their topics, users and connectors, and the edges of the pods that the
//! operator makes from them.
//!
//! Source of ports and labels: <https://strimzi.io/docs/operators/latest/deploying> (network policies). Everything that a
//! cluster of a region has stays in that region; `regions::residence` proves it over the edges that are made here.

mod connectors;

use std::collections::{BTreeMap, BTreeSet};

use super::codes::UNKNOWN_REFERENCE;
use super::container::{self, Place};
use super::regions::codes::DOUBLE_WRITE;
use super::regions::residence;
use super::scope::{Scope, enabled};
use super::storage;
use crate::diag::Diagnostic;
use crate::model::{
    Acl, Connect, Edge, EdgePort, Holds, Kafka, KafkaUser, Operated, Pairs, Peer, Protocol, Topic, Workload,
};
use crate::names::{Cidr, DnsLabel, DnsSubdomain, ImageRef, PortNumber};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// What the brokers of a platform become.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// The clusters.
    pub kafkas: Vec<Kafka>,
    /// The pods that the operator makes.
    pub operated: Vec<Operated>,
    /// Who talks to whom.
    pub edges: Vec<Edge>,
}

/// The clusters, with `workloads` by key for those that are users.
pub(super) fn build(scope: &mut Scope<'_>, workloads: &BTreeMap<String, &Workload>) -> Built {
    let mut built = Built::default();
    for (key, spec) in enabled(scope.spec.kafkas.as_ref(), |kafka| kafka.enabled) {
        one(scope, key, spec, (workloads, &mut built));
    }
    built
}

/// What the parts of a cluster are made from.
struct Cluster<'a> {
    spec: &'a spec::Kafka,
    path: KeyPath,
    place: Place,
    component: DnsLabel,
    nodes: i32,
}

fn one(
    scope: &mut Scope<'_>,
    key: &str,
    spec: &spec::Kafka,
    (workloads, built): (&BTreeMap<String, &Workload>, &mut Built),
) -> Option<()> {
    let path = KeyPath::of(["kafkas", key]);
    let name = scope.name(&path, spec.name.as_deref(), DnsLabel::parse);
    let component = scope.component(&path, spec.component.as_deref());
    let namespace = scope.namespace(&path, spec.namespace.as_deref());
    let version = scope.required(&path, "version", spec.version.clone());
    let place = Place { source: path.clone(), namespace: namespace?, name: name? };
    let (component, version) = (component?, version?);
    let own = storage::own_claim(scope, &path, &place, (spec.storage.as_ref(), &component));
    let nodes = spec.nodes.unwrap_or(3);
    if nodes < 1 || nodes % 2 == 0 {
        let message = format!("`{path}.nodes` is {nodes}, and controllers need an odd number to agree");
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path.key("nodes")), "");
        scope.report(problem.hint("write `nodes = 3`, or 1 on a developer's machine"));
    }
    let resources = container::resources(scope, &path, spec.resources.as_ref());
    let cluster = Cluster { spec, path, place, component, nodes };
    let label = region_label(scope, spec.region.as_deref());
    let pods = pods(&cluster);
    built.edges.extend(inner_edges(scope, &cluster, &pods));
    let mut topics = topics(scope, &cluster);
    let mut users = users(scope, &cluster, (workloads, &pods, &mut built.edges));
    let connect = connect(scope, &cluster, (workloads, &pods, &mut built.edges));
    let connect = connect.map(|(connect, more)| {
        topics.extend(more);
        users.push(connect_user(&connect, &topics));
        connect
    });
    built.operated.extend(pods.into_all(connect.is_some()));
    built.kafkas.push(Kafka {
        source: cluster.path,
        name: cluster.place.name,
        namespace: cluster.place.namespace,
        component: cluster.component,
        region: label,
        version,
        nodes,
        storage: own.as_ref().map(|claim| claim.size.clone()),
        class: own.and_then(|claim| claim.class),
        resources,
        topics,
        users,
        connect,
    });
    Some(())
}

fn region_label(scope: &Scope<'_>, region: Option<&str>) -> String {
    let Some(key) = region else { return String::new() };
    let declared = scope.spec.regions.as_ref().and_then(|regions| regions.get(key));
    declared.and_then(|region| region.label.clone()).unwrap_or_else(|| key.to_owned())
}

/// The pods that the operator makes of a cluster.
struct Pods {
    brokers: Operated,
    entities: Operated,
    connect: Operated,
}

impl Pods {
    fn into_all(self, connect: bool) -> impl Iterator<Item = Operated> {
        [self.brokers, self.entities].into_iter().chain(connect.then_some(self.connect))
    }
}

fn pods(cluster: &Cluster<'_>) -> Pods {
    let own = &cluster.place.name;
    let region = cluster.spec.region.clone().unwrap_or_default();
    let pods = |(owner, part): (&str, &str), residence: (String, Holds)| {
        let labels =
            [("strimzi.io/cluster", owner.to_owned()), ("strimzi.io/name", format!("{owner}-{part}"))];
        Operated {
            source: cluster.path.clone(),
            namespace: cluster.place.namespace.clone(),
            labels: labels.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            residence,
        }
    };
    let connect = connect_name(cluster);
    Pods {
        brokers: pods((own.as_str(), "kafka"), (region.clone(), residence::holds(cluster.spec.data))),
        // They know the names of topics and users, and no event.
        entities: pods((own.as_str(), "entity-operator"), (String::new(), Holds::Nothing)),
        connect: pods((&connect, "connect"), (region, Holds::Nothing)),
    }
}

fn connect_name(cluster: &Cluster<'_>) -> String {
    format!("{}-connect", cluster.place.name)
}

fn ports(numbers: &[u16]) -> Vec<EdgePort> {
    let ports = numbers.iter().filter_map(|number| PortNumber::parse(&number.to_string()).ok());
    ports.map(|number| EdgePort { number, protocol: Protocol::Tcp }).collect()
}

/// What the parts of a cluster say to each other. They are members of one cluster, so none waits for another.
fn inner_edges(scope: &mut Scope<'_>, cluster: &Cluster<'_>, pods: &Pods) -> Vec<Edge> {
    let source = cluster.path.key("joins");
    let edge = |from: &Peer, to: &Peer, numbers: &[u16]| Edge {
        source: source.clone(),
        from: from.clone(),
        to: to.clone(),
        ports: ports(numbers),
    };
    let (brokers, entities, connect) = (pods.brokers.peer(), pods.entities.peer(), pods.connect.peer());
    // 9090 is the control plane, 9091 replication, 8083 the REST interface of Connect, 8443 the agent of a broker.
    let mut edges = vec![edge(&brokers, &brokers, &[9090, 9091]), edge(&entities, &brokers, &[9091])];
    if cluster.spec.connect.is_some() {
        edges.push(edge(&connect, &connect, &[8083]));
        edges.push(edge(&connect, &brokers, &[9093]));
    }
    let operator = cluster.spec.operator.as_deref();
    if let Some(namespace) = operator.and_then(|key| namespace_of(scope, &cluster.path.key("operator"), key))
    {
        let labels = Pairs::from([("strimzi.io/kind".to_owned(), "cluster-operator".to_owned())]);
        let operator = Peer::Pods { namespace, labels };
        edges.push(edge(&operator, &brokers, &[8443, 9090, 9091]));
        if cluster.spec.connect.is_some() {
            edges.push(edge(&operator, &connect, &[8083]));
        }
    }
    // Anywhere, and an API server has a private address more often than not.
    let anywhere = || ["0.0.0.0/1", "128.0.0.0/1"].map(str::to_owned).to_vec();
    let given = cluster.spec.api_server.clone().unwrap_or_else(anywhere);
    let path = cluster.path.key("api-server");
    let given = given.iter().enumerate();
    let blocks: Vec<Cidr> =
        given.filter_map(|(at, block)| scope.parse(&path.index(at), block, Cidr::parse)).collect();
    edges.push(edge(&entities, &Peer::Addresses(blocks), &[443, 6443]));
    edges
}

fn namespace_of(scope: &mut Scope<'_>, path: &KeyPath, key: &str) -> Option<DnsLabel> {
    let found = scope.namespaces.get(key).cloned();
    if found.is_none() {
        let known: Vec<String> = scope.namespaces.keys().cloned().collect();
        scope.unknown(path, &format!("namespace `{key}`"), key, &known);
    }
    found
}

fn copies(cluster: &Cluster<'_>) -> i32 {
    cluster.nodes.min(3)
}

/// The name of an object for a topic, which may have `_` in its name.
fn object_name(scope: &mut Scope<'_>, path: &KeyPath, topic: &str) -> Option<DnsSubdomain> {
    scope.parse(path, &topic.replace('_', "-").to_ascii_lowercase(), DnsSubdomain::parse)
}

fn topics(scope: &mut Scope<'_>, cluster: &Cluster<'_>) -> Vec<Topic> {
    let declared = cluster.spec.topics.iter().flatten().filter(|(_, topic)| topic.enabled != Some(false));
    let mut topics = Vec::new();
    for (name, topic) in declared {
        let path = cluster.path.key("topics").key(name);
        let replicas = topic.replicas.unwrap_or_else(|| copies(cluster));
        if replicas < 1 || replicas > cluster.nodes {
            let message = format!("`{path}` has {replicas} copies, and there are {} nodes", cluster.nodes);
            let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path.key("replicas")), "");
            scope.report(problem.hint("ask for at most one copy a node"));
        }
        let object = object_name(scope, &path, name);
        topics.extend(object.map(|object| Topic {
            name: object,
            topic: name.clone(),
            partitions: topic.partitions.unwrap_or(3),
            replicas,
            config: topic.config.clone().unwrap_or_default(),
        }));
    }
    topics
}

const READ: &[&str] = &["Describe", "Read"];
const WRITE: &[&str] = &["Describe", "Write"];

/// A name, or what names begin with where it ends in `*`.
fn acl(kind: &'static str, name: &str, operations: &[&'static str]) -> Acl {
    let prefix = name.strip_suffix('*');
    Acl {
        kind,
        name: prefix.unwrap_or(name).to_owned(),
        prefix: prefix.is_some(),
        operations: operations.to_vec(),
    }
}

fn users(
    scope: &mut Scope<'_>,
    cluster: &Cluster<'_>,
    (workloads, pods, edges): (&BTreeMap<String, &Workload>, &Pods, &mut Vec<Edge>),
) -> Vec<KafkaUser> {
    let mut users = Vec::new();
    for (name, user) in cluster.spec.users.iter().flatten() {
        let path = cluster.path.key("users").key(name);
        let full = format!("{}-{name}", cluster.place.name);
        let groups = user.groups.clone().unwrap_or_else(|| vec![full.clone()]);
        let mut acls: Vec<Acl> = user.reads.iter().flatten().map(|topic| acl("topic", topic, READ)).collect();
        acls.extend(user.writes.iter().flatten().map(|topic| acl("topic", topic, WRITE)));
        if user.reads.is_some() {
            acls.extend(groups.iter().map(|group| acl("group", group, &["Read"])));
        }
        for (at, workload) in user.workloads.iter().flatten().enumerate() {
            let path = path.key("workloads").index(at);
            let Some(own) = workloads.get(workload) else {
                let known: Vec<String> = workloads.keys().cloned().collect();
                scope.unknown(&path, &format!("workload `{workload}`"), workload, &known);
                continue;
            };
            let from = Peer::Workload { namespace: own.namespace.clone(), name: own.name.clone() };
            edges.push(Edge { source: path.clone(), from, to: pods.brokers.peer(), ports: ports(&[9093]) });
            if user.writes.is_some() {
                double_write(scope, &path, workload);
            }
        }
        let full = scope.parse(&path, &full, DnsSubdomain::parse);
        users.extend(full.map(|name| KafkaUser { name, acls }));
    }
    users
}

/// What writes to a database and to a topic in two steps has a moment in which one of them is wrong.
fn double_write(scope: &mut Scope<'_>, path: &KeyPath, workload: &str) {
    let spec = scope.spec.workloads.as_ref().and_then(|workloads| workloads.get(workload));
    let uses =
        spec.into_iter().flat_map(|spec| spec.uses.iter().flatten()).filter_map(|target| target.name.clone());
    let databases = scope.spec.databases.as_ref();
    let both: BTreeSet<String> =
        uses.filter(|name| databases.is_some_and(|databases| databases.contains_key(name))).collect();
    let Some(database) = both.first() else { return };
    let message = format!("`workloads.{workload}` writes to topics, and to `databases.{database}` too");
    let hint =
        "let a connector make events of what changes in the database, and take the topic from the workload";
    let problem = Diagnostic::new(&DOUBLE_WRITE, message).at(scope.span(path), "").about(path);
    scope.report(problem.hint(hint));
}

/// The topics in which Connect keeps its own state; they are compacted, or state would be lost.
fn own_topics(scope: &mut Scope<'_>, cluster: &Cluster<'_>) -> Vec<Topic> {
    let name = connect_name(cluster);
    let parts = [("configs", 1), ("offsets", 25), ("status", 5)];
    let mut topics = Vec::new();
    for (part, partitions) in parts {
        let topic = format!("{name}-{part}");
        let object = object_name(scope, &cluster.path.key("connect"), &topic);
        topics.extend(object.map(|object| Topic {
            name: object,
            topic,
            partitions,
            replicas: copies(cluster),
            config: BTreeMap::from([("cleanup.policy".to_owned(), "compact".to_owned())]),
        }));
    }
    topics
}

fn connect(
    scope: &mut Scope<'_>,
    cluster: &Cluster<'_>,
    (workloads, pods, edges): (&BTreeMap<String, &Workload>, &Pods, &mut Vec<Edge>),
) -> Option<(Connect, Vec<Topic>)> {
    let spec = cluster.spec.connect.as_ref()?;
    let path = cluster.path.key("connect");
    let image = scope.parse_required(&path, "image", spec.image.as_deref(), ImageRef::parse);
    let resources = container::resources(scope, &path, spec.resources.as_ref());
    let name = scope.parse(&path, &connect_name(cluster), DnsSubdomain::parse);
    let mut topics = own_topics(scope, cluster);
    let followed = connectors::build(scope, cluster, spec);
    for database in &followed.databases {
        let path = path.key("connectors").key(&database.connector).key("database");
        for key in &database.workloads {
            let Some(target) = workloads.get(key) else { continue };
            let numbers = target.containers.first().map_or(&[][..], |container| container.ports.as_slice());
            let ports = numbers.iter().map(|port| EdgePort { number: port.number, protocol: port.protocol });
            edges.push(Edge {
                source: path.clone(),
                from: pods.connect.peer(),
                to: Peer::Workload { namespace: target.namespace.clone(), name: target.name.clone() },
                ports: ports.collect(),
            });
        }
    }
    for (topic, partitions) in &followed.topics {
        let object = object_name(scope, &path, topic);
        topics.extend(object.map(|object| Topic {
            name: object,
            topic: topic.clone(),
            partitions: *partitions,
            replicas: copies(cluster),
            config: BTreeMap::new(),
        }));
    }
    let connect = Connect {
        name: name?,
        image: image?,
        replicas: spec.replicas.unwrap_or(1),
        resources,
        env: followed.env,
        connectors: followed.connectors,
    };
    Some((connect, topics))
}

/// Connect writes the topics that it feeds, and reads and writes those of its own.
fn connect_user(connect: &Connect, topics: &[Topic]) -> KafkaUser {
    let own = format!("{}-", connect.name);
    let mut acls = vec![acl("group", connect.name.as_str(), &["Read"])];
    for topic in topics {
        let operations: &[&'static str] = if topic.topic.starts_with(&own) {
            &["Describe", "DescribeConfigs", "Read", "Write"]
        } else {
            WRITE
        };
        acls.push(acl("topic", &topic.topic, operations));
    }
    KafkaUser { name: connect.name.clone(), acls }
}

/// Reports a connector that follows something that it cannot.
fn unknown_database(scope: &mut Scope<'_>, path: &KeyPath, name: &str) {
    let known: Vec<String> = scope.spec.databases.iter().flatten().map(|(key, _)| key.clone()).collect();
    scope.unknown(path, &format!("database `{name}`"), name, &known);
}

/// Reports that Debezium has no connector for an engine.
fn unfollowed(scope: &mut Scope<'_>, path: &KeyPath, engine: &str) {
    let message = format!("`{path}`: there is no connector for the engine `{engine}`");
    let problem = Diagnostic::new(&UNKNOWN_REFERENCE, message).at(scope.span(path), "");
    scope.report(problem.hint("connectors follow `citus`, `mongodb` and `postgres`"));
}
