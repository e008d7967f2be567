//! `api-service-fields`: the group, version and server of an `APIService`.

use super::ask::Ask;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "api-service-fields", Error,
    means: "The name of an APIService is not its version, a dot and its group, a priority is out of range, its Service has no name, or it trusts any certificate beside one that it names.",
    matters: "The API server refuses the object.",
    example: "kind: APIService\nmetadata: { name: metrics }\nspec: { group: metrics.k8s.io, version: v1beta1 }",
    instead: "kind: APIService\nmetadata: { name: v1beta1.metrics.k8s.io }\nspec: { group: metrics.k8s.io, version: v1beta1 }",
    source: "ValidateAPIService in k8s.io/kube-aggregator/pkg/apis/apiregistration/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("APIService") else { return };
    let mut ask = Ask::new(&CODE, found);
    let (group, version) = (spec.text_or_empty("group"), spec.text_or_empty("version"));
    name(subject, &format!("{version}.{group}"), &mut ask);
    if group.is_empty() && version != "v1" {
        ask.refuse((spec, "group"), "only v1 has no group");
    }
    ask.form_if_any(spec, "group", format::dns_subdomain);
    if let Some(problem) = format::dns_1035_label(version) {
        ask.refuse((spec, "version"), format!("the version `{version}` is {problem}"));
    }
    ask.number(spec, "groupPriorityMinimum", 1..=20_000);
    ask.number(spec, "versionPriority", 1..=1000);
    server(spec, &mut ask);
}

/// A name that the server makes up cannot be the right one.
fn name<'a>(subject: &Subject<'a>, wanted: &str, ask: &mut Ask<'_, 'a>) {
    let Some(metadata) = subject.metadata() else { return };
    for key in ["name", "generateName"] {
        let text = metadata.text_or_empty(key);
        if !text.is_empty() && text != wanted {
            ask.refuse(
                (metadata, key),
                format!("the name is `{wanted}`, the version and the group, and not `{text}`"),
            );
        }
    }
}

fn server<'a>(spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    let has_bundle = !spec.text_or_empty("caBundle").is_empty();
    let trusts_all = spec.is_true("insecureSkipTLSVerify");
    let Some(service) = spec.child("service") else {
        if has_bundle {
            ask.refuse((spec, "caBundle"), "what the API server serves itself needs no certificate");
        }
        if trusts_all {
            ask.refuse(
                (spec, "insecureSkipTLSVerify"),
                "what the API server serves itself needs no certificate",
            );
        }
        return;
    };
    ask.needed(service, "name");
    ask.needed(service, "namespace");
    ask.number(service, "port", 1..=65535);
    if has_bundle && trusts_all {
        ask.refuse(
            (spec, "insecureSkipTLSVerify"),
            "a certificate is named in `caBundle`, so it is verified",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn services_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "APIService", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refuses(&CODE, "APIService", "metadata.name: metrics", "metadata.name");
        refuses(&CODE, "APIService", "spec.version: v1", "metadata.name");
        refused("groupPriorityMinimum: 20001", "groupPriorityMinimum");
        refused("versionPriority: 0", "versionPriority");
        refused("service: ~absent", "insecureSkipTLSVerify");
        refused("service.port: 0", "service.port");
        refused("caBundle: YQ==", "insecureSkipTLSVerify");
        accepts("APIService", "spec.service: ~absent\nspec.insecureSkipTLSVerify: false");
    }
}
