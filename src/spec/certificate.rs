//! `[issuers.<name>]` and `[certificates.<name>]`: what cert-manager makes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;

/// Who signs certificates: one of `acme`, `ca` and `self-signed`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Issuer {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The namespace that it signs for, by its key in `[namespaces]`; every namespace (a ClusterIssuer) unless given.
    pub namespace: Option<String>,
    /// A public authority that asks for proof of the host.
    pub acme: Option<Acme>,
    /// An authority of one's own: the Secret with its certificate and key.
    pub ca: Option<IssuerCa>,
    /// `true`: each certificate signs itself.
    pub self_signed: Option<bool>,
}

/// An authority that speaks ACME (RFC 8555).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "email")]))]
pub struct Acme {
    /// Whom it writes to.
    pub email: Option<String>,
    /// Its directory; that of Let's Encrypt unless given.
    pub server: Option<String>,
    /// The ingress class that answers its challenges (HTTP-01); that of `[ingress]` unless given.
    pub class: Option<String>,
}

/// An authority of one's own.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "secret")]))]
pub struct IssuerCa {
    /// The name of the Secret in the cluster. A ClusterIssuer reads it in the namespace of cert-manager.
    pub secret: Option<String>,
}

/// A certificate that cert-manager keeps valid in a Secret.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Certificate {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The name of the Secret; its key with `-tls` unless given.
    pub secret: Option<String>,
    /// The hosts that it is for.
    pub hosts: Option<Vec<String>>,
    /// The issuer, by its key in `[issuers]`.
    pub issuer: Option<String>,
    /// How long it is valid: `"2160h"`; what the issuer gives unless given.
    pub duration: Option<String>,
    /// How long before its end it is renewed: `"720h"`.
    pub renew_before: Option<String>,
}
