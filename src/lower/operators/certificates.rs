//! cert-manager: issuers and certificates.

use crate::lower::{labels, metadata};
use crate::model::{Authority, IssuedCertificate, Issuer, Platform};
use crate::object::Object;
use crate::object::custom;

const COMPONENT: &str = "certificates";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let operators = &platform.operators;
    let issuers = operators.issuers.iter().map(|found| issuer(platform, found));
    issuers.chain(operators.certificates.iter().map(|found| certificate(platform, found))).collect()
}

fn issuer(platform: &Platform, issuer: &Issuer) -> Object {
    let labels = labels::of_platform(platform);
    let spec = spec(issuer);
    let source = issuer.source.clone();
    if let Some(namespace) = &issuer.namespace {
        let meta = metadata::of(issuer.name.as_str(), namespace, labels);
        Object::from_typed(&custom::Issuer::new(meta, spec), COMPONENT, source)
    } else {
        let meta = metadata::of_cluster(issuer.name.as_str(), labels);
        let typed = custom::ClusterIssuer::new(meta, custom::ClusterIssuerSpec(spec));
        Object::from_typed(&typed, COMPONENT, source)
    }
}

fn spec(issuer: &Issuer) -> custom::IssuerSpec {
    let none = custom::IssuerSpec::default();
    match &issuer.authority {
        Authority::Acme { email, server, class } => {
            let ingress = custom::Http01Ingress { ingress_class_name: class.clone() };
            let acme = custom::AcmeIssuer {
                email: email.clone(),
                server: server.clone(),
                private_key_secret_ref: custom::SecretName { name: format!("{}-account", issuer.name) },
                solvers: vec![custom::AcmeSolver { http01: custom::Http01Solver { ingress } }],
            };
            custom::IssuerSpec { acme: Some(acme), ..none }
        }
        Authority::Ca(secret) => {
            custom::IssuerSpec { ca: Some(custom::CaIssuer { secret_name: secret.clone() }), ..none }
        }
        Authority::SelfSigned => {
            custom::IssuerSpec { self_signed: Some(custom::SelfSignedIssuer {}), ..none }
        }
    }
}

fn certificate(platform: &Platform, certificate: &IssuedCertificate) -> Object {
    let labels = labels::of_platform(platform);
    let (kind, issuer) = &certificate.issuer;
    let spec = custom::CertificateSpec {
        secret_name: certificate.secret.clone(),
        dns_names: certificate.hosts.iter().map(ToString::to_string).collect(),
        issuer_ref: custom::IssuerRef {
            group: "cert-manager.io".to_owned(),
            kind: (*kind).to_owned(),
            name: issuer.clone(),
        },
        duration: certificate.duration.as_ref().map(ToString::to_string),
        renew_before: certificate.renew_before.as_ref().map(ToString::to_string),
    };
    let meta = metadata::of(certificate.name.as_str(), &certificate.namespace, labels);
    Object::from_typed(&custom::Certificate::new(meta, spec), COMPONENT, certificate.source.clone())
}
