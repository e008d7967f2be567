//! `container-restart-rules`: when a container restarts by rules of its own, the rules are well-formed.

use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "container-restart-rules", Error,
    means: "`restartPolicyRules` of a container stand without its `restartPolicy`, are more than 20, or have an action or an operator that is not known.",
    matters: "The API server refuses the object.",
    example: "restartPolicyRules: [{ action: Restart, exitCodes: { operator: In, values: [42] } }]",
    instead: "restartPolicy: Never\nrestartPolicyRules: [{ action: Restart, exitCodes: { operator: In, values: [42] } }]",
    source: "validateContainerRestartPolicy in pkg/apis/core/validation"
}

const MOST_RULES: usize = 20;
const MOST_CODES: usize = 255;

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod.filter(|_| subject.version() >= KubernetesVersion::V1_35) else { return };
    for container in pod.containers() {
        let rules = container.items("restartPolicyRules");
        if !rules.is_empty() && container.child("restartPolicy").is_none() {
            found.add(
                &CODE,
                (container, "restartPolicy"),
                "rules for restarts need a `restartPolicy` beside them",
            );
        }
        if rules.len() > MOST_RULES {
            let message = format!("there are {} rules, more than {MOST_RULES}", rules.len());
            found.add(&CODE, (container, "restartPolicyRules"), message);
        }
        rules.iter().for_each(|rule| check_rule(rule, found));
    }
}

fn check_rule<'a>(rule: &'a Value, found: &mut Findings<'a>) {
    if let Some(action) = rule.text("action").filter(|action| *action != "Restart") {
        found.add(&CODE, (rule, "action"), format!("`{action}` is no action; there is Restart"));
    }
    let Some(codes) = rule.child("exitCodes") else {
        found.add(&CODE, (rule, "exitCodes"), "a rule names exit codes");
        return;
    };
    if let Some(operator) = codes.text("operator").filter(|operator| !matches!(*operator, "In" | "NotIn")) {
        found.add(&CODE, (codes, "operator"), format!("`{operator}` is neither In nor NotIn"));
    }
    if codes.items("values").len() > MOST_CODES {
        found.add(&CODE, (codes, "values"), format!("there are more than {MOST_CODES} exit codes"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn rules_are_well_formed() {
        let at = "spec.template.spec.containers[0]";
        let rule = |policy: &str, rule: &str| format!("{at}.restartPolicyRules: [{rule}]{policy}");
        let policy = format!("\n{at}.restartPolicy: Never");
        let good = "{ action: Restart, exitCodes: { operator: In, values: [42] } }";
        accepts("Job", &rule(&policy, good));
        refuses(&CODE, "Job", &rule("", good), &format!("{at}.restartPolicy"));
        refuses(
            &CODE,
            "Job",
            &rule(&policy, "{ action: Restart }"),
            &format!("{at}.restartPolicyRules[0].exitCodes"),
        );
        let action = "{ action: Stop, exitCodes: { operator: In, values: [42] } }";
        refuses(&CODE, "Job", &rule(&policy, action), &format!("{at}.restartPolicyRules[0].action"));
    }
}
