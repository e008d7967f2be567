//! `[ingress]`: the one way in from outside, and what holds for every route.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;
use super::{Resources, RouteKind};

/// Which controller implements routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Controller {
    /// The Kubernetes project's controller on nginx, run by this platform.
    IngressNginx,
    /// Traefik, which a chart or others run; only its class, its namespace and its pods' labels matter here.
    Traefik,
    /// Somebody else runs one; only its class and its namespace matter here.
    Provided,
}

/// The one way in from outside.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ingress {
    /// Whether there is one.
    pub enabled: Option<bool>,
    /// What routes become: `ingress` unless given, `ingressroute` or `httproute`.
    pub kind: Option<RouteKind>,
    /// The name of the IngressClass: `nginx`.
    pub class: Option<String>,
    /// Who implements it; `provided` unless given.
    pub controller: Option<Controller>,
    /// Whether others run the controller: it is named, and nothing of it is emitted. Traefik never is.
    pub provided: Option<bool>,
    /// The namespace that the controller runs in, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The labels of the controller's pods, for network policies. Traefik's chart sets `app.kubernetes.io/name: traefik`; the whole namespace is let in where nobody knows.
    pub labels: Option<BTreeMap<String, String>>,
    /// The image of the controller, pinned.
    pub image: Option<String>,
    /// How many pods of the controller; 1 unless given.
    pub replicas: Option<i32>,
    /// CPU and memory of the controller, as `request..limit`.
    pub resources: Option<Resources>,
    /// Settings of the controller (the ConfigMap of ingress-nginx).
    pub config: Option<BTreeMap<String, String>>,
    /// The entry points of Traefik that routes listen on; `["websecure"]` for HTTPS and `["web"]` for HTTP unless given.
    pub entry_points: Option<Vec<String>>,
    /// The plugins that Traefik's static configuration declares, by the name that middlewares use.
    pub plugins: Option<BTreeMap<String, Plugin>>,
    /// The Gateway that HTTPRoutes hang on.
    pub gateway: Option<Gateway>,
    /// What holds for the paths of APIs.
    pub api: Option<ApiPaths>,
    /// What TLS connections must fulfil: the default TLSOption of Traefik.
    pub tls: Option<TlsRules>,
}

/// A plugin of Traefik, pinned.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Plugin {
    /// Its Go module: `github.com/agilezebra/jwt-middleware`.
    pub module: Option<String>,
    /// Its version: `v1.3.2`.
    pub version: Option<String>,
}

/// A Gateway of the Gateway API, with one listener for HTTP and one for each host with TLS.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Gateway {
    /// Its name; that of the platform unless given.
    pub name: Option<String>,
    /// Its namespace, by its key in `[namespaces]`; that of the controller unless given.
    pub namespace: Option<String>,
    /// The GatewayClass; the class of `[ingress]` unless given.
    pub class: Option<String>,
    /// Whether others own it: it is named and not emitted. Then its listeners are called `http` and, for TLS, as `https-listener` says.
    pub provided: Option<bool>,
    /// The listener for TLS of a Gateway that others own; `https` unless given.
    pub https_listener: Option<String>,
    /// The port for HTTP; 80 unless given. Traefik's chart listens on 8000.
    pub http_port: Option<u16>,
    /// The port for HTTPS; 443 unless given. Traefik's chart listens on 8443.
    pub https_port: Option<u16>,
}

/// What holds for the paths of APIs, so that no route can forget it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "prefix")]))]
pub struct ApiPaths {
    /// Where they begin; `/api` unless given.
    pub prefix: Option<String>,
    /// Whether a major version must follow, as in `/api/v1/orders`.
    pub versioned: Option<bool>,
    /// Whether each must have a `jwt`.
    pub jwt: Option<bool>,
}

/// What TLS connections must fulfil.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "min-version")]))]
pub struct TlsRules {
    /// The oldest version that clients may speak: `"1.2"` or `"1.3"`.
    pub min_version: Option<String>,
    /// The cipher suites of TLS 1.2, by the names of Go.
    pub ciphers: Option<Vec<String>>,
    /// The curves, the best first.
    pub curves: Option<Vec<String>>,
    /// Whether a client is refused that names a host without a certificate.
    pub strict_hosts: Option<bool>,
}
