//! `sec-default-service-account`: the default account of a namespace is nobody.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "sec-default-service-account", Warning,
    means: "A pod with a token runs as the account `default`, a binding grants something to it, or it hands out its token.",
    matters: "Whatever is granted to `default` is granted to every pod that names no account.",
    example: "subjects: [{ kind: ServiceAccount, name: default, namespace: core }]",
    instead: "subjects: [{ kind: ServiceAccount, name: api, namespace: core }]",
    source: "CIS Kubernetes Benchmark 5.1.5; kube-linter default-service-account"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let hands_out =
        |holder: &Value| holder.get("automountServiceAccountToken").and_then(Value::as_bool) != Some(false);
    if let Some(pod) = subject.pod {
        let account = pod.spec.text_or_empty("serviceAccountName");
        if matches!(account, "" | "default") && hands_out(pod.spec) {
            found.add(
                &CODE,
                (pod.spec, "serviceAccountName"),
                "the pod runs as the default account, with its token",
            );
        }
    }
    if subject.kind == "ServiceAccount" && subject.name() == "default" && hands_out(subject.value) {
        found.add(
            &CODE,
            (subject.value, "automountServiceAccountToken"),
            "the default account hands out its token",
        );
    }
    if matches!(subject.kind, "RoleBinding" | "ClusterRoleBinding") {
        for holder in subject.value.items("subjects") {
            if holder.text("kind") == Some("ServiceAccount") && holder.text("name") == Some("default") {
                found.add(&CODE, (holder, "name"), "every pod without an account of its own is granted this");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn default_is_nobody() {
        let at = "spec.template.spec.serviceAccountName";
        advises(&CODE, "Deployment", &format!("{at}: ~absent"), at);
        passes(
            &CODE,
            "Deployment",
            &format!("{at}: ~absent\nspec.template.spec.automountServiceAccountToken: false"),
        );
        advises(&CODE, "RoleBinding", "subjects[0].name: default", "subjects[0].name");
        advises(
            &CODE,
            "ServiceAccount",
            "metadata.name: default\nautomountServiceAccountToken: true",
            "automountServiceAccountToken",
        );
        passes(&CODE, "ServiceAccount", "");
    }
}
