//! `[externals.<name>]` and `[oidc-clients.<name>]`: what others run and own, as far as this platform meets it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A service that somebody else runs: pods in a namespace of theirs, or a host outside any cluster.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Neighbour {
    /// Whether it exists at all. `false` leaves out the edges that lead to it, and variables that are set `when` it exists.
    pub enabled: Option<bool>,
    /// The namespace that it runs in, by the key of one with `external = true`.
    pub namespace: Option<String>,
    /// The name of its Service; its key unless given.
    pub service: Option<String>,
    /// The port that URLs name: that of its Service, 80 unless given; that of its host, 443 unless given.
    pub port: Option<u16>,
    /// The port of its pods, which is what a network policy sees. Needed where an isolated namespace uses it.
    pub pod_port: Option<u16>,
    /// The labels that select its pods; `app.kubernetes.io/name: <service>` unless given.
    pub labels: Option<BTreeMap<String, String>>,
    /// Its host, where it runs outside the cluster. This takes the place of `namespace`.
    pub host: Option<String>,
    /// The addresses that the host may have, as CIDR blocks. Needed where an isolated namespace uses it. `0.0.0.0/0` is the Internet: private addresses are left out of it (`0.0.0.0/1` and `128.0.0.0/1` hold them too).
    pub cidrs: Option<Vec<String>>,
    /// The region that it lies in, where it is a host: what is bound to that region may call it.
    pub region: Option<String>,
    /// The scheme of its URL; `http` in the cluster and `https` outside unless given.
    pub scheme: Option<String>,
    /// Public hosts that its owner claims: no route may have them, and no value may use them in place of the name in the cluster.
    pub hosts: Option<Vec<String>>,
    /// Where people reach it, for values that mean just that: the issuer of a token, a link on a page.
    pub public_url: Option<String>,
}

/// What the owner of the identity provider is asked to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Registration {
    /// A client in a realm that exists: people who are signed in there are signed in here.
    Client,
    /// A realm of its own with the client in it: its people sign in separately.
    Realm,
}

/// A client of an OpenID Connect provider that somebody else runs (Keycloak).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OidcClient {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The provider, by its key in `[externals]`. Its `public-url` is the issuer's.
    pub provider: Option<String>,
    /// What its owner is asked to make; `client` unless given.
    pub registration: Option<Registration>,
    /// The realm: an existing one for `client`, a new one for `realm`.
    pub realm: Option<String>,
    /// The client id; its key unless given.
    pub client_id: Option<String>,
    /// The audience that the API expects in a token; the client id unless given.
    pub audience: Option<String>,
    /// Where the provider may send people back to: `["https://app.example.com/*"]`.
    pub redirect_uris: Option<Vec<String>>,
    /// Whether it runs in browsers, which keep no secret: code flow with PKCE; `true` unless given.
    pub public: Option<bool>,
}
