//! `env-name`: names of environment variables are printable ASCII without `=`.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "env-name", Error,
    means: "The name of an environment variable, or the prefix of `envFrom`, is empty or has a character that is not printable ASCII, or `=`. (Kubernetes before 1.32 allowed only letters, digits, `-`, `_` and `.`.)",
    matters: "The API server refuses the object.",
    example: "env: [{ name: \"A=B\", value: c }]",
    instead: "env: [{ name: A, value: \"B=c\" }]",
    source: "ValidateEnv and ValidateEnvFrom in pkg/apis/core/validation; KEP-4369"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        for variable in container.items("env") {
            if let Some(name) = variable.text("name")
                && let Some(problem) = format::environment_name(name)
            {
                found.add(&CODE, (variable, "name"), format!("the variable name `{name}` is {problem}"));
            }
        }
        for source in container.items("envFrom") {
            let prefix = source.text_or_empty("prefix");
            if !prefix.is_empty()
                && let Some(problem) = format::environment_name(prefix)
            {
                found.add(&CODE, (source, "prefix"), format!("the prefix `{prefix}` is {problem}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn names_of_variables_have_a_form() {
        let container = "spec.template.spec.containers[0]";
        for name in ["A=B", "''", "é"] {
            refuses(
                &CODE,
                "Deployment",
                &format!("{container}.env[2].name: {name}"),
                &format!("{container}.env[2].name"),
            );
        }
        refuses(
            &CODE,
            "Deployment",
            &format!("{container}.envFrom[0].prefix: A="),
            &format!("{container}.envFrom[0].prefix"),
        );
        accepts("Deployment", &format!("{container}.env[2].name: 1 BAD"));
    }
}
