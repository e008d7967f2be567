//! Services: names for pods, and names for what runs outside the cluster.

use k8s_openapi::api::core::v1::{Service as ServiceObject, ServicePort as ServicePortObject, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::workload::object;
use super::{absent, labels, metadata};
use crate::model::{
    Controller, ExternalService, Pairs, Platform, Service, ServicePort, ServiceType, Workload,
};
use crate::object::Object;

/// The Services that lead to the pods of `workload`.
pub(super) fn lower(platform: &Platform, workload: &Workload) -> Vec<Object> {
    workload.services.iter().map(|service| object(workload, &to_pods(platform, workload, service))).collect()
}

fn to_pods(platform: &Platform, workload: &Workload, service: &Service) -> ServiceObject {
    let labels = labels::of_workload(platform, workload);
    let meta = metadata::of(service.name.as_str(), &workload.namespace, labels);
    let spec = ServiceSpec {
        selector: Some(labels::selecting(workload)),
        ports: absent::list(service.ports.iter().map(port)),
        publish_not_ready_addresses: gives_names_only(workload, service).then_some(true),
        ..of_type(service.r#type)
    };
    ServiceObject {
        metadata: metadata::annotated(meta, annotations(platform, service)),
        spec: Some(spec),
        status: None,
    }
}

/// A load balancer sends traffic only to nodes with a ready pod and keeps the address of the client.
fn of_type(r#type: ServiceType) -> ServiceSpec {
    let (name, local) = match r#type {
        ServiceType::ClusterIp | ServiceType::Headless => ("ClusterIP", false),
        ServiceType::NodePort => ("NodePort", false),
        ServiceType::LoadBalancer => ("LoadBalancer", true),
    };
    ServiceSpec {
        type_: Some(name.to_owned()),
        cluster_ip: (r#type == ServiceType::Headless).then(|| "None".to_owned()),
        external_traffic_policy: local.then(|| "Local".to_owned()),
        ..ServiceSpec::default()
    }
}

/// Whether the Service only gives the pods of a StatefulSet their names, because clients have another one.
///
/// Peers of a cluster find each other before they are ready, so their names must resolve by then. Where clients use the
/// same Service, it must lead to ready pods alone.
fn gives_names_only(workload: &Workload, service: &Service) -> bool {
    let governs = matches!(&workload.controller, Controller::StatefulSet { service: name, .. } if *name == service.name);
    let for_clients = |other: &Service| other.r#type != ServiceType::Headless;
    governs && service.r#type == ServiceType::Headless && workload.services.iter().any(for_clients)
}

/// What the cluster wants of load balancers, and over it what the Service says itself.
fn annotations(platform: &Platform, service: &Service) -> Pairs {
    let balanced = service.r#type == ServiceType::LoadBalancer;
    let mut annotations =
        if balanced { platform.cluster.load_balancer_annotations.clone() } else { Pairs::new() };
    annotations.extend(service.annotations.clone());
    annotations
}

/// The target is the name of the port in the pod, so its number has one home.
fn port(port: &ServicePort) -> ServicePortObject {
    ServicePortObject {
        name: Some(port.name.to_string()),
        port: port.number.into(),
        protocol: Some(port.protocol.as_str().to_owned()),
        target_port: Some(IntOrString::String(port.name.to_string())),
        ..ServicePortObject::default()
    }
}

/// The names in the cluster for what runs outside it.
pub(super) fn lower_external(platform: &Platform) -> Vec<Object> {
    let object = |service: &ExternalService| {
        Object::from_typed(&to_host(platform, service), service.component.as_str(), service.source.clone())
    };
    platform.external_services.iter().map(object).collect()
}

/// DNS answers with the host. The port only documents: nothing forwards it.
fn to_host(platform: &Platform, service: &ExternalService) -> ServiceObject {
    let labels = labels::of_component(platform, &service.component);
    let port = ServicePortObject {
        port: service.port.into(),
        protocol: Some("TCP".to_owned()),
        ..ServicePortObject::default()
    };
    let spec = ServiceSpec {
        type_: Some("ExternalName".to_owned()),
        external_name: Some(service.host.to_string()),
        ports: Some(vec![port]),
        ..ServiceSpec::default()
    };
    ServiceObject {
        metadata: metadata::of(service.name.as_str(), &service.namespace, labels),
        spec: Some(spec),
        status: None,
    }
}
