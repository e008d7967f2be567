//! The Job that an engine runs once beside its server, and the edge that lets it in.

use crate::model::{Container, Controller, Edge, EdgePort, Peer, Probes, Resources, Security, Workload};
use crate::names::{DnsLabel, Quantity};
use crate::resolve::container::Place;
use crate::resolve::engine::OneShot;
use crate::resolve::scope::Scope;
use crate::resolve::workloads::security;
use crate::spec;

/// The Job. It has the image and the user of the server, and none of its ports, volumes and capabilities.
pub(super) fn build(
    scope: &mut Scope<'_>,
    database: &spec::Database,
    (place, component): (&Place, &DnsLabel),
    job: &OneShot,
    server: &Container,
) -> Option<Workload> {
    let name = format!("{}-{}", place.name, job.suffix);
    let name = scope.parse(&place.source, &name, DnsLabel::parse)?;
    let container = Container {
        name: name.clone(),
        image: server.image.clone(),
        command: job.command.clone(),
        args: Vec::new(),
        ports: Vec::new(),
        pre_stop: Vec::new(),
        env: super::variables(&job.env),
        env_from: Vec::new(),
        resources: small(),
        probes: Probes::default(),
        mounts: Vec::new(),
        read_only_root: server.read_only_root,
        capabilities: Vec::new(),
    };
    Some(workload(database, (place, component), container, Controller::Job))
}

/// What runs that container to completion, called as the container is.
pub(super) fn workload(
    database: &spec::Database,
    (place, component): (&Place, &DnsLabel),
    container: Container,
    controller: Controller,
) -> Workload {
    let security = security(database.security.as_ref());
    Workload {
        source: place.source.clone(),
        name: container.name.clone(),
        namespace: place.namespace.clone(),
        component: component.clone(),
        labels: labels(database),
        selector: std::collections::BTreeMap::new(),
        annotations: database.annotations.clone().unwrap_or_default(),
        pod_annotations: std::collections::BTreeMap::new(),
        controller,
        init: Vec::new(),
        containers: vec![container],
        volumes: Vec::new(),
        security: Security { volume_group: None, ..security },
        identity: None,
        api_access: false,
        services: Vec::new(),
        budget: None,
        autoscaler: None,
        spread: false,
        node_selector: std::collections::BTreeMap::new(),
        tolerations: Vec::new(),
        grace_period: 30,
        smoke: Vec::new(),
    }
}

/// The labels of the database without those that select its pods: the Job must get no share of its traffic.
fn labels(database: &spec::Database) -> crate::model::Pairs {
    let selects = |key: &String| database.selector.iter().flatten().any(|selecting| selecting == key);
    let mut labels = database.labels.clone().unwrap_or_default();
    labels.retain(|key, _| !selects(key));
    labels
}

/// What a client on the command line needs.
pub(super) fn small() -> Resources {
    let amounts = |cpu: &str, memory: &str| {
        let all = [("cpu", cpu), ("memory", memory)];
        all.into_iter().filter_map(|(name, text)| Some((name, Quantity::parse(text).ok()?))).collect()
    };
    Resources { requests: amounts("50m", "64Mi"), limits: amounts("250m", "256Mi") }
}

/// The edge from the Job to its server.
pub(super) fn edge(job: &Workload, server: &Workload) -> Option<Edge> {
    let end = |workload: &Workload| Peer::Workload {
        namespace: workload.namespace.clone(),
        name: workload.name.clone(),
    };
    let ports = &server.containers.first()?.ports;
    Some(Edge {
        source: server.source.clone(),
        from: end(job),
        to: end(server),
        ports: ports.iter().map(|port| EdgePort { number: port.number, protocol: port.protocol }).collect(),
    })
}
