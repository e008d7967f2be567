//! `policy-reported`: what is in the tree passes the policies in the tree that only report.

use crate::check::rules::code;

code! {
    "policy-reported", Warning,
    means: "An object, or the pods that it makes, break a policy of Kyverno or Gatekeeper that is in the same tree and only reports.",
    matters: "It is reported in the cluster from the first day, and refused on the day when somebody enforces the policy.",
    example: "kind: ClusterPolicy\nspec: { rules: [{ name: labels, validate: { failureAction: Audit, pattern: { metadata: { labels: { team: '?*' } } } } }] }\n---\nkind: Deployment\nspec: { template: { metadata: { labels: { app: api } } } }",
    instead: "kind: Deployment\nspec: { template: { metadata: { labels: { app: api, team: shop } } } }",
    source: "https://kyverno.io/docs/policy-types/cluster-policy/validate/#failure-action"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    #[test]
    fn what_is_only_reported_is_a_warning() {
        let policy = "apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: baseline }
spec:
  rules:
  - { name: r, match: { any: [{ resources: { kinds: [Pod] } }] }, validate: { pattern: { spec: { hostPID: true } } } }
---
{fixture: Deployment}";
        finds_of(&CODE, policy, &[("Deployment core/api", "spec.template.spec.hostPID")]);
        finds_of(&CODE, &policy.replace("hostPID: true", "=(hostPID): true"), &[]);
    }
}
