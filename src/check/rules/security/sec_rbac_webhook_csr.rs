//! `sec-rbac-webhook-csr`: nobody writes what decides for the whole cluster.

use super::grants::rules;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-rbac-webhook-csr", Warning,
    means: "A role writes admission webhooks, approves certificate requests, makes tokens of accounts or writes the status of Services.",
    matters: "A webhook sees and changes every object, Secrets included; an approved certificate or a token is somebody else's identity; a Service's status draws traffic from others.",
    example: "rules: [{ apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [update] }]",
    instead: "# none: whoever installs webhooks is given the right for the time of it",
    source: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/; Checkov CKV_K8S_155, CKV_K8S_156, CKV2_K8S_4"
}

const DECIDING: [&str; 6] = [
    "validatingwebhookconfigurations",
    "mutatingwebhookconfigurations",
    "certificatesigningrequests/approval",
    "signers",
    "serviceaccounts/token",
    "services/status",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for rule in rules(subject) {
        let writes = rule.texts("verbs").any(|verb| !matches!(verb, "get" | "list" | "watch"));
        let named = rule.texts("resources").find(|it| DECIDING.contains(it));
        if let Some(resource) = named.filter(|_| writes && rule.items("resourceNames").is_empty()) {
            found.add(&CODE, (rule, "resources"), format!("the role writes {resource}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn what_decides_is_not_written() {
        let rules = |verb: &str| {
            format!(
                "rules: [{{ apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [{verb}] }}]"
            )
        };
        advises(&CODE, "ClusterRole", &rules("update"), "rules[0].resources");
        passes(&CODE, "ClusterRole", &rules("list"));
    }
}
