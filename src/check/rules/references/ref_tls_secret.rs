//! `ref-tls-secret`: the certificate of each Ingress comes from somewhere.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "ref-tls-secret", Error,
    means: "`tls.secretName` of an Ingress names a Secret that is nowhere, or that has no `tls.crt` and `tls.key`; nor does an annotation ask cert-manager to make it.",
    passes: "What `ref-secret` passes over: Secrets that others make and that are declared, that the tree makes, or that a program may make in its namespace.",
    matters: "The controller serves its own self-signed certificate.",
    example: "tls: [{ hosts: [app.example.com], secretName: app-tsl }]",
    instead: "tls: [{ hosts: [app.example.com], secretName: app-tls }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls; https://cert-manager.io/docs/usage/ingress/"
}

/// Annotations with which cert-manager makes the Secret from the Ingress itself.
const ISSUERS: [&str; 4] = [
    "cert-manager.io/issuer",
    "cert-manager.io/cluster-issuer",
    "cert-manager.io/issuer-kind",
    "kubernetes.io/tls-acme",
];

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.of_kind("Ingress").filter(|subject| !is_issued(subject)) {
        for entry in subject.spec().map_or(&[][..], |spec| spec.items("tls")) {
            let name = entry.text_or_empty("secretName");
            let message = match scene.secret(subject, name) {
                _ if name.is_empty() => continue,
                None => format!("there is no Secret {}/{name}", subject.namespace()),
                Some(keys) if keys.has("tls.crt") && keys.has("tls.key") => continue,
                Some(_) => {
                    format!("the Secret {}/{name} has no `tls.crt` and `tls.key`", subject.namespace())
                }
            };
            found.of(subject.index).add(&CODE, (entry, "secretName"), message);
        }
    }
}

fn is_issued(subject: &Subject<'_>) -> bool {
    let annotations = subject.metadata().and_then(|metadata| metadata.child("annotations"));
    annotations.is_some_and(|annotations| ISSUERS.iter().any(|key| annotations.child(key).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{finds, finds_with};
    use crate::check::{External, Keys};

    fn ingress(edit: &str) -> String {
        format!(
            "{{fixture: Ingress, edits: \"spec.rules[0].http.paths[0].backend.service.name: external\\n{edit}\"}}"
        )
    }

    fn external() -> External {
        let mut external = External::default();
        external.add_object("Service", "core", "external");
        external
    }

    #[test]
    fn a_certificate_comes_from_somewhere() {
        let mut external = external();
        finds_with(&external, &CODE, &ingress(""), &[("Ingress core/api", "spec.tls[0].secretName")]);
        finds_with(&external, &CODE, &ingress("metadata.annotations[cert-manager.io/issuer]: a"), &[]);
        finds_with(&external, &CODE, &ingress("spec.tls[0].secretName: ~absent"), &[]);
        external.add_secret("core", "app-tls", Keys::of(["tls.crt", "tls.key"]));
        finds_with(&external, &CODE, &ingress(""), &[]);
    }

    #[test]
    fn the_fixture_alone_is_clean_elsewhere() {
        finds(&CODE, "{fixture: StorageClass}", &[]);
    }
}
