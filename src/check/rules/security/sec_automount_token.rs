//! `sec-automount-token`: only pods that use the API hold a token for it.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::PodTemplate;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "sec-automount-token", Warning,
    means: "A pod mounts the token of its account, and no binding of the tree grants that account anything.",
    matters: "Whoever gets into the container holds an identity in the cluster, for nothing.",
    example: "spec: { serviceAccountName: api }",
    instead: "spec: { serviceAccountName: api, automountServiceAccountToken: false }",
    source: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/; CIS Kubernetes Benchmark 5.1.6"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let granted = granted(scene);
    for pods in scene.pods() {
        let spec = pods.template.spec;
        let namespace = pods.subject.namespace();
        let account = spec.text("serviceAccountName").filter(|name| !name.is_empty()).unwrap_or("default");
        let of_account = scene.find("ServiceAccount", namespace, account).map(|account| account.value);
        let says = |holder: &Value| holder.get("automountServiceAccountToken").and_then(Value::as_bool);
        let mounts = says(spec).or_else(|| of_account.and_then(says)).unwrap_or(true);
        if mounts && !granted.contains(&(namespace, account)) && !signs_in(&pods.template) {
            let message = format!("the pod holds a token of `{account}`, which nothing is granted to");
            found.of(pods.subject.index).add(&CODE, (spec, "automountServiceAccountToken"), message);
        }
    }
}

/// Whether an injected agent signs in with the token: that it is granted nothing here is as it should be.
///
/// <https://developer.hashicorp.com/vault/docs/platform/k8s/injector/annotations>
fn signs_in(template: &PodTemplate<'_>) -> bool {
    let injects = |key: &str| {
        let value = template.template.below(&["metadata", "annotations", key]);
        value.and_then(Value::as_str) == Some("true")
    };
    ["vault.hashicorp.com/agent-inject", "openbao.openbao.org/agent-inject"].into_iter().any(injects)
}

/// The service accounts that a binding grants something to, by namespace and name.
fn granted<'a>(scene: &Scene<'a>) -> BTreeSet<(&'a str, &'a str)> {
    let bindings = ["RoleBinding", "ClusterRoleBinding"].into_iter().flat_map(|kind| scene.of_kind(kind));
    let accounts = bindings.flat_map(|binding| {
        let subjects = binding.value.items("subjects").iter();
        let accounts = subjects.filter(|subject| subject.text("kind") == Some("ServiceAccount"));
        accounts.filter_map(|subject| {
            Some((subject.text("namespace").unwrap_or(binding.namespace()), subject.text("name")?))
        })
    });
    accounts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    const POD: &str =
        "{fixture: Deployment, edits: 'spec.template.spec.automountServiceAccountToken: ~absent'}";

    #[test]
    fn tokens_are_for_those_that_use_them() {
        let at = [("Deployment core/api", "spec.template.spec.automountServiceAccountToken")];
        finds(&CODE, POD, &at);
        finds(&CODE, &format!("{POD}\n---\n{{fixture: ServiceAccount}}"), &[]);
        finds(&CODE, &format!("{POD}\n---\n{{fixture: RoleBinding}}"), &[]);
        let agent = "spec.template.metadata.annotations: { vault.hashicorp.com/agent-inject: 'true' }";
        let edits = format!("spec.template.spec.automountServiceAccountToken: ~absent\\n{agent}");
        finds(&CODE, &format!("{{fixture: Deployment, edits: \"{edits}\"}}"), &[]);
        finds(
            &CODE,
            "{fixture: Deployment, edits: 'spec.template.spec.automountServiceAccountToken: false'}",
            &[],
        );
    }
}
