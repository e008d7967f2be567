//! `net-ingress-tls`: each host of an Ingress is served over TLS.

use serde_json::Value;

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-ingress-tls", Warning,
    means: "A host of an Ingress is in none of its `tls` entries.",
    matters: "What is sent, passwords included, can be read on the way.",
    example: "rules: [{ host: app.example.com }]",
    instead: "tls: [{ hosts: [app.example.com], secretName: app-tls }]\nrules: [{ host: app.example.com }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Ingress") else { return };
    let tls = spec.items("tls");
    for rule in spec.items("rules") {
        let host = rule.text_or_empty("host");
        let covered = tls.iter().any(|entry| {
            entry.items("hosts").is_empty() || entry.texts("hosts").any(|name| covers(name, host))
        });
        if !covered {
            let message = if host.is_empty() {
                "the rule is served without TLS".to_owned()
            } else {
                format!("`{host}` is served without TLS")
            };
            found.add(&CODE, place(rule), message);
        }
    }
}

/// A wildcard stands for one label.
fn covers(name: &str, host: &str) -> bool {
    let wild = name.strip_prefix("*.").zip(host.split_once('.'));
    name == host || wild.is_some_and(|(name, (_, rest))| name == rest)
}

fn place(rule: &Value) -> (&Value, &'static str) {
    (rule, "host")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn hosts_have_tls() {
        advises(&CODE, "Ingress", "spec.tls: ~absent", "spec.rules[0].host");
        advises(&CODE, "Ingress", "spec.tls[0].hosts: [other.example.com]", "spec.rules[0].host");
        passes(&CODE, "Ingress", "spec.tls[0].hosts: ['*.example.com']");
    }
}
