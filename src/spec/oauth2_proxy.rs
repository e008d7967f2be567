//! `[oauth2-proxies.<name>]`: oauth2-proxy, which signs people in before requests reach a workload.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Resources, Use};

/// An oauth2-proxy. It becomes a workload and a config of the same key, whose tables may say more, and routes name it in
/// `auth`. Who the provider is, is the platform's to say: tokens and their claims are the provider's.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Oauth2Proxy {
    /// Whether it exists at all. `false` in an environment lets everybody through there.
    pub enabled: Option<bool>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to. Its own name unless given.
    pub component: Option<String>,
    /// The image, pinned: `quay.io/oauth2-proxy/oauth2-proxy:v7.12.0`.
    pub image: Option<String>,
    /// How many pods; 1 unless given.
    pub replicas: Option<i32>,
    /// CPU and memory, as `request..limit`.
    pub resources: Option<Resources>,
    /// The client of an identity provider that others run, by its key in `[oidc-clients]`: it gives issuer and client id.
    pub client: Option<String>,
    /// In place of `client`: the URL of the OpenID Connect issuer.
    pub issuer: Option<String>,
    /// With `issuer`: the id of the client there.
    pub client_id: Option<String>,
    /// The secret with the keys `client-secret` and `cookie-secret`, by its key in `[secrets]`; one of its own key unless given.
    pub secret: Option<String>,
    /// What it depends on: the provider, by its key, so that the network lets it fetch tokens and keys.
    pub uses: Option<Vec<Use>>,
    /// The scopes that it asks for; `openid email profile` unless given.
    pub scope: Option<String>,
    /// The domains of the addresses that may come in; all that the provider lets in unless given.
    pub email_domains: Option<Vec<String>>,
    /// The domains that its cookie is for: `[".example.com"]`. That of the host unless given.
    pub cookie_domains: Option<Vec<String>>,
    /// Whether the workload gets the access token, as `X-Auth-Request-Access-Token`; `false` unless given.
    pub pass_access_token: Option<bool>,
    /// Whether the workload gets `X-Auth-Request-User` and its like; `true` unless given.
    pub set_xauthrequest: Option<bool>,
    /// Further settings, by the names of its flags: `{ skip-jwt-bearer-tokens = "true" }`.
    pub settings: Option<BTreeMap<String, String>>,
}
