//! `[middlewares.<name>]`: what a request passes on its way from outside to a workload. Each does one thing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;
use crate::value::Map;

/// Something that requests pass; exactly one of the keys besides `enabled` and `name`. Routes say where and in which
/// order. It exists in each namespace whose routes use it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Middleware {
    /// Whether it exists at all. `false` in an environment removes it from the routes there.
    pub enabled: Option<bool>,
    /// The name of its object in the cluster. Its key unless given.
    pub name: Option<String>,
    /// Asks a service whether a request may pass.
    pub forward_auth: Option<ForwardAuth>,
    /// Bounds how many requests come in a time: `{ average = 100, burst = 50 }`.
    pub rate_limit: Option<RateLimit>,
    /// Sends clients to another scheme, or elsewhere by a pattern.
    pub redirect: Option<Redirect>,
    /// Sets and removes headers, and lets pages of other origins in (CORS).
    pub headers: Option<Headers>,
    /// Takes these prefixes off the path: `["/api"]`.
    pub strip_prefix: Option<Vec<String>>,
    /// Puts this before the path: `"/app"`.
    pub add_prefix: Option<String>,
    /// Asks for a user and a password. A text is the secret.
    pub basic_auth: Option<BasicAuth>,
    /// Lets in these addresses only: `["192.0.2.0/24"]`.
    pub ip_allow_list: Option<IpAllowList>,
    /// Several middlewares as one, in this order, by their keys.
    pub chain: Option<Vec<String>>,
    /// Compresses answers: `true`, or a table.
    pub compress: Option<Compress>,
    /// Tries again where a workload does not answer. A number is how often at most.
    pub retry: Option<Retry>,
    /// Bounds how many requests are under way at once. A number is how many.
    pub in_flight: Option<InFlight>,
    /// Answers in place of a workload that fails. A text is when it counts as failing.
    pub circuit_breaker: Option<CircuitBreaker>,
    /// Holds requests and answers before passing them on, and refuses what is too large.
    pub buffering: Option<Buffering>,
    /// A plugin that `[ingress.plugins]` declares.
    pub plugin: Option<PluginUse>,
}

/// A service that says whether a request may pass: it answers 2xx, or what the client then gets.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "to")]))]
pub struct ForwardAuth {
    /// The workload that is asked: `<workload>:<port>`. The controller gets an edge to it.
    pub to: Option<String>,
    /// The path that it is asked at; `/` unless given.
    pub path: Option<String>,
    /// The URL that is asked, in place of `to`.
    pub address: Option<String>,
    /// Whether the `X-Forwarded-…` headers of the client are believed; `false` unless given.
    pub trust_forward_header: Option<bool>,
    /// Headers of the request that are sent along; all unless given.
    pub request_headers: Option<Vec<String>>,
    /// Headers of the answer that replace those of the request: `["X-User-Country"]`. What the client sent under these names is gone.
    pub response_headers: Option<Vec<String>>,
    /// The same, by a pattern.
    pub response_headers_regex: Option<String>,
}

/// Bounds how many requests come in a time.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RateLimit {
    /// How many in a period.
    pub average: Option<u32>,
    /// How many at once.
    pub burst: Option<u32>,
    /// The period: `"1m"`; a second unless given.
    pub period: Option<String>,
    /// Whose requests are counted together; those of one address unless given.
    pub source: Option<Source>,
}

/// Which requests belong together.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Source {
    /// Those of one address, at this place in `X-Forwarded-For` from the right.
    pub depth: Option<u32>,
    /// Addresses there that are passed over: proxies of our own.
    pub excluded: Option<Vec<String>>,
    /// Those with one value of this header: `"X-Tenant"`.
    pub header: Option<String>,
    /// Those for one host.
    pub host: Option<bool>,
}

/// Sends clients elsewhere. A text is the scheme.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "scheme")]))]
pub struct Redirect {
    /// The scheme: `"https"`.
    pub scheme: Option<String>,
    /// The port, where it is not the usual one of the scheme.
    pub port: Option<u16>,
    /// In place of `scheme`: a pattern over the whole URL.
    pub regex: Option<String>,
    /// With `regex`: the new URL, with `${1}` for what the first group matched.
    pub replacement: Option<String>,
    /// Whether browsers may remember it; `true` unless given.
    pub permanent: Option<bool>,
}

/// Sets and removes headers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Headers {
    /// Headers of the request.
    pub request: Option<HeaderChange>,
    /// Headers of the answer.
    pub response: Option<HeaderChange>,
    /// What pages of other origins may do.
    pub cors: Option<Cors>,
}

/// What becomes of headers. Those that are removed go first.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeaderChange {
    /// Headers that get a value, whatever they had.
    pub set: Option<BTreeMap<String, String>>,
    /// Headers that go.
    pub remove: Option<Vec<String>>,
}

/// What pages of other origins may do.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Cors {
    /// The origins: `["https://app.example.com"]`.
    pub origins: Option<Vec<String>>,
    /// The methods: `["GET", "POST"]`.
    pub methods: Option<Vec<String>>,
    /// The headers that they may send.
    pub headers: Option<Vec<String>>,
    /// The headers of the answer that they may read.
    pub expose: Option<Vec<String>>,
    /// Whether they may send cookies; `false` unless given.
    pub credentials: Option<bool>,
    /// For how long a browser may remember all this: `"10m"`; five seconds unless given.
    pub max_age: Option<String>,
}

/// Asks for a user and a password. A text is the secret.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "secret")]))]
pub struct BasicAuth {
    /// The secret with the lines of htpasswd, by its key in `[secrets]`: Traefik reads its key `users`, nginx its key `auth`.
    pub secret: Option<String>,
    /// What the browser says that it is for.
    pub realm: Option<String>,
    /// Whether the password is kept from the workload; `true` unless given.
    pub remove_header: Option<bool>,
}

/// Lets in some addresses only. A list is they.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("array", "ranges")]))]
pub struct IpAllowList {
    /// They, as CIDR blocks.
    pub ranges: Option<Vec<String>>,
    /// Where the address of a client stands in `X-Forwarded-For`, from the right; the address of the connection unless given.
    pub depth: Option<u32>,
}

/// Compresses answers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("boolean", "enabled")]))]
pub struct Compress {
    /// `false` for a compression that a weaker layer set.
    pub enabled: Option<bool>,
    /// Media types that stay as they are: `["text/event-stream"]`.
    pub excluded: Option<Vec<String>>,
    /// From which size on: `"1Ki"`.
    pub min_size: Option<String>,
}

/// Tries again where a workload does not answer.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("integer", "attempts")]))]
pub struct Retry {
    /// How often at most.
    pub attempts: Option<u32>,
    /// How long before the second try; it grows from try to try: `"100ms"`.
    pub interval: Option<String>,
}

/// Bounds how many requests are under way at once.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("integer", "amount")]))]
pub struct InFlight {
    /// How many.
    pub amount: Option<u32>,
    /// Whose requests are counted together; those for one host unless given.
    pub source: Option<Source>,
}

/// Answers in place of a workload that fails.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "expression")]))]
pub struct CircuitBreaker {
    /// When it counts as failing, in Traefik's language: `"NetworkErrorRatio() > 0.3"`.
    pub expression: Option<String>,
    /// How often that is looked at: `"100ms"`.
    pub check: Option<String>,
    /// How long it answers itself: `"10s"`.
    pub fallback: Option<String>,
    /// How long it takes to let everything through again: `"10s"`.
    pub recovery: Option<String>,
}

/// Holds requests and answers before passing them on.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Buffering {
    /// The largest request: `"10Mi"`.
    pub max_request: Option<String>,
    /// The largest answer: `"10Mi"`.
    pub max_response: Option<String>,
    /// How much of a request is held in memory and not on disk: `"1Mi"`.
    pub request_memory: Option<String>,
}

/// A plugin with its settings.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "name")]))]
pub struct PluginUse {
    /// Its name in `[ingress.plugins]`.
    pub name: Option<String>,
    /// Its settings, as its own documentation names them.
    pub config: Option<Map>,
    /// Headers of the request that it sets, where the platform is to know: `["X-User-Country"]`.
    pub sets: Option<Vec<String>>,
}
