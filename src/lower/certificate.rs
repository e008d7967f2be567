//! Certificates that cert-manager makes, where no annotation of an Ingress asks for them.

use super::{labels, metadata};
use crate::model::{Certificate, Platform};
use crate::object::Object;
use crate::object::custom::{self, CertificateSpec, IssuerRef};

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let object = |certificate: &Certificate| {
        let typed = typed(platform, certificate);
        Object::from_typed(&typed, certificate.component.as_str(), certificate.source.clone())
    };
    platform.routing.certificates.iter().map(object).collect()
}

fn typed(platform: &Platform, certificate: &Certificate) -> custom::Certificate {
    let labels = labels::of_component(platform, &certificate.component);
    let meta = metadata::of(certificate.name.as_str(), &certificate.namespace, labels);
    let spec = CertificateSpec {
        secret_name: certificate.name.to_string(),
        dns_names: certificate.hosts.iter().map(ToString::to_string).collect(),
        issuer_ref: IssuerRef {
            group: "cert-manager.io".to_owned(),
            kind: "ClusterIssuer".to_owned(),
            name: certificate.issuer.clone(),
        },
        ..CertificateSpec::default()
    };
    custom::Certificate::new(meta, spec)
}
