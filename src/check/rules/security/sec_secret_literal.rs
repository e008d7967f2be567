//! `sec-secret-literal`: no secret stands in a value, an argument, a ConfigMap or an annotation.

use super::tokens;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "sec-secret-literal", Error,
    means: "A text of the object is of the form of a known token or private key, holds a password in a URL, or is the value of something that is called a password, a secret or a key. What stands there is never shown.",
    matters: "Whoever reads the manifest, the repository, the object in the cluster or the page of a debugger has it.",
    example: "env: [{ name: DB_PASSWORD, value: hunter2-the-second }]",
    instead: "env: [{ name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]",
    source: "kube-linter env-var-secret; Polaris sensitiveContainerEnvVar and sensitiveConfigmapContent; datree 62 to 79"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if let Some(pod) = subject.pod {
        pod.containers().for_each(|container| of_container(container, found));
        annotations(pod.template, found);
    }
    if subject.kind == "ConfigMap" {
        for (key, value) in subject.value.child("data").and_then(Value::as_object).into_iter().flatten() {
            text(key, value, found);
        }
    }
    if subject.pod.is_none_or(|pod| !std::ptr::eq(pod.template, subject.value)) {
        annotations(subject.value, found);
    }
}

fn of_container<'a>(container: &'a Value, found: &mut Findings<'a>) {
    for variable in container.items("env") {
        if let Some(value) = variable.child("value") {
            text(variable.text_or_empty("name"), value, found);
        }
    }
    for value in ["command", "args"].into_iter().flat_map(|key| container.items(key)) {
        // `--password=x`: the name and the value in one argument.
        let argument = value.as_str().unwrap_or_default();
        let (name, rest) = argument.split_once('=').unwrap_or(("", argument));
        report(
            value,
            tokens::kind(argument).or_else(|| tokens::named(name.trim_start_matches('-'), rest)),
            found,
        );
    }
}

fn annotations<'a>(holder: &'a Value, found: &mut Findings<'a>) {
    let map = holder.child("metadata").and_then(|it| it.child("annotations")).and_then(Value::as_object);
    for (_, value) in map.into_iter().flatten() {
        report(value, value.as_str().and_then(tokens::kind), found);
    }
}

fn text<'a>(name: &str, value: &'a Value, found: &mut Findings<'a>) {
    let Some(content) = value.as_str() else { return };
    let kind =
        tokens::kind(content).or_else(|| tokens::named(name, content)).or_else(|| tokens::assigned(content));
    report(value, kind, found);
}

fn report<'a>(value: &'a Value, kind: Option<&'static str>, found: &mut Findings<'a>) {
    if let Some(kind) = kind {
        found.add(&CODE, value, format!("this is {kind}, readable to whoever reads the object"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    const ENV: &str = "spec.template.spec.containers[0].env";

    #[test]
    fn secrets_stand_nowhere() {
        let env = |name: &str, value: &str| format!("{ENV}: [{{ name: {name}, value: '{value}' }}]");
        let at = format!("{ENV}[0].value");
        for (name, value) in [
            ("DB_PASSWORD", "hunter2-the-second"),
            ("URL", "postgres://shop:hunter2@db:5432/shop"),
            ("TOKEN", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
            ("ID", "AKIAIOSFODNN7EXAMPLE"),
        ] {
            advises(&CODE, "DaemonSet", &env(name, value), &at);
        }
        for (name, value) in [
            ("DB_PASSWORD_FILE", "/run/secrets/password"),
            ("DB_PASSWORD", "$(OTHER)"),
            ("PASSWORD_MIN_LENGTH", "12"),
            ("URL", "postgres://shop:$(PASSWORD)@db:5432/shop"),
            ("KEY_PREFIX", "orders-of-the-shop"),
            ("PASSWORD_RESET_URL", "https://shop.example/reset"),
        ] {
            passes(&CODE, "DaemonSet", &env(name, value));
        }
    }

    #[test]
    fn arguments_and_files_count_too() {
        let at = "spec.template.spec.containers[0].args";
        advises(&CODE, "DaemonSet", &format!("{at}: ['--password=hunter2-the-second']"), &format!("{at}[0]"));
        passes(&CODE, "DaemonSet", &format!("{at}: ['--password-file=/run/secrets/password']"));
        advises(
            &CODE,
            "ConfigMap",
            "data: { app.conf: \"user = a\\npassword = hunter2-the-second\\n\" }",
            "data[app.conf]",
        );
        passes(&CODE, "ConfigMap", "");
    }
}
