//! `ref-secret`: each Secret that a pod reads is declared, with its keys.

use super::pod_references::{self, Keyed};
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "ref-secret", Error,
    means: "A pod reads a Secret, or a key of one, that is neither in the tree, nor made by anything in it, nor declared. What a kustomization adds to its files (a namespace, labels) counts as written there.",
    passes: "- A reference with `optional: true`.\n- What the tree makes: the Secret of an ExternalSecret, a SealedSecret or a Certificate, and what the `secretGenerator` of a kustomization generates.\n- What others make and `[external]` of `bayplan-check.toml` names: `objects = [\"Secret shop/db\"]`.\n- A name in a namespace where a program of the tree may make Secrets: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a Secret of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).\n- The keys of a Secret that holds none yet, and those of one that has variants: several files of the tree define it, and the file of the pod does not.",
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
