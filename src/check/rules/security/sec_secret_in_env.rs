//! `sec-secret-in-env`: secrets are files, not variables.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-secret-in-env", Note,
    means: "A variable of a container comes from a Secret.",
    matters: "Variables are passed on to every child process, and end up in crash reports and debug pages. A file does not, and a new value reaches it without a restart.",
    example: "env: [{ name: PASSWORD, valueFrom: { secretKeyRef: { name: api, key: password } } }]",
    instead: "volumeMounts: [{ name: secrets, mountPath: /run/secrets, readOnly: true }]",
    source: "CIS Kubernetes Benchmark 5.4.1; kube-linter read-secret-from-env-var"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        for variable in container.items("env") {
            if let Some(from) =
                variable.child("valueFrom").filter(|from| from.child("secretKeyRef").is_some())
            {
                let message = format!("`{}` is a secret in a variable", variable.text_or_empty("name"));
                found.add(&CODE, (from, "secretKeyRef"), message);
            }
        }
        for source in container.items("envFrom").iter().filter(|source| source.child("secretRef").is_some()) {
            found.add(&CODE, (source, "secretRef"), "all keys of a Secret become variables");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn secrets_are_files() {
        let at = "spec.template.spec.containers[0]";
        advises(&CODE, "Deployment", "", &format!("{at}.env[1].valueFrom.secretKeyRef"));
        let none = format!("{at}.env: []");
        passes(&CODE, "Deployment", &none);
        advises(
            &CODE,
            "Deployment",
            &format!("{none}\n{at}.envFrom: [{{ secretRef: {{ name: api }} }}]"),
            &format!("{at}.envFrom[0].secretRef"),
        );
    }
}
