//! Routes as Ingresses, and the class of the controller that the platform runs.

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress as IngressObject, IngressBackend,
    IngressClass as IngressClassObject, IngressClassSpec, IngressRule, IngressServiceBackend, IngressSpec,
    IngressTLS, ServiceBackendPort,
};

use super::{labels, metadata};
use crate::model::{IngressClass, Pairs, Platform, Route, RouteForm, RouteHost, RoutePath, RouteTls};
use crate::names::DnsSubdomain;
use crate::object::Object;

/// cert-manager makes the certificate of an Ingress with this annotation
/// (<https://cert-manager.io/docs/usage/ingress/>).
const ISSUER: &str = "cert-manager.io/cluster-issuer";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let class = |class: &IngressClass| {
        Object::from_typed(&ingress_class(platform, class), class.component.as_str(), class.source.clone())
    };
    let ingress = |route: &Route| match &route.form {
        RouteForm::Ingress { class } => {
            let ingress = self::ingress(platform, route, class);
            Some(Object::from_typed(&ingress, route.component.as_str(), route.source.clone()))
        }
        RouteForm::IngressRoute { .. } | RouteForm::HttpRoute { .. } => None,
    };
    let classes = platform.ingress_class.iter().map(class);
    classes.chain(platform.routes.iter().filter_map(ingress)).collect()
}

fn ingress_class(platform: &Platform, class: &IngressClass) -> IngressClassObject {
    let labels = labels::of_component(platform, &class.component);
    let spec = IngressClassSpec { controller: Some(class.controller.clone()), parameters: None };
    IngressClassObject { metadata: metadata::of_cluster(class.name.as_str(), labels), spec: Some(spec) }
}

fn ingress(platform: &Platform, route: &Route, class: &DnsSubdomain) -> IngressObject {
    let labels = labels::of_component(platform, &route.component);
    let meta = metadata::of(route.name.as_str(), &route.namespace, labels);
    let spec = IngressSpec {
        ingress_class_name: Some(class.to_string()),
        rules: Some(route.hosts.iter().map(rule).collect()),
        tls: route.tls.as_ref().map(|tls| vec![certificate(route, tls)]),
        default_backend: None,
    };
    IngressObject { metadata: metadata::annotated(meta, annotations(route)), spec: Some(spec), status: None }
}

fn annotations(route: &Route) -> Pairs {
    let issuer = route.tls.as_ref().and_then(|tls| tls.issuer.clone());
    let mut annotations: Pairs = issuer.map(|issuer| (ISSUER.to_owned(), issuer)).into_iter().collect();
    annotations.extend(route.annotations.clone());
    annotations
}

fn rule(host: &RouteHost) -> IngressRule {
    let paths = host.paths.iter().map(path).collect();
    IngressRule { host: Some(host.host.to_string()), http: Some(HTTPIngressRuleValue { paths }) }
}

fn path(path: &RoutePath) -> HTTPIngressPath {
    let port = ServiceBackendPort { name: Some(path.backend.port.to_string()), number: None };
    let service = IngressServiceBackend { name: path.backend.service.to_string(), port: Some(port) };
    HTTPIngressPath {
        path: Some(path.path.clone()),
        path_type: if path.exact { "Exact" } else { "Prefix" }.to_owned(),
        backend: IngressBackend { service: Some(service), resource: None },
    }
}

fn certificate(route: &Route, tls: &RouteTls) -> IngressTLS {
    let hosts = route.hosts.iter().map(|host| host.host.to_string()).collect();
    IngressTLS { hosts: Some(hosts), secret_name: tls.secret.as_ref().map(ToString::to_string) }
}
