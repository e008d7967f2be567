//! `custom-rule`: objects keep the rules that the house has written itself.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::diag::Diagnostic;

code! {
    "custom-rule", Warning,
    means: "An object breaks a rule that your own settings state: a `[[rule]]` of `bayplan-check.toml` with an `id`, `kinds`, an `expression` in CEL over `object`, a `message` and a `severity`. An exception names one rule as `custom-rule/ID`.",
    matters: "What a house has agreed on is not known to any tool; a rule in the tree that is checked is asked on every change.",
    example: "# bayplan-check.toml:\n#   [[rule]]\n#   id = \"team\"\n#   kinds = [\"Deployment\"]\n#   expression = \"has(object.metadata.labels) && 'team' in object.metadata.labels\"\n#   message = \"say which team owns it\"\nkind: Deployment\nmetadata: { name: api }",
    instead: "kind: Deployment\nmetadata: { name: api, labels: { team: shop } }",
    source: "https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/; https://kubernetes.io/docs/reference/using-api/cel/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for rule in subject.context.rules.iter().filter(|rule| rule.concerns(subject.object)) {
        let Some(said) = rule.judge(subject.object) else { continue };
        let mut diagnostic = Diagnostic::new(&CODE, format!("{}: {said}", rule.id()));
        diagnostic.hints.push(format!("your own rule asks for `{}`", rule.expression()));
        diagnostic.severity = rule.severity();
        diagnostic.rule = Some(rule.id().to_owned());
        found.add_diagnostic(subject.value, diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::check::{Context, CustomRule, Exception, KubernetesVersion, Schemas, run, testing};
    use crate::diag::Severity;

    fn said(expression: &str, allowed: Option<&str>) -> Vec<(Severity, String)> {
        let kinds = vec!["apps/v1/Deployment".to_owned()];
        let rule = CustomRule::new("team", kinds, expression, "say which team owns it").expect("a rule");
        let schemas = Schemas::new(KubernetesVersion::V1_35);
        let allow = |rule: &str| Exception {
            rule: rule.to_owned(),
            because: "it is a test".to_owned(),
            ..Exception::default()
        };
        let context = Context {
            rules: vec![Arc::new(rule.weighing(Severity::Error))],
            exceptions: allowed.map(allow).into_iter().collect(),
            ..Context::new(&schemas)
        };
        let objects = testing::objects("fixture: Deployment\n---\nfixture: ConfigMap");
        let found = run(&objects, &context).into_iter().map(|it| it.diagnostic);
        found.filter(|it| it.code == &CODE).map(|it| (it.severity, it.message)).collect()
    }

    #[test]
    fn a_rule_is_asked_of_its_kinds_and_speaks_in_its_own_words() {
        let expected = (Severity::Error, "team: say which team owns it".to_owned());
        assert_eq!(said("'team' in object.metadata.labels", None).len(), 1);
        assert_eq!(said("object.kind != 'Deployment'", None), [expected]);
        assert!(said("object.kind == 'Deployment' && self.spec.replicas >= 1", None).is_empty());
    }

    #[test]
    fn a_rule_that_fails_says_how() {
        let found = said("object.metadata.absent == 'x'", None);
        assert!(found[0].1.contains("no such key: absent"), "{found:?}");
    }

    #[test]
    fn a_rule_can_be_excepted_from_by_its_id() {
        assert!(said("false", Some("custom-rule/team")).is_empty());
        assert_eq!(said("false", Some("custom-rule/other")).len(), 1);
    }

    #[test]
    fn a_rule_that_cannot_be_asked_is_refused() {
        for (id, expression) in [("Team", "true"), ("team", "object."), ("team", "object.frobnicate()")] {
            assert!(CustomRule::new(id, vec!["*".to_owned()], expression, "m").is_err(), "{id} {expression}");
        }
    }
}
