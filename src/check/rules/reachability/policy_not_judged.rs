//! `policy-not-judged`: every policy in the tree can be judged without a cluster.

use super::policy_refused::named;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;

code! {
    "policy-not-judged", Note,
    means: "A rule of a policy in the tree asks for more than patterns: CEL, JMESPath, variables, code in Rego, exclusions or selectors.",
    matters: "Whether the objects of the tree pass it is only seen in a cluster.",
    example: "kind: ClusterPolicy\nspec: { rules: [{ name: r, validate: { cel: { expressions: [{ expression: 'object.spec.replicas > 1' }] } } }] }",
    instead: "# kyverno apply policy.yaml --resource out/rendered/production",
    source: "https://kyverno.io/docs/kyverno-cli/usage/apply/"
}

/// Reports a rule of a policy, and why it cannot be judged.
pub(super) fn report<'a>(policy: &Subject<'a>, (rule, why): (&str, &str), found: &mut Findings<'a>) {
    let message = format!("the policy `{}`{} is not judged here: {why}", policy.name(), named(rule));
    let hint = "judge it by its own tool: `kyverno apply`, `gator test`".to_owned();
    found.of(policy.index).add_with_hint(&CODE, (policy.value, "spec"), message, Some(hint));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    fn rule(parts: &str) -> String {
        format!(
            "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {{ name: p }}\nspec: {{ rules: [{{ name: r, {parts} }}] }}"
        )
    }

    #[test]
    fn what_asks_for_more_than_a_pattern_is_named() {
        let matched = "match: { any: [{ resources: { kinds: [Pod] } }] }";
        let pattern = "validate: { message: m, pattern: { spec: { =(hostPID): false } } }";
        for parts in [
            format!("{matched}, validate: {{ cel: {{ expressions: [] }} }}"),
            format!("{matched}, validate: {{ deny: {{}} }}"),
            format!("{matched}, validate: {{ pattern: {{ spec: {{ a: '{{{{ request.operation }}}}' }} }} }}"),
            format!("{matched}, exclude: {{ any: [] }}, {pattern}"),
            format!("{matched}, preconditions: {{ all: [] }}, {pattern}"),
            format!("match: {{ any: [{{ subjects: [{{ kind: User }}] }}] }}, {pattern}"),
            format!("match: {{ any: [{{ resources: {{ kinds: [Pod], selector: {{}} }} }}] }}, {pattern}"),
            format!("match: {{ any: [{{ resources: {{ kinds: [Pod/exec] }} }}] }}, {pattern}"),
        ] {
            finds_of(&CODE, &rule(&parts), &[("ClusterPolicy p", "spec")]);
        }
        finds_of(&CODE, &rule(&format!("{matched}, {pattern}")), &[]);
        finds_of(&CODE, &rule(&format!("{matched}, mutate: {{}}")), &[]);
        let constraint =
            "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sAllowedRepos\nmetadata: { name: c }";
        finds_of(&CODE, constraint, &[("K8sAllowedRepos c", "spec")]);
    }
}
