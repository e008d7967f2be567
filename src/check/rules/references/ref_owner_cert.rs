//! `ref-owner-cert`: what a custom resource names is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-owner-cert", Warning,
    means: "A custom resource names an object that is neither in the tree nor declared: the issuer of a Certificate, the store of an ExternalSecret, the Gateway of a route, the project of an Application.",
    passes: "An object of a kind of the whole cluster (ClusterIssuer, ClusterSecretStore), where the tree has none of that kind: it is the business of whoever runs the cluster.",
    matters: "The operator waits for it, and says so only in the status of the object.",
    example: "kind: Certificate\nspec: { issuerRef: { name: letsencrpyt, kind: ClusterIssuer } }",
    instead: "kind: Certificate\nspec: { issuerRef: { name: letsencrypt, kind: ClusterIssuer } }",
    source: "https://cert-manager.io/docs/reference/api-docs/; https://external-secrets.io/latest/api/spec/; https://gateway-api.sigs.k8s.io/reference/spec/"
}

/// A kind, the list (or value) that holds its references, and the kind that each names unless it says so itself.
struct Reference {
    group: &'static str,
    kind: &'static str,
    path: &'static [&'static str],
    target: (&'static str, &'static str),
}

const REFERENCES: [Reference; 6] = [
    Reference {
        group: "cert-manager.io",
        kind: "Certificate",
        path: &["issuerRef"],
        target: ("cert-manager.io", "Issuer"),
    },
    Reference {
        group: "external-secrets.io",
        kind: "ExternalSecret",
        path: &["secretStoreRef"],
        target: ("external-secrets.io", "SecretStore"),
    },
    Reference {
        group: "external-secrets.io",
        kind: "ClusterExternalSecret",
        path: &["externalSecretSpec", "secretStoreRef"],
        target: ("external-secrets.io", "SecretStore"),
    },
    Reference {
        group: "gateway.networking.k8s.io",
        kind: "HTTPRoute",
        path: &["parentRefs"],
        target: ("gateway.networking.k8s.io", "Gateway"),
    },
    Reference {
        group: "gateway.networking.k8s.io",
        kind: "GRPCRoute",
        path: &["parentRefs"],
        target: ("gateway.networking.k8s.io", "Gateway"),
    },
    Reference {
        group: "gateway.networking.k8s.io",
        kind: "TLSRoute",
        path: &["parentRefs"],
        target: ("gateway.networking.k8s.io", "Gateway"),
    },
];

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.subjects {
        let gvk = &subject.object.id.gvk;
        let own = REFERENCES.iter().filter(|it| it.kind == gvk.kind && it.group == gvk.group());
        for reference in own {
            let Some(holder) = subject.spec().and_then(|spec| spec.below(reference.path)) else { continue };
            let named = holder.as_array().map_or(std::slice::from_ref(holder), Vec::as_slice);
            named.iter().for_each(|it| check_one(scene, (subject, reference), it, found));
        }
    }
}

fn check_one<'a>(
    scene: &Scene<'a>,
    (subject, reference): (&Subject<'a>, &Reference),
    named: &'a Value,
    found: &mut Findings<'a>,
) {
    let group = named.text("group").unwrap_or(reference.target.0);
    let kind = named.text("kind").unwrap_or(reference.target.1);
    let Some(name) = named.text("name").filter(|_| group == reference.target.0) else { return };
    let namespace = named.text("namespace").unwrap_or(subject.namespace());
    let is_it = |it: &Subject<'_>| {
        let gvk = &it.object.id.gvk;
        gvk.group() == group && (!it.namespaced || it.namespace() == namespace)
    };
    let external = &scene.context.external;
    let declared = external.has_object(kind, namespace, name) || external.has_object(kind, "", name);
    // A cluster-wide object is mostly the cluster's owner's: only where the tree has some of its kind is it missed.
    let wide = kind.starts_with("Cluster");
    let there_are_some = scene.calling_themselves(kind).next().is_some();
    let mut there = scene.named(kind, namespace, name).chain(scene.named(kind, "", name));
    if !declared && (!wide || there_are_some) && !there.any(is_it) {
        let message = format!("there is no {kind} `{name}`");
        found.of(subject.index).add(&CODE, (named, "name"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    const CERTIFICATE: &str = "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a, namespace: core}, spec: {secretName: a, issuerRef: {name: NAME}}}";
    const ISSUER: &str = "{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: ca, namespace: core}, spec: {selfSigned: {}}}";

    #[test]
    fn issuers_are_there() {
        let tree = |name: &str| format!("{}\n---\n{ISSUER}", CERTIFICATE.replace("NAME", name));
        finds_of(&CODE, &tree("cb"), &[("Certificate core/a", "spec.issuerRef.name")]);
        finds_of(&CODE, &tree("ca"), &[]);
    }
}
