//! Ingresses, and the class of the controller that the platform runs.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress as IngressObject, IngressBackend,
    IngressClass as IngressClassObject, IngressClassSpec, IngressRule, IngressServiceBackend, IngressSpec,
    IngressTLS, ServiceBackendPort,
};

use super::{labels, metadata};
use crate::model::{Backend, Ingress, IngressClass, IngressTls, Pairs, Platform};
use crate::object::Object;

/// cert-manager makes the certificate of an Ingress with this annotation
/// (<https://cert-manager.io/docs/usage/ingress/>).
const ISSUER: &str = "cert-manager.io/cluster-issuer";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let class = |class: &IngressClass| {
        Object::from_typed(&ingress_class(platform, class), class.component.as_str(), class.source.clone())
    };
    let route = |route: &Ingress| {
        Object::from_typed(&ingress(platform, route), route.component.as_str(), route.source.clone())
    };
    platform.ingress_class.iter().map(class).chain(platform.ingresses.iter().map(route)).collect()
}

fn ingress_class(platform: &Platform, class: &IngressClass) -> IngressClassObject {
    let labels = labels::of_component(platform, &class.component);
    let spec = IngressClassSpec { controller: Some(class.controller.clone()), parameters: None };
    IngressClassObject { metadata: metadata::of_cluster(class.name.as_str(), labels), spec: Some(spec) }
}

fn ingress(platform: &Platform, ingress: &Ingress) -> IngressObject {
    let labels = labels::of_component(platform, &ingress.component);
    let meta = metadata::of(ingress.name.as_str(), &ingress.namespace, labels);
    let spec = IngressSpec {
        ingress_class_name: Some(ingress.class.to_string()),
        rules: Some(vec![rule(ingress)]),
        tls: ingress.tls.as_ref().map(|tls| vec![certificate(ingress, tls)]),
        default_backend: None,
    };
    IngressObject {
        metadata: metadata::annotated(meta, annotations(ingress)),
        spec: Some(spec),
        status: None,
    }
}

fn annotations(ingress: &Ingress) -> Pairs {
    let issuer = ingress.tls.as_ref().and_then(|tls| tls.issuer.clone());
    let mut annotations: Pairs = issuer.map(|issuer| (ISSUER.to_owned(), issuer)).into_iter().collect();
    annotations.extend(ingress.annotations.clone());
    annotations
}

fn rule(ingress: &Ingress) -> IngressRule {
    let paths = ingress.paths.iter().map(|(path, backend)| prefix(path, backend)).collect();
    IngressRule { host: Some(ingress.host.to_string()), http: Some(HTTPIngressRuleValue { paths }) }
}

fn prefix(path: &str, backend: &Backend) -> HTTPIngressPath {
    let port = ServiceBackendPort { name: Some(backend.port.to_string()), number: None };
    let service = IngressServiceBackend { name: backend.service.to_string(), port: Some(port) };
    HTTPIngressPath {
        path: Some(path.to_owned()),
        path_type: "Prefix".to_owned(),
        backend: IngressBackend { service: Some(service), resource: None },
    }
}

fn certificate(ingress: &Ingress, tls: &IngressTls) -> IngressTLS {
    IngressTLS { hosts: Some(vec![ingress.host.to_string()]), secret_name: Some(tls.secret.to_string()) }
}
