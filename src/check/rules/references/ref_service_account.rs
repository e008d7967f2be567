//! `ref-service-account`: the account of each pod is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-service-account", Error,
    means: "A pod runs as a ServiceAccount that is neither in the tree nor declared to be elsewhere.",
    passes: "- `default`, which every namespace has.\n- What `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make ServiceAccounts: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a ServiceAccount of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).",
    matters: "No pod is created: `serviceaccount not found`.",
    example: "serviceAccountName: apy",
    instead: "serviceAccountName: api",
    source: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for pods in scene.pods() {
        let spec = pods.template.spec;
        let key = if spec.text_or_empty("serviceAccountName").is_empty() {
            "serviceAccount"
        } else {
            "serviceAccountName"
        };
        let (name, namespace) = (spec.text_or_empty(key), pods.subject.namespace());
        if !matches!(name, "" | "default") && !scene.exists("ServiceAccount", namespace, name) {
            let message = format!("there is no ServiceAccount {namespace}/{name}");
            let hint = scene.hint("ServiceAccount", namespace, name);
            found.of(pods.subject.index).add_with_hint(&CODE, (spec, key), message, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn an_account_is_there() {
        let pod = "{fixture: Pod, edits: 'spec.serviceAccountName: api'}";
        finds(&CODE, pod, &[("Pod core/probe", "spec.serviceAccountName")]);
        finds(&CODE, &format!("{{fixture: ServiceAccount}}\n---\n{pod}"), &[]);
        finds(&CODE, "{fixture: Pod, edits: 'spec.serviceAccountName: default'}", &[]);
    }
}
