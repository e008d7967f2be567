//! `[routes.<name>]`: hosts and paths that lead from outside to a port of a workload.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;

/// A host and its paths. Targets in several namespaces become one Ingress each, since an Ingress cannot point out of
/// its own.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Route {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The product that it belongs to, by its key in `[groups]`; that of its file unless given.
    pub group: Option<String>,
    /// The component that it belongs to; that of its target unless given.
    pub component: Option<String>,
    /// The host name: `app.example.com`.
    pub host: Option<String>,
    /// Paths and their targets, `<workload>:<port>`: `{ "/api/" = "api:http" }`. Prefixes, longest first.
    pub paths: Option<BTreeMap<String, String>>,
    /// HTTPS: the key of a secret in `[secrets]`, or a table with the issuer that makes it.
    pub tls: Option<Tls>,
    /// The ingress class; that of `[ingress]` unless given.
    pub class: Option<String>,
    /// How long a connection may stay silent, in seconds. WebSockets need hours: `3600`.
    pub idle_timeout: Option<u32>,
    /// Annotations of the Ingress.
    pub annotations: Option<BTreeMap<String, String>>,
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
}
