//! `immutable-field`: what a cluster never changes stays as it was.

use crate::check::rules::code;

code! {
    "immutable-field", Error,
    means: "An object differs from the one that it replaces in a field that a cluster does not change: a selector, the claims of a StatefulSet, the pods of a Job, the role of a binding, the data of an immutable ConfigMap. It is asked with `bayplan check NEW --against OLD`.",
    matters: "The API server refuses the change. The object has to be deleted and made anew, and what it runs or holds goes with it.",
    example: "# it was `app: api`\nspec:\n  selector: { matchLabels: { app.kubernetes.io/name: api } }",
    instead: "spec:\n  selector: { matchLabels: { app: api } }   # or a new name for the object",
    source: "ValidateUpdate of each kind in k8s.io/kubernetes/pkg/apis; https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates"
}
