//! `env-duplicate`: no environment variable is defined twice, unless the later value builds on the earlier.

use std::collections::BTreeSet;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "env-duplicate", Warning,
    means: "A container defines an environment variable twice.",
    matters: "The later definition hides the earlier, and server-side apply fails on the list.",
    example: "env:\n  - { name: LEVEL, value: info }\n  - { name: LEVEL, value: debug }",
    instead: "env:\n  - { name: LEVEL, value: debug }",
    source: "warningsForContainer in pkg/api/pod/warnings.go"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let mut seen = BTreeSet::new();
        for variable in container.items("env") {
            let name = variable.text_or_empty("name");
            let extends = variable.text_or_empty("value").contains(&format!("$({name})"));
            if !name.is_empty() && !seen.insert(name) && !extends {
                found.add(&CODE, (variable, "name"), format!("the variable `{name}` is defined twice"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_variable_is_defined_once() {
        let second = "spec.template.spec.containers[0].env[3]";
        refuses(
            &CODE,
            "Deployment",
            &format!("{second}: {{ name: URL, value: x }}"),
            &format!("{second}.name"),
        );
        accepts("Deployment", &format!("{second}: {{ name: URL, value: $(URL)/db }}"));
    }
}
