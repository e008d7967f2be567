//! What the rules have to know beside the objects: what a platform declares and does not emit.

use std::collections::BTreeMap;

use crate::check::reach::{self, Target};
use crate::check::{Context, External, Keys, Schemas};
use crate::model::{ClusterKind, Controller, Edge, EdgePort, Peer, Platform, Reach, SecretStore, Workload};
use crate::names::{DnsLabel, KubernetesVersion};
use crate::object::custom;
use crate::object::{GroupVersionKind, Object, ObjectRef};

/// The schemas of a Kubernetes version, of the custom resources that bayplan writes, and of those whose definitions are kept
/// beside the platform, which know better than bayplan what a kind is.
pub(super) fn schemas(version: KubernetesVersion, kept: &[crate::value::Value]) -> Schemas {
    let mut schemas = Schemas::new(version);
    for definition in custom::definitions() {
        // A definition that bayplan makes itself has a group, names and versions; the tests add each of them.
        drop(schemas.add_custom_resource(&definition));
    }
    for definition in kept {
        // What keeps it from being one was reported when it was read.
        drop(schemas.replace_custom_resource(definition));
    }
    schemas
}

/// The context in which the objects of a platform are judged.
pub(super) fn context<'a>(platform: &Platform, schemas: &'a Schemas) -> Context<'a> {
    Context { external: external(platform), edges: edges(platform), ..Context::new(schemas) }
}

/// What lies beside the objects that deliver an environment: its Services, and those that it does not emit.
pub(super) fn beside(platform: &Platform, objects: &[Object]) -> External {
    let External { hosts, objects: declared, shared_namespaces, .. } = external(platform);
    let mut beside = External { hosts, objects: declared, shared_namespaces, ..External::default() };
    for service in objects.iter().filter(|object| object.id.gvk.kind == "Service") {
        beside.add_object("Service", service.id.namespace.as_deref().unwrap_or_default(), &service.id.name);
    }
    beside
}

fn external(platform: &Platform) -> External {
    let mut external = External { single_node: platform.cluster.nodes == 1, ..External::default() };
    for namespace in platform.namespaces.iter().filter(|namespace| namespace.external) {
        external.namespaces.insert(namespace.name.to_string(), namespace.labels.clone());
    }
    if platform.cluster.metallb.is_some() {
        external.namespaces.insert("metallb-system".to_owned(), BTreeMap::new());
    }
    for neighbour in &platform.surroundings.externals {
        if let Reach::Pods { namespace, service, .. } = &neighbour.reach {
            external.add_object("Service", namespace.as_str(), service.as_str());
        }
    }
    let charts = platform.delivery.charts.iter().map(|chart| chart.namespace.to_string());
    external.shared_namespaces.extend(charts);
    for secret in &platform.secrets {
        let keys = if secret.provided {
            Keys::Any
        } else {
            Keys::of(secret.keys.iter().map(|key| key.name.as_str()))
        };
        external.add_secret(secret.namespace.as_str(), secret.name.as_str(), keys);
    }
    for route in &platform.routes {
        // cert-manager fills the secret of an Ingress that names an issuer.
        let tls = route.tls.as_ref().filter(|tls| tls.issuer.is_some());
        if let Some(secret) = tls.and_then(|tls| tls.secret.as_ref()) {
            external.add_secret(route.namespace.as_str(), secret.as_str(), Keys::of(["tls.crt", "tls.key"]));
        }
    }
    for peer in platform.edges.iter().flat_map(|edge| [&edge.from, &edge.to]) {
        if let Peer::Pods { namespace, labels } = peer {
            external.pods.insert((namespace.to_string(), labels.clone()));
        }
    }
    for certificate in &platform.operators.certificates {
        external.add_secret(
            certificate.namespace.as_str(),
            certificate.secret.as_str(),
            Keys::of(["tls.crt", "tls.key"]),
        );
    }
    if let SecretStore::ExternalSecrets { name, .. } = &platform.secret_store {
        external.add_object("ClusterSecretStore", "", name.as_str());
    }
    // A generic cluster promises nothing, so nothing is known of its classes.
    if platform.cluster.kind != ClusterKind::Generic {
        external.storage_classes = Some(platform.provided_storage_classes.iter().cloned().collect());
    }
    external
}

/// The declared edges between workloads, as connections that the policies must let through.
fn edges(platform: &Platform) -> Vec<reach::Edge> {
    let workloads: BTreeMap<(&DnsLabel, &DnsLabel), &Workload> =
        platform.workloads.iter().map(|workload| ((&workload.namespace, &workload.name), workload)).collect();
    let find = |peer: &Peer| match peer {
        Peer::Workload { namespace, name } => {
            workloads.get(&(namespace, name)).map(|workload| reference(workload))
        }
        _ => None,
    };
    let target =
        |peer: &Peer| find(peer).map(Target::Workload).or_else(|| outside(peer).map(Target::External));
    let connections =
        platform.edges.iter().filter_map(|edge| Some((edge, find(&edge.from)?, target(&edge.to)?)));
    connections.flat_map(|(edge, from, to)| connections_of(edge, &from, &to)).collect()
}

/// The far end of an edge that leaves the platform: pods of others, or the first address of a block.
fn outside(peer: &Peer) -> Option<reach::Peer> {
    match peer {
        Peer::Pods { namespace, labels } => Some(reach::Peer::Pod(reach::Pod {
            namespace: namespace.to_string(),
            labels: labels.clone(),
            ports: Vec::new(),
        })),
        Peer::Addresses(blocks) => {
            let address = blocks.first()?.as_str().split('/').next()?.parse().ok()?;
            Some(reach::Peer::Address(address))
        }
        Peer::Workload { .. } | Peer::Namespace(_) | Peer::Tenants => None,
    }
}

fn connections_of(edge: &Edge, from: &ObjectRef, to: &Target) -> Vec<reach::Edge> {
    let one = |port: &EdgePort| reach::Edge {
        from: from.clone(),
        to: to.clone(),
        port: port.number.get(),
        protocol: port.protocol,
        source: edge.source.clone(),
    };
    edge.ports.iter().map(one).collect()
}

/// What the controller of a workload is called.
fn reference(workload: &Workload) -> ObjectRef {
    let (api_version, kind) = match workload.controller {
        Controller::Deployment { .. } => ("apps/v1", "Deployment"),
        Controller::StatefulSet { .. } => ("apps/v1", "StatefulSet"),
        Controller::DaemonSet => ("apps/v1", "DaemonSet"),
        Controller::Job => ("batch/v1", "Job"),
        Controller::CronJob { .. } => ("batch/v1", "CronJob"),
    };
    ObjectRef {
        gvk: GroupVersionKind::new(api_version, kind),
        namespace: Some(workload.namespace.to_string()),
        name: workload.name.to_string(),
    }
}

/// Whether custom resource definitions are among the objects.
pub(super) fn brings_definitions(objects: &[Object]) -> bool {
    objects.iter().any(|object| object.id.gvk.kind == "CustomResourceDefinition")
}

/// Adds the custom resource definitions that are among the objects.
pub(super) fn with_definitions_of(mut schemas: Schemas, objects: &[Object]) -> Schemas {
    for object in objects.iter().filter(|object| object.id.gvk.kind == "CustomResourceDefinition") {
        // What keeps it from being a definition is for the rules to say.
        drop(schemas.add_custom_resource(&object.value));
    }
    schemas
}
