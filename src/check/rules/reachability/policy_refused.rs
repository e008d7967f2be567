//! `policy-refused`: what is in the tree passes the policies in the tree that refuse. The walk over the policies is here; it
//! reports under the codes of its neighbours too.

use super::{policy_not_judged, policy_reported};
use crate::check::admission::{self, Breach, Reading, Rule};
use crate::check::finding::{Findings, notation};
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "policy-refused", Error,
    means: "An object, or the pods that it makes, break a policy of Kyverno or Gatekeeper that is in the same tree and enforced.",
    matters: "The policy is at the cluster's door before the next rollout: the API server refuses the object, or the pods that it makes never come.",
    example: "kind: ClusterPolicy\nspec: { rules: [{ name: limits, validate: { failureAction: Enforce, pattern: { spec: { containers: [{ resources: { limits: { memory: '?*' } } }] } } } }] }\n---\nkind: Deployment\nspec: { template: { spec: { containers: [{ name: api, resources: {} }] } } }",
    instead: "kind: Deployment\nspec: { template: { spec: { containers: [{ name: api, resources: { limits: { memory: 256Mi } } }] } } }",
    source: "https://kyverno.io/docs/policy-types/cluster-policy/validate/; https://open-policy-agent.github.io/gatekeeper/website/docs/violations/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let rules = admission::rules(scene);
    let pods = if rules.is_empty() { Vec::new() } else { admission::made_pods(scene) };
    for (policy, reading) in rules {
        match reading {
            Reading::Rule(rule) => {
                for breach in admission::breaches(scene, &pods, &rule) {
                    report(scene, &rule, breach, found);
                }
            }
            Reading::Beyond { name, why } => policy_not_judged::report(policy, (name, &why), found),
        }
    }
}

fn report<'a>(scene: &Scene<'a>, rule: &Rule<'a>, breach: Breach, found: &mut Findings<'a>) {
    let (code, verb) = if rule.enforced { (&CODE, "refuses") } else { (&policy_reported::CODE, "reports") };
    let object = &scene.subjects[breach.subject].object.id;
    let what = if breach.of_pods { format!("the pods of {object}") } else { object.to_string() };
    let field = breach.failure.field;
    let message = format!(
        "the policy `{}`{} {verb} {what}: `{}` {} ({})",
        rule.policy.name(),
        named(rule.name),
        notation(&field),
        breach.failure.what,
        rule.message.trim()
    );
    let policy = &rule.policy.object;
    let written =
        if policy.source.segments().is_empty() { policy.id.to_string() } else { policy.source.to_string() };
    let hint = format!("give it what the policy asks for, or change `{written}`");
    found.of(breach.subject).add_with_hint(code, field, message, Some(hint));
}

/// The rule of a policy, where it has a name.
pub(super) fn named(rule: &str) -> String {
    if rule.is_empty() { String::new() } else { format!(" (rule `{rule}`)") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    fn policy(action: &str, validate: &str) -> String {
        format!(
            "apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {{ name: baseline }}
spec:
  rules:
  - name: first
    match: {{ any: [{{ resources: {{ kinds: [Pod], namespaces: ['co*'] }} }}] }}
    validate: {{ failureAction: {action}, message: told to people, {validate} }}
---
{{fixture: Deployment}}
---
{{fixture: CronJob}}"
        )
    }

    #[test]
    fn pods_pass_the_policies_beside_them() {
        let labels = "pattern: { metadata: { labels: { team: '?*' } } }";
        finds_of(
            &CODE,
            &policy("Enforce", labels),
            &[
                ("Deployment core/api", "spec.template.metadata.labels[team]"),
                ("CronJob core/backup", "spec.jobTemplate.spec.template.metadata.labels[team]"),
            ],
        );
        finds_of(&CODE, &policy("Audit", labels), &[]);
        finds_of(&CODE, &policy("Enforce", labels).replace("co*", "other"), &[]);
        finds_of(&CODE, &policy("Enforce", "pattern: { spec: { =(hostNetwork): false } }"), &[]);
        let any = "anyPattern: [{ spec: { hostPID: true } }, { spec: { containers: [{ name: '?*' }] } }]";
        finds_of(&CODE, &policy("Enforce", any), &[]);
    }

    #[test]
    fn an_object_of_the_kind_itself_is_judged() {
        let policy = "apiVersion: kyverno.io/v1
kind: Policy
metadata: { name: services, namespace: core }
spec:
  validationFailureAction: enforce
  rules:
  - { name: r, match: { resources: { kinds: [v1/Service] } }, validate: { message: m, pattern: { spec: { type: '!ClusterIP' } } } }
---
{fixture: Service}";
        finds_of(&CODE, policy, &[("Service core/api", "spec.type")]);
        finds_of(&CODE, &policy.replace("namespace: core", "namespace: other"), &[]);
        finds_of(&CODE, &policy.replace("v1/Service", "apps/v1/Service"), &[]);
    }

    #[test]
    fn the_baseline_of_gatekeeper_says_what_its_code_says() {
        let constraint = |parameters: &str| {
            format!(
                "apiVersion: constraints.gatekeeper.sh/v1beta1
kind: PodBaseline
metadata: {{ name: shop, labels: {{ app.kubernetes.io/managed-by: bayplan }} }}
spec: {{ enforcementAction: deny, match: {{ namespaces: [core] }}, parameters: {{ {parameters} }} }}
---
{{fixture: Deployment, edits: \"spec.template.spec.containers[0].image: registry.example:5000/api\"}}"
            )
        };
        finds_of(
            &CODE,
            &constraint("noLatest: true"),
            &[("Deployment core/api", "spec.template.spec.containers[0].image")],
        );
        finds_of(
            &CODE,
            &constraint("requiredLabels: [team]"),
            &[("Deployment core/api", "spec.template.metadata.labels[team]")],
        );
        finds_of(&CODE, &constraint("noPrivileged: true, noLatest: false"), &[]);
    }
}
