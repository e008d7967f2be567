//! `traefik.io/v1alpha1`: routes, middlewares and TLS options of Traefik.
//!
//! Source: <https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/>. Traefik's own middlewares are
//! thirty fields of one spec, of which exactly one is set.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;
use crate::value::Value;

/// A route: rules that match requests and lead to Services.
pub type IngressRoute = Custom<IngressRouteSpec>;

/// Something that a request passes on its way.
pub type Middleware = Custom<MiddlewareSpec>;

/// What TLS connections must fulfil.
pub type TlsOption = Custom<TlsOptionSpec>;

/// What a route matches, and where it leads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IngressRouteSpec {
    /// The entry points of Traefik that it listens on: `websecure`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry_points: Vec<String>,
    /// The ingress class, where Traefik serves only its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress_class_name: Option<String>,
    /// Its rules.
    pub routes: Vec<TraefikRule>,
    /// HTTPS; without it the route serves plain HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<TraefikTls>,
}

kind!(IngressRouteSpec: Namespaced, "traefik.io", "v1alpha1", "IngressRoute", "ingressroutes");

/// One rule of a route.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikRule {
    /// `Rule`, the only kind.
    pub kind: String,
    /// Which requests, in Traefik's language of rules.
    #[serde(rename = "match")]
    pub match_: String,
    /// Which rule wins where several match; the longest unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// What a request passes, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub middlewares: Vec<TraefikReference>,
    /// Where requests go.
    pub services: Vec<TraefikBackend>,
}

/// An object of Traefik's in the same namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikReference {
    /// Its name.
    pub name: String,
}

/// A port of a Service in the same namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikBackend {
    /// The Service.
    pub name: String,
    /// The port, by its name.
    #[schemars(with = "Value", extend("x-kubernetes-int-or-string" = true))]
    pub port: String,
}

/// HTTPS of a route.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikTls {
    /// The Secret with the certificate; Traefik chooses among those that it has where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_name: Option<String>,
    /// The resolver of Traefik that fetches the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert_resolver: Option<String>,
}

/// What a middleware does: one of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "each field is documented by the type that it has")]
pub struct MiddlewareSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_prefix: Option<TraefikAddPrefix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basic_auth: Option<TraefikBasicAuth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buffering: Option<TraefikBuffering>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<TraefikChain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circuit_breaker: Option<TraefikCircuitBreaker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compress: Option<TraefikCompress>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forward_auth: Option<TraefikForwardAuth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<TraefikHeaders>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_flight_req: Option<TraefikInFlight>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_allow_list: Option<TraefikIpAllowList>,
    /// A plugin by its name, with its own configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin: Option<BTreeMap<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<TraefikRateLimit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_regex: Option<TraefikRedirectRegex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_scheme: Option<TraefikRedirectScheme>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<TraefikRetry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strip_prefix: Option<TraefikStripPrefix>,
}

kind!(MiddlewareSpec: Namespaced, "traefik.io", "v1alpha1", "Middleware", "middlewares");

/// Puts something before the path.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikAddPrefix {
    /// What: `/app`.
    pub prefix: String,
}

/// Asks for a user and a password.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikBasicAuth {
    /// The Secret, whose key `users` holds lines of htpasswd.
    pub secret: String,
    /// What the browser says that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub realm: Option<String>,
    /// Whether the password is kept from the Service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove_header: Option<bool>,
}

/// Holds requests and answers before passing them on, and refuses what is too large.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikBuffering {
    /// The largest request, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_request_body_bytes: Option<i64>,
    /// The largest answer, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_response_body_bytes: Option<i64>,
    /// How much of a request is held in memory and not on disk, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mem_request_body_bytes: Option<i64>,
}

/// Several middlewares as one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikChain {
    /// They, in order.
    pub middlewares: Vec<TraefikReference>,
}

/// Answers in place of a Service that fails.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikCircuitBreaker {
    /// When it counts as failing.
    pub expression: String,
    /// How often that is looked at: `100ms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_period: Option<String>,
    /// How long it answers itself: `10s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_duration: Option<String>,
    /// How long it takes to let everything through again: `10s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_duration: Option<String>,
}

/// Compresses answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikCompress {
    /// Media types that stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_content_types: Vec<String>,
    /// From how many bytes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_response_body_bytes: Option<i64>,
}

/// Asks a service whether a request may pass.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikForwardAuth {
    /// The URL that is asked.
    pub address: String,
    /// Whether the `X-Forwarded-…` headers of the client are believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust_forward_header: Option<bool>,
    /// Headers of the request that are sent along; all unless given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auth_request_headers: Vec<String>,
    /// Headers of the answer that replace those of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auth_response_headers: Vec<String>,
    /// The same, by a pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_response_headers_regex: Option<String>,
}

/// Sets and removes headers; an empty value removes one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikHeaders {
    /// Headers of the request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_request_headers: BTreeMap<String, String>,
    /// Headers of the answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_response_headers: BTreeMap<String, String>,
    /// Whether pages of other origins may send cookies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_control_allow_credentials: Option<bool>,
    /// The headers that they may send.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access_control_allow_headers: Vec<String>,
    /// The methods that they may use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access_control_allow_methods: Vec<String>,
    /// The origins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access_control_allow_origin_list: Vec<String>,
    /// The headers of the answer that they may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access_control_expose_headers: Vec<String>,
    /// For how many seconds a browser may remember all this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_control_max_age: Option<i64>,
    /// Whether caches are told that the answer depends on the origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_vary_header: Option<bool>,
}

/// Bounds how many requests are under way at once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikInFlight {
    /// How many.
    pub amount: i64,
    /// Of whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_criterion: Option<TraefikSource>,
}

/// Lets in some addresses only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikIpAllowList {
    /// They, as CIDR blocks.
    pub source_range: Vec<String>,
    /// How the address of a client is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_strategy: Option<TraefikIpStrategy>,
}

/// Bounds how many requests come in a time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikRateLimit {
    /// How many in a period.
    pub average: i64,
    /// How many at once.
    pub burst: i64,
    /// The period: `1m`; a second unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>", extend("x-kubernetes-int-or-string" = true))]
    pub period: Option<String>,
    /// Of whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_criterion: Option<TraefikSource>,
}

/// Which requests belong together: one of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikSource {
    /// Those of one address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_strategy: Option<TraefikIpStrategy>,
    /// Those with one value of this header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_header_name: Option<String>,
    /// Those for one host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_host: Option<bool>,
}

/// How the address of a client is found behind proxies.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikIpStrategy {
    /// The place in `X-Forwarded-For`, from the right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<i64>,
    /// Addresses there that are passed over.
    #[serde(default, rename = "excludedIPs", skip_serializing_if = "Vec::is_empty")]
    pub excluded_ips: Vec<String>,
}

/// Sends clients elsewhere by a pattern.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikRedirectRegex {
    /// The pattern, over the whole URL.
    pub regex: String,
    /// The new URL.
    pub replacement: String,
    /// Whether browsers may remember it.
    pub permanent: bool,
}

/// Sends clients to another scheme.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikRedirectScheme {
    /// The scheme: `https`.
    pub scheme: String,
    /// The port, where it is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Whether browsers may remember it.
    pub permanent: bool,
}

/// Tries again where a Service does not answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikRetry {
    /// How often at most.
    pub attempts: i64,
    /// How long before the second try; it grows from try to try.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Value>", extend("x-kubernetes-int-or-string" = true))]
    pub initial_interval: Option<String>,
}

/// Takes prefixes off the path.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraefikStripPrefix {
    /// They.
    pub prefixes: Vec<String>,
}

/// What TLS connections must fulfil.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TlsOptionSpec {
    /// The oldest version: `VersionTLS12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_version: Option<String>,
    /// The cipher suites of TLS 1.2, by the names of Go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cipher_suites: Vec<String>,
    /// The curves, the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curve_preferences: Vec<String>,
    /// Whether a client that names no host, or one without a certificate, is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sni_strict: Option<bool>,
}

kind!(TlsOptionSpec: Namespaced, "traefik.io", "v1alpha1", "TLSOption", "tlsoptions");
