//! `dep-annotation-label`: no annotation or label is used that is deprecated.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "dep-annotation-label", Warning,
    means: "An object, its pods or its node selectors use an annotation or a label that a field or another name has replaced.",
    matters: "It does nothing any more, or will soon.",
    example: "annotations: { kubernetes.io/ingress.class: nginx }",
    instead: "spec: { ingressClassName: nginx }",
    source: "https://kubernetes.io/docs/reference/labels-annotations-taints/"
}

/// Keys, or beginnings that end in a slash, and what takes their place.
const ANNOTATIONS: [(&str, &str); 7] = [
    ("container.apparmor.security.beta.kubernetes.io/", "`securityContext.appArmorProfile`"),
    ("container.seccomp.security.alpha.kubernetes.io/", "`securityContext.seccompProfile`"),
    ("kubernetes.io/ingress.class", "`spec.ingressClassName`"),
    ("scheduler.alpha.kubernetes.io/critical-pod", "`priorityClassName`"),
    ("seccomp.security.alpha.kubernetes.io/pod", "`securityContext.seccompProfile`"),
    ("service.alpha.kubernetes.io/tolerate-unready-endpoints", "`spec.publishNotReadyAddresses`"),
    ("volume.beta.kubernetes.io/storage-class", "`spec.storageClassName`"),
];

const LABELS: [(&str, &str); 5] = [
    ("beta.kubernetes.io/arch", "`kubernetes.io/arch`"),
    ("beta.kubernetes.io/instance-type", "`node.kubernetes.io/instance-type`"),
    ("beta.kubernetes.io/os", "`kubernetes.io/os`"),
    ("failure-domain.beta.kubernetes.io/region", "`topology.kubernetes.io/region`"),
    ("failure-domain.beta.kubernetes.io/zone", "`topology.kubernetes.io/zone`"),
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let template = subject.pod.map(|pod| pod.template).filter(|it| !std::ptr::eq(*it, subject.value));
    for holder in [Some(subject.value), template].into_iter().flatten() {
        let Some(metadata) = holder.child("metadata") else { continue };
        for (key, value) in metadata.entries("annotations") {
            let old =
                ANNOTATIONS.iter().find(|(old, _)| key == *old || old.ends_with('/') && key.starts_with(old));
            if let Some((_, new)) = old {
                found.add(&CODE, value, format!("the annotation `{key}` has become {new}"));
            }
        }
    }
    let Some(pod) = subject.pod else { return };
    for (key, value) in pod.spec.entries("nodeSelector") {
        old_label(key, value, found);
    }
    for constraint in pod.spec.items("topologySpreadConstraints") {
        if let (Some(key), Some(value)) = (constraint.text("topologyKey"), constraint.child("topologyKey")) {
            old_label(key, value, found);
        }
    }
}

fn old_label<'a>(key: &str, value: &'a Value, found: &mut Findings<'a>) {
    if let Some((_, new)) = LABELS.iter().find(|(old, _)| key == *old) {
        found.add(&CODE, value, format!("the label `{key}` has become {new}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn names_are_current() {
        let at = "metadata.annotations[kubernetes.io/ingress.class]";
        advises(&CODE, "Ingress", &format!("{at}: nginx"), at);
        let selector = "spec.template.spec.nodeSelector[beta.kubernetes.io/os]";
        advises(&CODE, "DaemonSet", &format!("{selector}: linux"), selector);
        passes(&CODE, "DaemonSet", "spec.template.spec.nodeSelector[kubernetes.io/os]: linux");
    }
}
