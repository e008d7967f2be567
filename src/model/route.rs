//! Routes from outside, one Ingress for each namespace that a host leads into.

use super::Pairs;
use crate::names::{DnsLabel, DnsSubdomain, HostName, PortName, ServiceName};
use crate::source::KeyPath;

/// One Ingress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingress {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsSubdomain,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// The ingress class.
    pub class: DnsSubdomain,
    /// The host.
    pub host: HostName,
    /// Path prefixes and where they lead, longest first.
    pub paths: Vec<(String, Backend)>,
    /// HTTPS.
    pub tls: Option<IngressTls>,
    /// Annotations.
    pub annotations: Pairs,
}

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// The Service.
    pub service: ServiceName,
    /// The port, by name.
    pub port: PortName,
}

/// Where the certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngressTls {
    /// The TLS Secret.
    pub secret: DnsSubdomain,
    /// The cert-manager `ClusterIssuer` that fills it; `None` where a person or a store does.
    pub issuer: Option<String>,
}

/// An `IngressClass` whose controller the platform runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngressClass {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsSubdomain,
    /// The component of the controller.
    pub component: DnsLabel,
    /// The controller, as it calls itself: `k8s.io/ingress-nginx`.
    pub controller: String,
}
