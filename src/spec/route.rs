//! `[routes.<name>]`: hosts and paths that lead from outside to ports of workloads.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;

/// What a route becomes in the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RouteKind {
    /// An Ingress, which every controller reads; middlewares become annotations.
    Ingress,
    /// An IngressRoute of Traefik.
    IngressRoute,
    /// An HTTPRoute of the Gateway API, on the Gateway of `[ingress.gateway]`.
    HttpRoute,
}

/// Hosts, their paths, and what requests pass on their way. Targets in several namespaces become one object each, since
/// a route cannot point out of its own.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Route {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The product that it belongs to, by its key in `[groups]`; that of its file unless given.
    pub group: Option<String>,
    /// The component that it belongs to; that of its target unless given.
    pub component: Option<String>,
    /// The name of its object in the cluster. Its key unless given.
    pub name: Option<String>,
    /// What it becomes: `ingress`, `ingressroute` or `httproute`; what `[ingress]` says unless given.
    pub kind: Option<RouteKind>,
    /// The host name: `app.example.com`.
    pub host: Option<String>,
    /// Paths and their targets, `<workload>:<port>`: `{ "/api/" = "api:http" }`. Prefixes, longest first.
    pub paths: Option<BTreeMap<String, RoutePath>>,
    /// Further hosts with paths of their own, by key; the key is the host where it has a dot: `hosts."api.example.com".paths."/" = "api:http"`.
    pub hosts: Option<BTreeMap<String, RouteHost>>,
    /// What every request passes, in this order: keys of `[middlewares]`. The route's own come first, then those of the host, `auth`, `jwt`, and those of the path.
    pub middlewares: Option<Vec<String>>,
    /// Who signs people in before they get through: the key of an `[oauth2-proxies]`, or `false` for nobody.
    pub auth: Option<Guard>,
    /// What validates the token of a request: the key of a middleware, or `false` where requests need none.
    pub jwt: Option<Guard>,
    /// HTTPS: the key of a secret in `[secrets]`, or a table with the issuer that makes it.
    pub tls: Option<Tls>,
    /// The ingress class; that of `[ingress]` unless given.
    pub class: Option<String>,
    /// The entry points of Traefik that it listens on; those of `[ingress]` unless given.
    pub entry_points: Option<Vec<String>>,
    /// How long a connection may stay silent, in seconds. WebSockets need hours: `3600`.
    pub idle_timeout: Option<u32>,
    /// Annotations of its object.
    pub annotations: Option<BTreeMap<String, String>>,
}

/// One of several hosts of a route.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RouteHost {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The host name; its key unless given, where the key has a dot.
    pub host: Option<String>,
    /// Paths and their targets, `<workload>:<port>`.
    pub paths: Option<BTreeMap<String, RoutePath>>,
    /// What requests to this host pass after the middlewares of the route.
    pub middlewares: Option<Vec<String>>,
    /// Who signs people in; as the route says unless given.
    pub auth: Option<Guard>,
    /// What validates the token of a request; as the route says unless given.
    pub jwt: Option<Guard>,
}

/// Where a path leads, and what is special about it. A text is the target.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "to"), ("boolean", "enabled")]))]
pub struct RoutePath {
    /// `false` removes a path that a weaker layer set.
    pub enabled: Option<bool>,
    /// The target: `<workload>:<port>`.
    pub to: Option<String>,
    /// Whether the path itself is meant and nothing below it; `false` unless given.
    pub exact: Option<bool>,
    /// What requests to this path pass after everything else.
    pub middlewares: Option<Vec<String>>,
    /// Who signs people in; as the host or the route says unless given.
    pub auth: Option<Guard>,
    /// What validates the token of a request; as the host or the route says unless given.
    pub jwt: Option<Guard>,
}

/// What stands before a route. A text is its key, `false` is nothing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "name"), ("boolean", "enabled")]))]
pub struct Guard {
    /// `false` lets everybody through.
    pub enabled: Option<bool>,
    /// Its key.
    pub name: Option<String>,
}

/// Where the certificate of a route comes from. A text is the secret.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "secret"), ("boolean", "enabled")]))]
pub struct Tls {
    /// `false` for plain HTTP.
    pub enabled: Option<bool>,
    /// The name of the TLS secret; `<route>-tls` unless given.
    pub secret: Option<String>,
    /// The cert-manager ClusterIssuer that fills the secret.
    pub issuer: Option<String>,
    /// The resolver of Traefik that fetches the certificate itself (ACME); then there is no secret.
    pub resolver: Option<String>,
    /// Whether plain HTTP is sent to HTTPS; as the controller does unless given.
    pub redirect: Option<bool>,
}
