//! Certificates in projected volumes: bundles of a cluster's trust, and the certificate of a pod itself. Clusters look at
//! both since Kubernetes 1.37.
//!
//! Reports under the code of the rule that found the volume; what the schema refuses is not looked at again.

use super::volume_source::file_path;
use crate::check::finding::Findings;
use crate::check::format::{self, Problem};
use crate::check::values::Fields;
use crate::diag::Code;
use crate::value::Value;

/// The fields of a pod's certificate that name files.
pub(super) const PATHS: [&str; 3] = ["credentialBundlePath", "keyPath", "certificateChainPath"];

const KEY_TYPES: [&str; 6] = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];

/// How long a certificate may live: 91 days, or one where a signer of Kubernetes itself signs it.
const LONGEST: i64 = 91 * DAY;
const DAY: i64 = 24 * 60 * 60;
const SHORTEST: i64 = 60 * 60;

/// The longest path of a signer: a label, a dot and a DNS name.
const LONGEST_PATH: usize = 253 + 63 + 1;

/// What is wrong with a `clusterTrustBundle`: `validateProjectionSources` in `pkg/apis/core/validation`.
pub(super) fn bundle<'a>(source: &'a Value, code: &'static Code, found: &mut Findings<'a>) {
    match (source.text("name"), source.text("signerName")) {
        (Some(_), Some(_)) => found.add(code, source, "the bundle has both a `name` and a `signerName`"),
        (None, None) => found.add(code, source, "the bundle has neither a `name` nor a `signerName`"),
        (Some(name), None) => {
            if let Some(problem) = bundle_name(name) {
                found.add(code, (source, "name"), format!("the name `{name}` is {problem}"));
            }
            if source.child("labelSelector").is_some() {
                found.add(
                    code,
                    (source, "labelSelector"),
                    "a bundle with a `name` is not selected by labels",
                );
            }
        }
        (None, Some(signer)) => {
            if let Some(problem) = signer_name(signer) {
                found.add(code, (source, "signerName"), format!("the signer `{signer}` is {problem}"));
            }
        }
    }
    file_path(source, "path", found);
}

/// What is wrong with a `podCertificate`.
pub(super) fn certificate<'a>(source: &'a Value, code: &'static Code, found: &mut Findings<'a>) {
    let signer = source.text_or_empty("signerName");
    if let Some(problem) = source.text("signerName").and_then(signer_name) {
        found.add(code, (source, "signerName"), format!("the signer `{signer}` is {problem}"));
    }
    if let Some(kind) = source.text("keyType").filter(|kind| !KEY_TYPES.contains(kind)) {
        let message = format!("`{kind}` is no type of key; there are {}", KEY_TYPES.join(", "));
        found.add(code, (source, "keyType"), message);
    }
    let longest = if is_of_kubernetes(signer) { DAY } else { LONGEST };
    let seconds = source.integer("maxExpirationSeconds");
    if let Some(seconds) = seconds.filter(|seconds| !(SHORTEST..=longest).contains(seconds)) {
        let message = format!("the certificate lives for {SHORTEST} to {longest} seconds, not {seconds}");
        found.add(code, (source, "maxExpirationSeconds"), message);
    }
    for (key, value) in source.entries("userAnnotations") {
        if format::qualified_name(&key.to_lowercase()).is_some() || !key.contains('/') {
            found.add(
                code,
                value,
                format!("the key `{key}` does not begin with a domain, as `example.com/a`"),
            );
        }
    }
    if PATHS.iter().all(|key| source.text_or_empty(key).is_empty()) {
        found.add(code, source, format!("the certificate names no file: {}", PATHS.join(", ")));
    }
    for key in PATHS.into_iter().filter(|key| !source.text_or_empty(key).is_empty()) {
        file_path(source, key, found);
    }
}

/// `ValidateClusterTrustBundleName`: a DNS name, behind its signer and a colon where it has one.
fn bundle_name(name: &str) -> Problem {
    format::dns_subdomain(name.rsplit_once(':').map_or(name, |(_, own)| own))
}

/// `ValidateSignerName`: a domain of two labels or more, a slash, and names with dots between them.
pub(super) fn signer_name(name: &str) -> Problem {
    let is_name = |domain: &str, path: &str| {
        domain.len() <= 253
            && domain.contains('.')
            && domain.split('.').all(|label| format::dns_label(label).is_none())
            && path.len() <= LONGEST_PATH
            && path.split('.').all(|label| format::dns_subdomain(label).is_none())
    };
    match name.split_once('/') {
        Some((domain, path)) if is_name(domain, path) => None,
        _ => Some("no domain and path, as `example.com/signer`"),
    }
}

fn is_of_kubernetes(signer: &str) -> bool {
    let domain = signer.split('/').next().unwrap_or("");
    domain == "kubernetes.io" || domain.ends_with(".kubernetes.io")
}

#[cfg(test)]
mod tests {
    use super::super::volume_source::CODE;
    use crate::check::testing::{accepts_in, refuses_in};
    use crate::check::{KubernetesVersion, rule};

    fn volume(source: &str) -> String {
        format!(
            "spec.template.spec.volumes[2]: {{ name: mixed, projected: {{ sources: [{{ {source} }}] }} }}"
        )
    }

    #[track_caller]
    fn refused(source: &str, field: &str) {
        let field = format!("spec.template.spec.volumes[2].projected.sources[0].{field}");
        refuses_in(KubernetesVersion::V1_37, &CODE, "Deployment", &volume(source), &field);
        accepts_in(KubernetesVersion::V1_36, "Deployment", &volume(source));
    }

    #[test]
    fn bundles_are_named_or_selected() {
        refused("clusterTrustBundle: { path: a }", "clusterTrustBundle");
        refused("clusterTrustBundle: { path: a, name: 'a_b' }", "clusterTrustBundle.name");
        refused("clusterTrustBundle: { path: a, signerName: b }", "clusterTrustBundle.signerName");
        refused("clusterTrustBundle: { path: /a, name: a }", "clusterTrustBundle.path");
        let selected =
            "clusterTrustBundle: { path: a, signerName: a.b/c, labelSelector: { matchLabels: { a: -b } } }";
        accepts_in(KubernetesVersion::V1_36, "Deployment", &volume(selected));
        refuses_in(
            KubernetesVersion::V1_37,
            rule("label-selector").expect("there is such a rule").code,
            "Deployment",
            &volume(selected),
            "spec.template.spec.volumes[2].projected.sources[0].clusterTrustBundle.labelSelector.matchLabels[a]",
        );
        let bundle = "clusterTrustBundle: { path: a, name: 'example.com:ca:roots' }";
        accepts_in(KubernetesVersion::V1_37, "Deployment", &volume(bundle));
    }

    #[test]
    fn certificates_have_a_signer_and_a_file() {
        let with =
            |rest: &str| format!("podCertificate: {{ signerName: example.com/a, keyType: ED25519, {rest} }}");
        refused(&with("maxExpirationSeconds: 7200"), "podCertificate");
        refused(&with("keyPath: a, maxExpirationSeconds: 60"), "podCertificate.maxExpirationSeconds");
        refused(
            "podCertificate: { signerName: a, keyType: ED25519, keyPath: a }",
            "podCertificate.signerName",
        );
        refused(
            "podCertificate: { signerName: a.b/c, keyType: RSA1024, keyPath: a }",
            "podCertificate.keyType",
        );
        accepts_in(KubernetesVersion::V1_37, "Deployment", &volume(&with("credentialBundlePath: a.pem")));
    }
}
