//! `ref-pull-secret`: each image pull secret is declared.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::{KnownKeys, Scene};
use crate::check::values::Fields;

code! {
    "ref-pull-secret", Error,
    means: "`imagePullSecrets` of a pod or a ServiceAccount names a Secret that is nowhere, or that is no registry login.",
    passes: "What `ref-secret` passes over: Secrets that others make and that are declared, that the tree makes, or that a program may make in its namespace.",
    matters: "The kubelet pulls without the login, and private images fail with `ImagePullBackOff`.",
    example: "imagePullSecrets: [{ name: registri }]",
    instead: "imagePullSecrets: [{ name: registry }]",
    source: "https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let pods = scene.pods().iter().map(|pods| (pods.subject, pods.template.spec));
    let accounts = scene.of_kind("ServiceAccount").map(|subject| (subject, subject.value));
    for (subject, holder) in pods.chain(accounts) {
        for reference in holder.items("imagePullSecrets") {
            let name = reference.text_or_empty("name");
            if name.is_empty() {
                continue;
            }
            let message = match scene.secret(subject, name) {
                None => format!("there is no Secret {}/{name}", subject.namespace()),
                Some(keys) if is_login(&keys) => continue,
                Some(_) => format!("the Secret {}/{name} is no registry login", subject.namespace()),
            };
            found.of(subject.index).add(&CODE, (reference, "name"), message);
        }
    }
}

fn is_login(keys: &KnownKeys<'_>) -> bool {
    keys.has(".dockerconfigjson") || keys.has(".dockercfg")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{finds, finds_with};
    use crate::check::{External, Keys};

    #[test]
    fn a_login_has_to_be_declared() {
        let pod = "{fixture: Pod, edits: 'spec.imagePullSecrets: [{ name: registry }]'}";
        finds(&CODE, pod, &[("Pod core/probe", "spec.imagePullSecrets[0].name")]);
        let mut external = External::default();
        external.add_secret("core", "registry", Keys::of(["password"]));
        finds_with(&external, &CODE, pod, &[("Pod core/probe", "spec.imagePullSecrets[0].name")]);
        external.add_secret("core", "registry", Keys::of([".dockerconfigjson"]));
        finds_with(&external, &CODE, pod, &[]);
    }
}
