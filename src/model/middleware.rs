//! Middlewares: what a request passes on its way from outside to a workload.

use super::Pairs;
use crate::names::{Cidr, ConfigKey, DnsLabel, DnsSubdomain, PortNumber};
use crate::source::KeyPath;
use crate::value::Map;

/// A middleware in a namespace whose routes use it.
#[derive(Debug, Clone, PartialEq)]
pub struct Middleware {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsSubdomain,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// What it does.
    pub action: Action,
}

/// What a middleware does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Asks a service whether a request may pass.
    ForwardAuth(ForwardAuth),
    /// Bounds how many requests come in a time.
    RateLimit(RateLimit),
    /// Sends clients to another scheme.
    RedirectScheme {
        /// The scheme.
        scheme: String,
        /// The port, where it is not the usual one.
        port: Option<PortNumber>,
        /// Whether browsers may remember it.
        permanent: bool,
    },
    /// Sends clients elsewhere by a pattern.
    RedirectRegex {
        /// The pattern.
        regex: String,
        /// The new URL.
        replacement: String,
        /// Whether browsers may remember it.
        permanent: bool,
    },
    /// Sets and removes headers.
    Headers(Headers),
    /// Takes prefixes off the path.
    StripPrefix(Vec<String>),
    /// Puts something before the path.
    AddPrefix(String),
    /// Asks for a user and a password.
    BasicAuth {
        /// The Secret.
        secret: String,
        /// The key of it.
        key: ConfigKey,
        /// What the browser says that it is for; may be empty.
        realm: String,
        /// Whether the password is kept from the workload.
        remove_header: bool,
    },
    /// Lets in some addresses only.
    IpAllowList {
        /// They.
        ranges: Vec<Cidr>,
        /// Where the address of a client stands in `X-Forwarded-For`; `None` for that of the connection.
        depth: Option<u32>,
    },
    /// Several middlewares as one, by their names.
    Chain(Vec<DnsSubdomain>),
    /// Compresses answers.
    Compress {
        /// Media types that stay as they are.
        excluded: Vec<String>,
        /// From how many bytes on; `None` for as many as the controller thinks right.
        min_size: Option<i64>,
    },
    /// Tries again where a workload does not answer.
    Retry {
        /// How often at most.
        attempts: u32,
        /// How long before the second try; empty for at once.
        interval: String,
    },
    /// Bounds how many requests are under way at once.
    InFlight {
        /// How many.
        amount: u32,
        /// Whose requests are counted together.
        source: Option<RequestSource>,
    },
    /// Answers in place of a workload that fails.
    CircuitBreaker {
        /// When it counts as failing.
        expression: String,
        /// How often that is looked at; may be empty.
        check: String,
        /// How long it answers itself; may be empty.
        fallback: String,
        /// How long it takes to let everything through again; may be empty.
        recovery: String,
    },
    /// Holds requests and answers before passing them on, in bytes.
    Buffering {
        /// The largest request.
        max_request: Option<i64>,
        /// The largest answer.
        max_response: Option<i64>,
        /// How much of a request is held in memory.
        request_memory: Option<i64>,
    },
    /// A plugin of Traefik.
    Plugin {
        /// Its name in the static configuration.
        name: String,
        /// Its settings.
        config: Map,
        /// Headers of the request that it sets.
        sets: Vec<String>,
    },
}

/// A service that says whether a request may pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForwardAuth {
    /// The URL that is asked.
    pub address: String,
    /// Where people are sent who may not pass, with a controller that must be told; empty for nowhere.
    pub sign_in: String,
    /// Whether the `X-Forwarded-…` headers of the client are believed.
    pub trust_forward_header: bool,
    /// Headers of the request that are sent along; all where there are none.
    pub request_headers: Vec<String>,
    /// Headers of the answer that replace those of the request.
    pub response_headers: Vec<String>,
    /// The same, by a pattern; may be empty.
    pub response_headers_regex: String,
}

/// Bounds how many requests come in a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    /// How many in a period.
    pub average: u32,
    /// How many at once.
    pub burst: u32,
    /// The period, in seconds.
    pub period: u32,
    /// Whose requests are counted together; `None` for those of one address.
    pub source: Option<RequestSource>,
}

/// Which requests belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestSource {
    /// Those of one address.
    Address {
        /// Where it stands in `X-Forwarded-For`; `None` for that of the connection.
        depth: Option<u32>,
        /// Addresses there that are passed over.
        excluded: Vec<String>,
    },
    /// Those with one value of this header.
    Header(String),
    /// Those for one host.
    Host,
}

/// Sets and removes headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    /// Headers of the request.
    pub request: HeaderChange,
    /// Headers of the answer.
    pub response: HeaderChange,
    /// What pages of other origins may do.
    pub cors: Option<Cors>,
}

/// What becomes of headers. None is both set and removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeaderChange {
    /// Headers that get a value.
    pub set: Pairs,
    /// Headers that go.
    pub remove: Vec<String>,
}

impl HeaderChange {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }
}

/// What pages of other origins may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    /// The origins.
    pub origins: Vec<String>,
    /// The methods.
    pub methods: Vec<String>,
    /// The headers that they may send.
    pub headers: Vec<String>,
    /// The headers of the answer that they may read.
    pub expose: Vec<String>,
    /// Whether they may send cookies.
    pub credentials: bool,
    /// For how many seconds a browser may remember all this.
    pub max_age: u32,
}
