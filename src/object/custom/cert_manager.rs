//! `cert-manager.io/v1`: who signs certificates, and which are kept valid.
//!
//! Source: <https://cert-manager.io/docs/reference/api-docs/>.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;

/// Signs for one namespace.
pub type Issuer = Custom<IssuerSpec>;
/// Signs for every namespace.
pub type ClusterIssuer = Custom<ClusterIssuerSpec>;
/// A certificate that is kept valid in a Secret.
pub type Certificate = Custom<CertificateSpec>;

kind!(IssuerSpec: Namespaced, "cert-manager.io", "v1", "Issuer", "issuers");
kind!(ClusterIssuerSpec: Cluster, "cert-manager.io", "v1", "ClusterIssuer", "clusterissuers");
kind!(CertificateSpec: Namespaced, "cert-manager.io", "v1", "Certificate", "certificates");

/// How it signs: one of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssuerSpec {
    /// By a public authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acme: Option<AcmeIssuer>,
    /// By an authority in a Secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<CaIssuer>,
    /// By itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_signed: Option<SelfSignedIssuer>,
}

/// The same, for every namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ClusterIssuerSpec(pub IssuerSpec);

/// An authority that speaks ACME.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AcmeIssuer {
    /// Whom it writes to.
    pub email: String,
    /// Its directory.
    pub server: String,
    /// The Secret that cert-manager keeps the account's key in.
    pub private_key_secret_ref: SecretName,
    /// How challenges are answered.
    pub solvers: Vec<AcmeSolver>,
}

/// A Secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecretName {
    /// Its name.
    pub name: String,
}

/// How a challenge is answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AcmeSolver {
    /// By a page of the host.
    pub http01: Http01Solver,
}

/// How a page of the host is served.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Http01Solver {
    /// By an Ingress.
    pub ingress: Http01Ingress,
}

/// The Ingress that serves it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Http01Ingress {
    /// Its class.
    pub ingress_class_name: String,
}

/// An authority in a Secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaIssuer {
    /// The Secret.
    pub secret_name: String,
}

/// Each certificate signs itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SelfSignedIssuer {}

/// A certificate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateSpec {
    /// The Secret.
    pub secret_name: String,
    /// The hosts.
    pub dns_names: Vec<String>,
    /// The issuer.
    pub issuer_ref: IssuerRef,
    /// How long it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// How long before its end it is renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renew_before: Option<String>,
}

/// An issuer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IssuerRef {
    /// `cert-manager.io`.
    pub group: String,
    /// `Issuer` or `ClusterIssuer`.
    pub kind: String,
    /// Its name.
    pub name: String,
}
