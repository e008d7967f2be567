//! `schema-rule`: a custom resource keeps the rules of its definition.

use crate::check::rules::code;

code! {
    "schema-rule", Error,
    means: "A custom resource breaks a rule that its definition states in CEL (`x-kubernetes-validations`). Rules that compare with the object as it was concern changes and are not asked.",
    matters: "The API server refuses the object, with the message that the definition gives.",
    example: "# rule: self.minimum <= self.maximum\nspec: { minimum: 5, maximum: 3 }",
    instead: "spec: { minimum: 3, maximum: 5 }",
    source: "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::rules::schema::schema_rule_unjudged;
    use crate::check::{Context, KubernetesVersion, Schemas, run, testing};
    use crate::value::{Value, json};

    fn findings(spec: &Value, object: &str) -> Vec<(String, String, String)> {
        let mut schemas = Schemas::new(KubernetesVersion::V1_35);
        let schema = json!({ "openAPIV3Schema": { "type": "object", "properties": { "spec": spec } } });
        let definition = json!({ "kind": "CustomResourceDefinition", "spec": { "group": "example.com",
            "scope": "Cluster", "names": { "kind": "Gate" },
            "versions": [{ "name": "v1", "served": true, "schema": schema }] } });
        schemas.add_custom_resource(&definition).expect("a definition");
        let text =
            format!("{{apiVersion: example.com/v1, kind: Gate, metadata: {{name: a}}, spec: {object}}}");
        let found = run(&testing::objects(&text), &Context::new(&schemas));
        let found = found.into_iter().map(|it| it.diagnostic);
        found.map(|it| (it.code.name.to_owned(), it.field.unwrap_or_default(), it.message)).collect()
    }

    fn spec(rule: &Value) -> Value {
        json!({ "type": "object", "x-kubernetes-validations": [rule], "properties": {
            "minimum": { "type": "integer", "default": 4 }, "maximum": { "type": "integer" },
            "ratio": { "type": "number" }, "since": { "type": "string", "format": "date-time" },
            "kind-of": { "type": "string" } } })
    }

    #[test]
    fn a_rule_that_is_broken_is_told_with_its_message() {
        let rule =
            spec(&json!({ "rule": "self.minimum <= self.maximum", "message": "minimum is more than maximum",
            "fieldPath": ".minimum" }));
        let found = findings(&rule, "{minimum: 5, maximum: 3}");
        let message = "`spec.minimum` breaks a rule of its definition: minimum is more than maximum";
        assert_eq!(found, [(CODE.name.to_owned(), "spec.minimum".to_owned(), message.to_owned())]);
        assert!(findings(&rule, "{minimum: 3, maximum: 5}").is_empty());
        // The default is there when the rule is asked.
        assert_eq!(findings(&rule, "{maximum: 3}").len(), 1);
        assert!(findings(&rule, "{maximum: 4}").is_empty());
    }

    #[test]
    fn a_message_may_be_an_expression() {
        let rule = spec(
            &json!({ "rule": "self.maximum < 3", "messageExpression": "'at most 3, not ' + string(self.maximum)" }),
        );
        let found = findings(&rule, "{maximum: 5}");
        assert!(found[0].2.ends_with("at most 3, not 5"), "{found:?}");
    }

    #[test]
    fn numbers_and_times_are_what_the_schema_says() {
        let rule = spec(
            &json!({ "rule": "self.ratio / 2.0 == 0.5 && self.since > timestamp('2024-01-01T00:00:00Z')" }),
        );
        assert!(findings(&rule, "{ratio: 1, since: 2025-01-01T00:00:00Z}").is_empty());
        assert_eq!(findings(&rule, "{ratio: 1, since: 2023-01-01T00:00:00Z}").len(), 1);
    }

    #[test]
    fn a_rule_about_changes_is_not_asked() {
        let rule = spec(&json!({ "rule": "self.maximum == oldSelf.maximum" }));
        assert!(findings(&rule, "{maximum: 5}").is_empty());
        let rule =
            spec(&json!({ "rule": "!oldSelf.hasValue() && self.maximum > 5", "optionalOldSelf": true }));
        assert_eq!(findings(&rule, "{maximum: 5}").len(), 1);
    }

    #[test]
    fn what_cannot_be_judged_is_said_and_refuses_nothing() {
        let rule = spec(&json!({ "rule": "self.maximum.frobnicate()" }));
        let found = findings(&rule, "{maximum: 5}");
        assert_eq!(
            found.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(),
            [schema_rule_unjudged::CODE.name]
        );
    }
}
