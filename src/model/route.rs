//! Routes from outside, one for each namespace that its hosts lead into, and what stands round them.

use super::{Middleware, Pairs};
use crate::names::{DnsLabel, DnsSubdomain, HostName, PortName, PortNumber, ServiceName};
use crate::source::KeyPath;

/// One route, in the form that the platform wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsSubdomain,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// What it becomes.
    pub form: RouteForm,
    /// Its hosts.
    pub hosts: Vec<RouteHost>,
    /// HTTPS.
    pub tls: Option<RouteTls>,
    /// Annotations.
    pub annotations: Pairs,
}

/// What a route becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteForm {
    /// An Ingress. What requests pass stands in its annotations.
    Ingress {
        /// The ingress class.
        class: DnsSubdomain,
    },
    /// An `IngressRoute` of Traefik.
    IngressRoute {
        /// The ingress class; `None` where Traefik serves every one.
        class: Option<DnsSubdomain>,
        /// The entry points.
        entry_points: Vec<String>,
    },
    /// An `HTTPRoute` of the Gateway API.
    HttpRoute {
        /// The Gateway, and its namespace.
        gateway: (DnsSubdomain, DnsLabel),
        /// Its listener.
        listener: String,
    },
}

/// A host and its paths.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteHost {
    /// The host.
    pub host: HostName,
    /// Where its paths lead, longest first.
    pub paths: Vec<RoutePath>,
}

/// A path and where it leads.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutePath {
    /// The path.
    pub path: String,
    /// Whether nothing below it is meant.
    pub exact: bool,
    /// Where it leads.
    pub backend: Backend,
    /// What requests pass, in this order; empty for an Ingress, which says it in annotations.
    pub steps: Vec<Step>,
}

/// What a request passes.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A middleware of Traefik in the same namespace.
    Middleware(DnsSubdomain),
    /// A filter of the Gateway API.
    Filter(Filter),
}

/// What the Gateway API itself does to requests.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Sets and removes headers of the request.
    Request(super::HeaderChange),
    /// Sets and removes headers of the answer.
    Response(super::HeaderChange),
    /// Lets pages of other origins in.
    Cors(super::Cors),
    /// Takes the prefix that matched off the path.
    StripPrefix,
    /// Sends the client to another scheme.
    Redirect {
        /// The scheme.
        scheme: String,
        /// The port, where it is not the usual one.
        port: Option<PortNumber>,
        /// Whether browsers may remember it.
        permanent: bool,
    },
}

/// A port of a Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// The Service.
    pub service: ServiceName,
    /// The port, by name.
    pub port: PortName,
    /// The port of the Service, by number.
    pub number: PortNumber,
}

/// HTTPS of a route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RouteTls {
    /// The TLS Secret; `None` where the controller chooses among the certificates that it has.
    pub secret: Option<DnsSubdomain>,
    /// The cert-manager `ClusterIssuer` that fills it; `None` where a person or a store does.
    pub issuer: Option<String>,
    /// The resolver of Traefik that fetches the certificate itself.
    pub resolver: Option<String>,
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

/// What routes need beside themselves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Routing {
    /// What requests pass, for each namespace whose routes use it.
    pub middlewares: Vec<Middleware>,
    /// The Gateway of this platform that routes hang on.
    pub gateway: Option<Gateway>,
    /// Certificates that no annotation asks for.
    pub certificates: Vec<Certificate>,
    /// What TLS connections to Traefik must fulfil.
    pub tls_rules: Option<TlsRules>,
}

/// A Gateway of the Gateway API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsSubdomain,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The `GatewayClass`.
    pub class: DnsSubdomain,
    /// What it listens on; its first listener is that for HTTP.
    pub listeners: Vec<Listener>,
    /// The namespaces whose routes it takes.
    pub takes: Vec<DnsLabel>,
}

/// One port of a Gateway and, with TLS, one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Its name.
    pub name: String,
    /// The port.
    pub port: PortNumber,
    /// The host and the Secret with its certificate; `None` for HTTP.
    pub tls: Option<(HostName, DnsSubdomain)>,
}

/// A certificate that cert-manager makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Where it is written.
    pub source: KeyPath,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// Its name, and that of the Secret.
    pub name: DnsSubdomain,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The hosts.
    pub hosts: Vec<HostName>,
    /// The `ClusterIssuer`.
    pub issuer: String,
}

/// What TLS connections must fulfil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsRules {
    /// Where it is written.
    pub source: KeyPath,
    /// The namespace of the controller.
    pub namespace: DnsLabel,
    /// The oldest version, as Traefik calls it; may be empty.
    pub min_version: String,
    /// The cipher suites of TLS 1.2.
    pub ciphers: Vec<String>,
    /// The curves.
    pub curves: Vec<String>,
    /// Whether a host without a certificate is refused.
    pub strict_hosts: bool,
}
