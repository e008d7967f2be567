//! `ref-secret`: each Secret that a pod reads is declared, with its keys.

use super::pod_references::{self, Keyed};
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "ref-secret", Error,
    means: "A pod reads a Secret, or a key of one, that is neither declared, nor in the tree, nor made by an ExternalSecret, SealedSecret or Certificate of the tree, and does not call it optional.",
    matters: "The pod hangs in `CreateContainerConfigError` or `ContainerCreating`.",
    example: "valueFrom: { secretKeyRef: { name: api, key: pasword } }",
    instead: "valueFrom: { secretKeyRef: { name: api, key: password } }",
    source: "https://kubernetes.io/docs/concepts/configuration/secret/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    pod_references::check(Keyed::Secret, &CODE, scene, found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{finds, finds_with};
    use crate::check::{External, Keys};

    const POD: &str = "{fixture: Pod, edits: 'spec.containers[0].env: [{ name: A, valueFrom: { secretKeyRef: { name: db, key: password } } }]'}";

    #[test]
    fn a_secret_has_to_be_declared() {
        let at = "spec.containers[0].env[0].valueFrom.secretKeyRef";
        finds(&CODE, POD, &[("Pod core/probe", &format!("{at}.name"))]);
        let mut external = External::default();
        external.add_secret("core", "db", Keys::of(["user"]));
        finds_with(&external, &CODE, POD, &[("Pod core/probe", &format!("{at}.key"))]);
        external.add_secret("core", "db", Keys::of(["password"]));
        finds_with(&external, &CODE, POD, &[]);
        external.add_secret("core", "db", Keys::Any);
        finds_with(&external, &CODE, POD, &[]);
    }
}
