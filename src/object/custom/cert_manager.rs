//! `cert-manager.io/v1`: certificates that cert-manager fetches and keeps fresh.
//!
//! Source: <https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate>.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;

/// A certificate in a Secret.
pub type Certificate = Custom<CertificateSpec>;

/// What the certificate is for, and who issues it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateSpec {
    /// The Secret that it is written to.
    pub secret_name: String,
    /// The hosts.
    pub dns_names: Vec<String>,
    /// Who issues it.
    pub issuer_ref: IssuerRef,
}

kind!(CertificateSpec: Namespaced, "cert-manager.io", "v1", "Certificate", "certificates");

/// An issuer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssuerRef {
    /// `cert-manager.io`.
    pub group: String,
    /// `ClusterIssuer` or `Issuer`.
    pub kind: String,
    /// Its name.
    pub name: String,
}
