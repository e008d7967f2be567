//! Truth 3 and truth 5: every object is valid against the schema of the declared Kubernetes version, with unknown
//! fields refused, and every reference inside an environment resolves. A compilation runs all rules of `check/`; what
//! we emit gives them nothing to find, and what a user adds through an escape hatch is judged as everything else is.

use std::collections::BTreeSet;

use bayplan::check;
use bayplan::diag::{Diagnostic, Severity};
use bayplan::host::MemoryHost;
use bayplan::{Output, Request, compile};

use crate::generated;
use crate::golden::platforms;

fn findings(output: &Output) -> Vec<String> {
    let rules: BTreeSet<&str> = check::CODES.iter().map(|code| code.name).collect();
    let of_rules = |found: &&Diagnostic| rules.contains(found.code.name) && found.severity != Severity::Note;
    let found = output.diagnostics.iter().filter(of_rules);
    found.map(|found| format!("{}: {} ({:?})", found.code.name, found.message, found.object)).collect()
}

#[test]
fn nothing_that_is_emitted_breaks_a_rule() {
    for platform in platforms::all() {
        assert_eq!(findings(&platform.output()), Vec::<String>::new(), "{}", platform.name);
    }
    generated::hold_for_all(80, |platform| match findings(&platform.output()).as_slice() {
        [] => Ok(()),
        found => Err(found.join("\n")),
    });
}

/// What stands in the smallest platform beside a raw object.
const PLATFORM: &str = r#"
platform = { name = "shop", kubernetes = "1.35" }
namespaces.core = {}
"#;

/// Raw objects that must be refused: each is right but for one thing.
const WRONG: [(&str, &str); 6] = [
    (
        "an unknown field",
        r#"{ apiVersion = "v1", kind = "ConfigMap", metadata = { name = "a", namespace = "core" }, dada = {} }"#,
    ),
    (
        "a field of another type",
        r#"{ apiVersion = "v1", kind = "ConfigMap", metadata = { name = "a", namespace = "core" }, data = { a = 1 } }"#,
    ),
    (
        "a name that the API server refuses",
        r#"{ apiVersion = "v1", kind = "ConfigMap", metadata = { name = "A_b", namespace = "core" } }"#,
    ),
    (
        "a namespace that is not there",
        r#"{ apiVersion = "v1", kind = "ConfigMap", metadata = { name = "a", namespace = "cor" } }"#,
    ),
    (
        "a Service that selects nothing",
        r#"{ apiVersion = "v1", kind = "Service", metadata = { name = "a", namespace = "core" }, spec = { selector = { app = "b" }, ports = [{ port = 80 }] } }"#,
    ),
    (
        "a backend that is not there",
        r#"{ apiVersion = "networking.k8s.io/v1", kind = "Ingress", metadata = { name = "a", namespace = "core" }, spec = { defaultBackend = { service = { name = "b", port = { number = 80 } } } } }"#,
    ),
];

#[test]
fn what_is_wrong_is_refused_and_nothing_is_written() {
    let passed: Vec<&str> = WRONG
        .into_iter()
        .filter(|(_, object)| {
            let text = format!("{PLATFORM}\n[[resources]]\nobject = {object}\n");
            let output =
                compile(&MemoryHost::default().with_file("platform.toml", text), &Request::default());
            findings(&output).is_empty()
        })
        .map(|(what, _)| what)
        .collect();
    assert_eq!(passed, Vec::<&str>::new(), "these passed");
}
