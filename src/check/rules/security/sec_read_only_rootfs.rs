//! `sec-read-only-rootfs`: the files of an image stay as they are.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-read-only-rootfs", Warning,
    means: "A container does not set `readOnlyRootFilesystem: true`.",
    matters: "An attacker in it can change its programs, and nobody sees the difference to the image.",
    example: "securityContext: {}",
    instead: "securityContext: { readOnlyRootFilesystem: true }\nvolumeMounts: [{ name: tmp, mountPath: /tmp }]",
    source: "kube-linter no-read-only-root-fs; Checkov CKV_K8S_22"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.is_windows()) {
        return;
    }
    for it in secured(subject) {
        if !it.own().is_some_and(|own| own.is_true("readOnlyRootFilesystem")) {
            let message = format!("the container `{}` can write to its image", it.name());
            found.add(&CODE, it.place("readOnlyRootFilesystem"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn images_are_read() {
        let alone = "spec.template.spec.initContainers: []";
        let at = "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem";
        advises(&CODE, "Deployment", &format!("{alone}\n{at}: false"), at);
        passes(&CODE, "Deployment", alone);
    }
}
