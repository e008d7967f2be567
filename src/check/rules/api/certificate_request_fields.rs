//! `certificate-request-fields`: what a `CertificateSigningRequest` asks to be signed, by whom and for what.

use super::ask::Ask;
use super::projected_trust::signer_name;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "certificate-request-fields", Error,
    means: "A CertificateSigningRequest names no usage, an unknown one or one twice, a signer that is none, or less than 600 seconds of life, or its request is no PEM block of the type CERTIFICATE REQUEST.",
    matters: "The API server refuses the object.",
    example: "spec: { signerName: example.com/client, usages: [client] }",
    instead: "spec: { signerName: example.com/client, usages: [client auth] }",
    source: "validateCertificateSigningRequest in pkg/apis/certificates/validation"
}

const USAGES: [&str; 23] = [
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];

/// What a request begins with, in base64, whose letters hold six bits each: whole groups of three bytes.
const BEGIN: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0t";

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("CertificateSigningRequest") else { return };
    let mut ask = Ask::new(&CODE, found);
    ask.needed_list(spec, "usages");
    ask.words(spec, "usages", &USAGES);
    ask.each_once(spec, "usages");
    if spec.text("signerName") == Some("kubernetes.io/legacy-unknown") {
        ask.refuse((spec, "signerName"), "that signer is only there for requests of old");
    }
    ask.form(spec, "signerName", signer_name);
    ask.number(spec, "expirationSeconds", 600..=i64::MAX);
    if spec.child("request").is_some_and(is_no_request) {
        ask.refuse((spec, "request"), "the request is no PEM block of the type CERTIFICATE REQUEST");
    }
}

/// Text before the block is passed over by the server, and cannot be told here from what is no request; nor is it looked into
/// what stands in the block.
fn is_no_request(request: &Value) -> bool {
    match request {
        Value::String(text) => {
            let text = text.replace(['\n', '\r'], "");
            text.is_empty() || text.starts_with("LS0tLS1CRUdJTi") && !text.starts_with(BEGIN)
        }
        // To the decoder a list of numbers is bytes too.
        Value::Array(bytes) => bytes.len() < BEGIN.len() / 4 * 3,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn requests_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "CertificateSigningRequest", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("usages: []", "usages");
        refused("usages: [client]", "usages[0]");
        refused("usages: [any, any]", "usages[1]");
        refused("signerName: client", "signerName");
        refused("expirationSeconds: 599", "expirationSeconds");
        refused("request: ''", "request");
        accepts("CertificateSigningRequest", "spec.expirationSeconds: ~absent");
    }
}
