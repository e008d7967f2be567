//! `[[rule]]`: rules of the house, which are asked of every object that is emitted.
//!
//! Takes the document; gives the rules, and refuses one that could never be asked: with an expression that cannot be read, without a
//! message, or with the id of another one.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::CustomRule;
use crate::diag::{Code, Diagnostic, Severity};
use crate::source::{Node, NodeValue};
use crate::spec::{self, OwnRule, RuleSeverity};

/// A rule of the house that cannot be asked.
pub(super) static BAD_RULE: Code = Code {
    name: "bad-rule",
    severity: Severity::Error,
    docs: "## What it means
A `[[rule]]` of the platform cannot be asked of any object: its expression is no CEL or uses a function that there is not, its id \
is no name or stands twice, or it names no kinds or no message.

## Why it matters
A rule that never finds anything looks like one that everybody keeps.

## Example
```toml
[[rule]]
id = \"owner\"
kinds = [\"Deployment\"]
expression = \"object.metadata.labels.team =\"
message = \"say which team owns it\"
```

## Instead
```toml
[[rule]]
id = \"owner\"
kinds = [\"Deployment\"]
expression = \"has(object.metadata.labels) && 'team' in object.metadata.labels\"
message = \"say which team owns it: labels.team\"
severity = \"error\"                       # error, warning or note; a warning unless given
```
",
};

/// The rules that the document states, and what is wrong with others.
pub(super) fn read(document: &Node) -> (Vec<Arc<CustomRule>>, Vec<Diagnostic>) {
    let (mut rules, mut problems, mut ids) = (Vec::new(), Vec::new(), BTreeSet::new());
    let Some(NodeValue::Array(items)) = document.get("rule").map(|node| &node.value) else {
        return (rules, problems);
    };
    for node in items {
        // What does not fit the schema was reported against it.
        let Ok(stated) = spec::read::<OwnRule>(node) else { continue };
        let id = stated.id.clone();
        match made(stated) {
            Ok(_) if !ids.insert(id.clone()) => {
                problems.push(refused(node, format!("there are two rules `{id}`")));
            }
            Ok(rule) => rules.push(Arc::new(rule)),
            Err(problem) => problems.push(refused(node, problem)),
        }
    }
    (rules, problems)
}

fn made(stated: OwnRule) -> Result<CustomRule, String> {
    let OwnRule { id, kinds, expression, message, severity } = stated;
    let severity = match severity.unwrap_or(RuleSeverity::Warning) {
        RuleSeverity::Error => Severity::Error,
        RuleSeverity::Warning => Severity::Warning,
        RuleSeverity::Note => Severity::Note,
    };
    CustomRule::new(&id, kinds, &expression, &message).map(|rule| rule.weighing(severity))
}

fn refused(node: &Node, problem: String) -> Diagnostic {
    Diagnostic::new(&BAD_RULE, problem)
        .at(node.origin.span, "")
        .hint("`bayplan explain custom-rule` shows what a rule may ask")
}
