//! `net-ingress-tls`: each host of an Ingress is served over TLS.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "net-ingress-tls", Warning,
    means: "A host of an Ingress is in none of its `tls` entries.",
    matters: "What is sent, passwords included, can be read on the way.",
    example: "rules: [{ host: app.example.com }]",
    instead: "tls: [{ hosts: [app.example.com], secretName: app-tls }]\nrules: [{ host: app.example.com }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    // Controllers serve a host with the certificate that any Ingress of their class brings for it.
    let mut brought: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for spec in scene.of_kind("Ingress").filter_map(Subject::spec) {
        let hosts = spec.items("tls").iter().flat_map(|entry| entry.texts("hosts"));
        brought.entry(spec.text_or_empty("ingressClassName")).or_default().extend(hosts);
    }
    for ingress in scene.of_kind("Ingress") {
        let Some(spec) = ingress.spec() else { continue };
        let shared = brought.get(spec.text_or_empty("ingressClassName"));
        check_one(ingress, spec, shared, found);
    }
}

fn check_one<'a>(
    ingress: &Subject<'a>,
    spec: &'a Value,
    shared: Option<&BTreeSet<&str>>,
    found: &mut Findings<'a>,
) {
    let all = spec.items("tls").iter().any(|entry| entry.items("hosts").is_empty());
    for rule in spec.items("rules") {
        let host = rule.text_or_empty("host");
        let parent = host.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        let names = [Some(host), parent.as_deref()];
        let covered =
            all || names.into_iter().flatten().any(|name| shared.is_some_and(|it| it.contains(name)));
        if !covered && !is_own_machine(host) {
            let message = if host.is_empty() {
                "the rule is served without TLS".to_owned()
            } else {
                format!("`{host}` is served without TLS")
            };
            found.of(ingress.index).add(&CODE, place(rule), message);
        }
    }
}

/// What never leaves the machine (RFC 6761) has nobody to listen, and nobody to sign a certificate for it.
fn is_own_machine(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

fn place(rule: &Value) -> (&Value, &'static str) {
    (rule, "host")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, finds_of, passes};

    #[test]
    fn hosts_have_tls() {
        advises(&CODE, "Ingress", "spec.tls: ~absent", "spec.rules[0].host");
        advises(&CODE, "Ingress", "spec.tls[0].hosts: [other.example.com]", "spec.rules[0].host");
        passes(&CODE, "Ingress", "spec.tls[0].hosts: ['*.example.com']");
        passes(&CODE, "Ingress", "spec.tls: ~absent\nspec.rules[0].host: localhost");
        let other = "{fixture: Ingress, edits: \"metadata.name: other\\nspec.tls: ~absent\"}";
        finds_of(&CODE, &format!("{{fixture: Ingress}}\n---\n{other}"), &[]);
    }
}
