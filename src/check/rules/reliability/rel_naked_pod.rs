//! `rel-naked-pod`: somebody starts a pod again.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-naked-pod", Warning,
    means: "The object is a Pod that no controller made.",
    matters: "When its node goes, it is gone.",
    example: "kind: Pod",
    instead: "kind: Deployment",
    source: "https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let owned = subject.metadata().is_some_and(|metadata| !metadata.items("ownerReferences").is_empty());
    let hook = subject.metadata().is_some_and(|metadata| {
        let mut keys = metadata.entries("annotations").map(|(key, _)| key);
        keys.any(|key| matches!(key, "helm.sh/hook" | "argocd.argoproj.io/hook"))
    });
    if subject.kind == "Pod" && !owned && !hook {
        found.add(&CODE, (subject.value, "kind"), "nothing starts this pod again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn pods_have_a_controller() {
        advises(&CODE, "Pod", "", "kind");
        passes(&CODE, "Pod", "metadata.annotations[helm.sh/hook]: test");
        passes(&CODE, "Deployment", "");
    }
}
