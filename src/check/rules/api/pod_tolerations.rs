//! `pod-tolerations`: tolerations say what they tolerate.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "pod-tolerations", Error,
    means: "A toleration has a value with `Exists`, no key without `Exists`, a time without `NoExecute`, or an unknown operator or effect.",
    matters: "The API server refuses the object.",
    example: "tolerations: [{ operator: Exists, value: api }]",
    instead: "tolerations: [{ key: dedicated, operator: Equal, value: api }]",
    source: "ValidateTolerations in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    pod.spec.items("tolerations").iter().for_each(|it| toleration(it, found));
}

pub(super) fn toleration<'a>(toleration: &'a Value, found: &mut Findings<'a>) {
    check_key(toleration, found);
    check_operator(toleration, found);
    let effect = toleration.text_or_empty("effect");
    if !matches!(effect, "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
        found.add(&CODE, (toleration, "effect"), format!("`{effect}` is no effect of a taint"));
    } else if toleration.child("tolerationSeconds").is_some() && effect != "NoExecute" {
        found.add(&CODE, (toleration, "effect"), "`tolerationSeconds` needs the effect NoExecute");
    }
}

fn check_key<'a>(toleration: &'a Value, found: &mut Findings<'a>) {
    let key = toleration.text_or_empty("key");
    if key.is_empty() {
        if toleration.text("operator") != Some("Exists") {
            found.add(
                &CODE,
                (toleration, "operator"),
                "a toleration without a key needs the operator Exists",
            );
        }
    } else if let Some(problem) = format::qualified_name(key) {
        found.add(&CODE, (toleration, "key"), format!("the key `{key}` is {problem}"));
    }
}

fn check_operator<'a>(toleration: &'a Value, found: &mut Findings<'a>) {
    let (operator, value) = (toleration.text_or_empty("operator"), toleration.text_or_empty("value"));
    match operator {
        "" | "Equal" => {
            if let Some(problem) = format::label_value(value) {
                found.add(&CODE, (toleration, "value"), format!("the value `{value}` is {problem}"));
            }
        }
        "Exists" if value.is_empty() => {}
        "Exists" => found.add(&CODE, (toleration, "value"), "the operator Exists takes no value"),
        other => {
            let message = format!("`{other}` is no operator; there are Equal and Exists");
            found.add(&CODE, (toleration, "operator"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn tolerations_are_well_formed() {
        let at = "spec.template.spec.tolerations";
        let refused = |toleration: &str, field: &str| {
            refuses(&CODE, "Deployment", &format!("{at}: [{{ {toleration} }}]"), &format!("{at}[0].{field}"));
        };
        refused("key: a, operator: Exists, value: b", "value");
        refused("operator: Equal", "operator");
        refused("key: a, operator: Is", "operator");
        refused("key: a, effect: Never", "effect");
        refused("key: a, tolerationSeconds: 5", "effect");
        refused("key: a, value: a b", "value");
        accepts("Deployment", &format!("{at}: [{{ operator: Exists }}]"));
    }
}
